"""API keys on a real Redis: made once, kept as hashes, remembered for a while, gone soon after they are removed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from streams.gateway.api_keys import REMEMBERED_S, ApiKeys
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect

pytestmark = pytest.mark.integration
NOBODY = "redis://127.0.0.1:1/0"


def with_keys(url: str, work: Callable[[ApiKeys, list[float]], Coroutine[Any, Any, None]]) -> None:
    """Run with keys and a clock that stands until it is moved."""

    async def run() -> None:
        redis, now = connect(url), [0.0]
        try:
            await work(ApiKeys(redis, "keys-test", lambda: now[0]), now)
        finally:
            await redis.delete("keys-test:gateway:keys") if url != NOBODY else None
            await redis.aclose()

    asyncio.run(run())


def test_a_key_opens_until_it_is_removed(redis_url: str) -> None:
    """What was verified is remembered, and forgotten in time; the store never holds the secret."""

    async def work(keys: ApiKeys, now: list[float]) -> None:
        made, text = await keys.add("shop", "town", 10, 5.0)
        found = await keys.verify(text)
        assert (found.id, found.community, found.rate) == (made.id, "town", 10)
        assert text.split("_", 2)[2] not in str(await keys.all())
        assert await keys.remove(made.id)
        assert (await keys.verify(text)).id == made.id  # remembered
        now[0] = REMEMBERED_S + 1
        with pytest.raises(RefusedError) as told:
            await keys.verify(text)
        assert (told.value.status, told.value.reason) == (401, "key")
        assert not await keys.remove(made.id)

    with_keys(redis_url, work)


def test_many_at_once_wait_for_one_look(redis_url: str) -> None:
    """A new process under load must not take its own senders for a flood."""

    async def work(keys: ApiKeys, now: list[float]) -> None:
        _made, text = await keys.add("shop", "town", 10, 5.0)
        for _ in range(2):  # the second time what was known has just grown old
            found = await asyncio.gather(*(keys.verify(text) for _ in range(200)))
            assert {key.community for key in found} == {"town"}
            now[0] += REMEMBERED_S + 1

    with_keys(redis_url, work)


def test_what_is_no_key_opens_nothing(redis_url: str) -> None:
    """Another secret, another id, another shape, bytes that are no text."""

    async def work(keys: ApiKeys, _now: list[float]) -> None:
        _made, text = await keys.add("shop", "town", 10, 5.0)
        for wrong in (
            text[:-1] + ("A" if text[-1] != "A" else "B"),
            text[:10] + "0" * 8 + text[18:],
            text + "x",
            "",
            "lotse_",
            "\udcff",
        ):
            with pytest.raises(RefusedError) as told:
                await keys.verify(wrong)
            assert told.value.status == 401
            assert text not in told.value.message

    with_keys(redis_url, work)


def test_without_the_store_known_keys_open_for_a_while_and_others_come_again() -> None:
    """A store that is away must not be taken for a wrong key."""

    async def work(keys: ApiKeys, _now: list[float]) -> None:
        with pytest.raises(RefusedError) as told:
            await keys.verify("lotse_" + "0" * 12 + "_" + "a" * 43)
        assert (told.value.status, told.value.reason) == (503, "store_away")

    with_keys(NOBODY, work)
