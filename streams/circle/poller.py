"""Asks Circle for what is new, and sends it to the gateway's door as any platform would: signed in, mapped, acknowledged.

How far it has read is in Redis and moves on only behind what the gateway has acknowledged, so that a kill costs no more than a
page read twice, which gives the same ids.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from sinks.addresses import AddressBook
from sinks.platforms.http import Answer, HttpClient
from streams.circle.pages import PER_PAGE, Progress, read_page, resumed
from streams.circle.quota import GAP_S, Quota, pause
from streams.errors import UNREACHABLE, UserError
from streams.gateway.reading import fields, identifier

# A list of the Admin API v2: its path, the name of the event that each of its records is, and what it is asked with.
LISTS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "members": ("/community_members", "member_joined", {"status": "active"}),
    "posts": ("/posts", "post_created", {"status": "published", "sort": "latest"}),
    "comments": ("/comments", "comment_created", {}),
}
BUSY_S, BUSY_MAX_S = 60.0, 900.0  # Circle says of 429 no more than: wait
TRIES = 8  # of one request, with pauses that double: about an hour
REFUSED = frozenset({401, 403, 404})
TAKEN, TOO_LARGE, UNREADABLE = 200, 413, 422
ANSWER_MAX = 64 << 20  # bytes of a page: a hundred posts with their bodies
log = logging.getLogger("lotse.circle")


class Done(NamedTuple):
    """What a round gave: events written, records that meant nothing, whether the month's requests are spent."""

    events: int = 0
    passed_over: int = 0
    spent: bool = False


class _SpentError(Exception):
    """The month's requests are spent."""


class Poller:
    """One community. `door` is the whole address of the gateway's door, `secret` what opens it."""

    def __init__(
        self,
        circle: HttpClient,
        door: HttpClient,
        redis: Redis,
        prefix: str,
        quota: Quota,
        community: str,
        *,
        since: float,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._circle, self._door, self._redis, self._quota = circle, door, redis, quota
        self._name, self._since = f"{prefix}:circle:read:{community}", since
        self._addresses, self._community = AddressBook(redis, prefix), community
        self._clock, self._sleep = clock, sleep

    async def run(self, what: tuple[str, ...], ended: Callable[[], bool] = lambda: False) -> None:
        """Poll until told to end, spread over the month. Raises `UserError` where Circle or the door refuse us."""
        while not ended():
            done, now = await self.round(what), self._clock()
            wait = pause(now, await self._quota.left(now), len(what))
            log.info("polled", extra={**done._asdict(), "next_s": round(wait)})
            await self._sleep(wait)

    async def round(self, what: tuple[str, ...]) -> Done:
        """Read what is new in each of these lists. Raises `UserError`."""
        done = Done()
        try:
            for name in what:
                done = await self._list(name, done)
        except _SpentError:
            log.warning("the requests of this month are spent (LOTSE_CIRCLE_MONTH %d)", self._quota.allowed)
            return done._replace(spent=True)
        return done

    async def _list(self, name: str, done: Done) -> Done:
        path, event, query = LISTS[name]
        kept = await self._redis.hget(self._name, name)
        progress = msgspec.json.decode(kept, type=Progress) if kept else Progress(until=self._since)
        progress = resumed(progress)
        while True:
            asked = {**query, "page": str(progress.asks), "per_page": str(PER_PAGE)}
            answer = await self._ask(path, asked)
            read = read_page(progress, answer.body)
            told = await self._tell([{"event": event, "data": one} for one in read.fresh])
            if name == "members":
                await self._note(read.fresh)
            progress = read.progress
            await self._redis.hset(self._name, name, msgspec.json.encode(progress))
            done = Done(done.events + told, done.passed_over + len(read.fresh) - told + read.unread)
            if not progress.page:
                return done

    async def _ask(self, path: str, query: Mapping[str, str]) -> Answer:
        """Return a page. What may pass is waited for, in doubling pauses."""
        for number in range(TRIES):
            now = self._clock()
            if not await self._quota.take(now):
                raise _SpentError
            answer = await self._circle.request("GET", path, params=query)
            await self._sleep(GAP_S)
            if answer.ok and isinstance(answer.body, dict) and isinstance(answer.body.get("records"), list):
                return answer
            if answer.status in REFUSED:
                raise _refused(answer.status, path)
            if answer.status == 0 or answer.status >= 500:  # not counted by Circle
                await self._quota.give_back(now)
            wait = max(answer.retry_after, min(BUSY_MAX_S, BUSY_S * 2**number))
            log.warning("Circle answered %s for %s; again in %d s", answer.fault or answer.status, path, wait)
            await self._sleep(wait)
        raise UserError(
            f"Circle did not answer {path} in {TRIES} tries; run it again, it goes on from here", UNREACHABLE
        )

    async def _tell(self, records: list[dict[str, Any]]) -> int:
        """Send records to the door until it has taken them; return how many events they gave."""
        for number in range(TRIES if records else 0):
            answer = await self._door.request("POST", "", json=records)
            if answer.status == TAKEN:
                return int(fields(answer.body).get("events") or 0)
            if answer.status == TOO_LARGE and len(records) > 1:
                half = len(records) // 2
                return await self._tell(records[:half]) + await self._tell(records[half:])
            if answer.status in (
                UNREADABLE,
                TOO_LARGE,
            ):  # none of them is what it says; a later try would change nothing
                log.warning("the door refused %d records (%d)", len(records), answer.status)
                return 0
            if answer.status in REFUSED:
                raise UserError(
                    f"the gateway's door answered {answer.status}; is it running, does LOTSE_GATEWAY_SECRETS hold circle=...?"
                )
            await self._sleep(max(answer.retry_after, min(BUSY_MAX_S, 2.0**number)))
        if records:
            raise UserError("the gateway did not take what was read; run it again, it goes on from here", UNREACHABLE)
        return 0

    async def _note(self, members: list[dict[str, Any]]) -> None:
        """Note under which number a member gets direct messages: not that of the user who wrote a post."""
        for one in members:
            user, number = identifier(one.get("user_id")), identifier(one.get("id"))
            if user and number:
                await self._addresses.note(f"{self._community}/circle:{user}", "circle", number)


def _refused(status: int, path: str) -> UserError:
    why = (
        "its plan has no Admin API, or the token is of another type"
        if status == 403
        else "is LOTSE_CIRCLE_TOKEN right?"
    )
    return UserError(f"Circle answered {status} for {path}: expected a token of the type Admin V2; {why}", UNREACHABLE)


def chosen(names: list[str]) -> tuple[str, ...]:
    """Return which lists to read. Raises `UserError`."""
    unknown = sorted(set(names) - set(LISTS))
    if unknown:
        raise UserError(f"--what {', '.join(unknown)}: expected of {', '.join(LISTS)}")
    return tuple(name for name in LISTS if not names or name in names)
