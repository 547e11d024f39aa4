"""What Redis keeps about a person: links, addresses, in-app items, and how deliveries to them ended."""

import asyncio
import time
from collections.abc import Collection
from typing import Any

import msgspec
from redis.asyncio import Redis

from processors.commands import Command
from sinks.addresses import AddressBook
from sinks.delivery_record import KEEP_S, Ending
from sinks.inbox import Inbox
from streams.privacy.people import Person

# An end that says nothing but that it has one: deleted, a command that is read again would be delivered again.
ERASED = Ending("recalled", "erased", told=True)
_BARE = msgspec.json.encode(ERASED)
# In one step, so that nobody claims a command between the look and the end.
_END = """
local held = redis.call('get', KEYS[1])
if held and string.sub(held, 1, 1) ~= '[' then return 0 end
if held and ARGV[3] == '1' and cjson.decode(held)[4] ~= true then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('del', KEYS[2])
return 1
"""
BATCH = 500  # keys asked for at once
LOOK_S = 0.2  # between two looks at what is being delivered


class KeptInRedis:
    """A person's part of the store. All methods raise `RedisError` where it does not answer."""

    def __init__(self, redis: Redis, app: str) -> None:
        self._redis, self._app = redis, app
        self._book, self._inbox = AddressBook(redis, app), Inbox(redis, app)

    async def found(self, person: Person, commands: Collection[Command]) -> dict[str, int]:
        """Count what is there, by kind."""
        addresses = [self._book.key(key) for key in person.keys]
        ends = await self._ends([command.id for command in commands])
        return {
            "identities": len(person.links) + len(person.addresses),
            "addresses": sum([await self._redis.hlen(key) for key in addresses]),
            "inbox": sum([await self._redis.hlen(key) for key in self._inboxes(person)])
            + len(await self._elsewhere(person, commands)),
            "deliveries": sum(held != _BARE for held in ends.values()),
        }

    async def end(self, commands: Collection[Command], wait_s: float) -> int:
        """End what waits, so that nobody delivers it any more; return of how many something was kept.

        What is being delivered at this moment, or of which the outcome is on its way, is waited for: it would put an item into
        an inbox that is empty already. A claim that outlasts the wait stays; it is found, and erased, by the next run.
        """
        left, ended, until = {command.id for command in commands}, 0, time.monotonic() + wait_s
        while True:
            last = time.monotonic() >= until
            held = await self._ends(left)
            for command in sorted(left):
                if held.get(command) == _BARE or await self._end(command, patient=not last):
                    ended += held.get(command, _BARE) != _BARE
                    left.discard(command)
            if last or not left:
                return ended
            await asyncio.sleep(LOOK_S)

    async def erase(self, person: Person, commands: Collection[Command], wait_s: float) -> None:
        """Delete what is there, deliveries first: see `end`."""
        await self.end(commands, wait_s)
        for target, ids in (await self._elsewhere(person, commands)).items():
            await self._inbox.withdraw(target, ids)
        for key in person.keys:
            await self._inbox.clear(key)
            await self._book.forget(key)
        names = [f"{self._app}:identity:{key}" for key in person.links] + [name.decode() for name in person.addresses]
        if names:
            await self._redis.delete(*names)

    async def export(self, person: Person, commands: Collection[Command]) -> dict[str, Any]:
        """Return what is there, readable."""
        book: dict[str, Any] = {key: await self._redis.hgetall(self._book.key(key)) for key in person.keys}
        inbox = [await self._redis.hvals(key) for key in self._inboxes(person)]
        return {
            "identities": {key: msgspec.to_builtins(_link(link)) for key, link in person.links.items()},
            "verified_addresses": len(person.addresses),  # kept as keyed hashes: nobody can read them
            "addresses": {key: _plain(found) for key, found in book.items() if found},
            "in_app": [msgspec.json.decode(one) for items in inbox for one in items],
            "deliveries": {
                command: msgspec.to_builtins(msgspec.json.decode(held, type=Ending), str_keys=True)
                for command, held in (await self._ends([command.id for command in commands])).items()
                if held.startswith(b"[")
            },
        }

    def _inboxes(self, person: Person) -> list[str]:
        return [f"{self._app}:inbox:{key}" for key in person.keys]

    async def _elsewhere(self, person: Person, commands: Collection[Command]) -> dict[str, list[str]]:
        """Return the items shown in places, by target, that were made for this person."""
        found: dict[str, list[str]] = {}
        for command in commands:
            if command.target not in person.keys and await self._redis.hexists(
                f"{self._app}:inbox:{command.target}", command.id
            ):
                found.setdefault(command.target, []).append(command.id)
        return found

    async def _ends(self, commands: Collection[str]) -> dict[str, bytes]:
        names, found = list(commands), dict[str, bytes]()
        for at in range(0, len(names), BATCH):
            part = names[at : at + BATCH]
            held: Any = await self._redis.mget([self._name(one) for one in part])
            found |= {name: one for name, one in zip(part, held, strict=True) if one is not None}
        return found

    async def _end(self, command: str, *, patient: bool) -> bool:
        """Put the bare end where nothing is or an end was; False where it is under way, for the `patient` also an end that is not told."""
        name = self._name(command)
        done = await self._redis.eval(_END, 2, name, f"{name}:begun", _BARE, str(KEEP_S), "1" if patient else "0")
        return bool(done)

    def _name(self, command: str) -> str:
        return f"{self._app}:delivery:{command}"


def _link(link: Any) -> dict[str, Any]:
    return {"member": link.member, "proof": link.proof, "since": link.at, "confidence": link.confidence}


def _plain(found: dict[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in found.items()}
