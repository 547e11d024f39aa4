"""What Redis keeps about a person: links, addresses, in-app items, and how deliveries to them ended."""

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
BATCH = 500  # keys asked for at once


class KeptInRedis:
    """A person's part of the store. All methods raise `RedisError` where it does not answer."""

    def __init__(self, redis: Redis, app: str) -> None:
        self._redis, self._app = redis, app
        self._book, self._inbox = AddressBook(redis, app), Inbox(redis, app)

    async def found(self, person: Person, commands: Collection[Command]) -> dict[str, int]:
        """Count what is there, by kind."""
        addresses = [self._book.key(key) for key in person.keys]
        ends = await self._ends(commands)
        return {
            "identities": len(person.links) + len(person.addresses),
            "addresses": sum([await self._redis.hlen(key) for key in addresses]),
            "inbox": sum([await self._redis.hlen(key) for key in self._inboxes(person)])
            + len(await self._elsewhere(person, commands)),
            "deliveries": sum(not _is_erased(held) for held in ends.values()),
        }

    async def erase(self, person: Person, commands: Collection[Command]) -> None:
        """Delete what is there. A command that waits is ended: nobody delivers it any more.

        One that is being delivered at this moment keeps its claim; it is found, and erased, by the next run.
        """
        for target, ids in (await self._elsewhere(person, commands)).items():
            await self._inbox.withdraw(target, ids)
        for key in person.keys:
            await self._inbox.clear(key)
            await self._book.forget(key)
        names = [f"{self._app}:identity:{key}" for key in person.links] + [name.decode() for name in person.addresses]
        if names:
            await self._redis.delete(*names)
        for command in commands:
            await self._end(command.id)

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
                for command, held in (await self._ends(commands)).items()
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

    async def _ends(self, commands: Collection[Command]) -> dict[str, bytes]:
        names, found = [command.id for command in commands], dict[str, bytes]()
        for at in range(0, len(names), BATCH):
            part = names[at : at + BATCH]
            held: Any = await self._redis.mget([self._name(one) for one in part])
            found |= {name: one for name, one in zip(part, held, strict=True) if one is not None}
        return found

    async def _end(self, command: str) -> None:
        """Put the bare end in the place of what is there, but for a claim; and where nothing is, so that nothing will be sent."""
        held: Any = await self._redis.get(self._name(command))
        if held is None:
            await self._redis.set(self._name(command), msgspec.json.encode(ERASED), nx=True, ex=KEEP_S)
        elif held.startswith(b"["):
            await self._redis.set(self._name(command), msgspec.json.encode(ERASED), ex=KEEP_S)
        else:
            return
        await self._redis.delete(f"{self._name(command)}:begun")

    def _name(self, command: str) -> str:
        return f"{self._app}:delivery:{command}"


def _is_erased(held: bytes) -> bool:
    return held == msgspec.json.encode(ERASED)


def _link(link: Any) -> dict[str, Any]:
    return {"member": link.member, "proof": link.proof, "since": link.at, "confidence": link.confidence}


def _plain(found: dict[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in found.items()}
