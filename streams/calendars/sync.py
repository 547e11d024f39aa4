"""Keeps a calendar announced: what comes near is told to its community, once, however often this runs."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import aiohttp
import redis
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.events import Event
from streams.calendars.events import CALENDAR_MAX
from streams.codec import Codec
from streams.errors import UNREACHABLE, UserError
from streams.servers import broker_access, store_access
from streams.servers.log_reader import probe
from streams.settings import Settings
from streams.topics import ANNOUNCEMENTS

FETCH_S, ACKNOWLEDGED_S, STORE_S = 30.0, 20.0, 5.0
KEPT_S = 400 * 86400  # what was told is remembered for longer than a calendar looks ahead
SCHEMES = ("http://", "https://", "webcal://")


def content_of(place: str) -> bytes:
    """Return a calendar's bytes, from an address or a file. Raises `UserError`."""
    if place.startswith(SCHEMES):
        return asyncio.run(_fetched(place.replace("webcal://", "https://", 1)))
    path = Path(place)
    try:
        if path.stat().st_size > CALENDAR_MAX:
            raise UserError(f"{place}: larger than {CALENDAR_MAX >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{place}: cannot be read ({error.strerror})") from None


async def _fetched(url: str) -> bytes:
    shown = url.partition("?")[0]  # what follows may be a secret
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(FETCH_S), auto_decompress=True) as session,
            session.get(url, max_redirects=5) as answer,
        ):
            if answer.status != 200:
                raise UserError(f"{shown}: answered {answer.status}", UNREACHABLE)
            found = bytearray()
            async for piece in answer.content.iter_chunked(64 << 10):
                found += piece
                if len(found) > CALENDAR_MAX:
                    raise UserError(f"{shown}: larger than {CALENDAR_MAX >> 20} MiB")
            return bytes(found)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UserError(f"{shown}: not reached ({type(error).__name__})", UNREACHABLE) from None


class Told:
    """Which announcements were told, in Redis. Raises `UserError` without it."""

    def __init__(self, settings: Settings) -> None:
        if not settings.redis:
            raise UserError(
                "LOTSE_REDIS: what was announced is remembered in Redis; set its URL, or look with --dry-run"
            )
        self._redis = redis.Redis.from_url(
            settings.redis,
            **store_access.options(settings.redis),
            socket_timeout=STORE_S,
            socket_connect_timeout=STORE_S,
        )
        self._prefix = f"{settings.app}:calendar"

    def fresh(self, events: Sequence[Event]) -> list[Event]:
        """Return those that were not told yet."""
        try:
            known = self._redis.mget([self._name(event) for event in events]) if events else []
        except redis.RedisError as error:
            raise _no_store(error) from None
        return [event for event, before in zip(events, known, strict=True) if before is None]

    def note(self, events: Sequence[Event]) -> None:
        """Remember that these were told."""
        try:
            for event in events:
                self._redis.set(self._name(event), b"1", ex=KEPT_S)
        except redis.RedisError as error:
            raise _no_store(error) from None

    def _name(self, event: Event) -> str:
        return f"{self._prefix}:{event.id}"


def announce(settings: Settings, events: Sequence[Event]) -> None:
    """Write announcements and wait until they are acknowledged. Raises `UserError`.

    To die between this and `Told.note` tells them again, under the same ids, which the announcement stage ignores.
    """
    codec = Codec(settings.control())
    probe(settings.bootstrap)
    try:
        with closing(KafkaProducer(**broker_access.options(settings.bootstrap), acks="all")) as producer:
            sent = [
                producer.send(ANNOUNCEMENTS, key=one.key.encode(), value=codec.encode(one, "/calendar"))
                for one in events
            ]
            for one in sent:
                one.get(ACKNOWLEDGED_S)
    except KafkaError as error:
        raise UserError(
            f"the broker did not take the announcements ({type(error).__name__}): run it again", UNREACHABLE
        ) from None


def _no_store(error: Exception) -> UserError:
    return UserError(f"no store answers ({type(error).__name__}); is Redis running, is LOTSE_REDIS right?", UNREACHABLE)
