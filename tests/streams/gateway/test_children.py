"""Children at the doors, on a real Redis: from the moment a platform says so nothing of theirs is written but the year."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from streams.gateway.children import REMEMBERED_S, Children
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect
from tests.support.stories import NOON, event

pytestmark = pytest.mark.integration
SECRET = b"a control key for tests"
ANN, EVE = "town/ann", "town/eve"
BORN = event("profile.changed", 0, birth_year=2015, role="pupil")
WORDS = event("post.created", 1, text="hello")


def with_redis(url: str, work: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
    """Run with a client."""

    async def run() -> None:
        redis = connect(url)
        try:
            await work(redis)
        finally:
            await redis.aclose()

    asyncio.run(run())


def test_words_of_a_child_do_not_pass(redis_url: str) -> None:
    """In the same request and later ones, at another gateway too; others' do; the store names nobody."""

    async def taken(redis: Any) -> None:
        children = Children(redis, "children-one", SECRET, lambda: NOON)
        assert await children.without([WORDS], [ANN]) == [WORDS]
        assert await children.without([BORN, WORDS, WORDS], [ANN, ANN, EVE]) == [
            event("profile.changed", 0, birth_year=2015), None, WORDS,
        ]  # fmt: skip
        other = Children(redis, "children-one", SECRET, lambda: NOON)
        assert await other.without([WORDS, WORDS], [ANN, EVE]) == [None, WORDS]
        assert b"ann" not in b"".join(await redis.smembers("children-one:children"))

    with_redis(redis_url, taken)


def test_who_is_no_child_after_all_passes_again(redis_url: str) -> None:
    """The platform says another year; other gateways know within half a minute."""

    async def taken(redis: Any) -> None:
        now = NOON
        first = Children(redis, "children-two", SECRET, lambda: now)
        second = Children(redis, "children-two", SECRET, lambda: now)
        await first.without([BORN], [ANN])
        assert await second.without([WORDS], [ANN]) == [None]
        grown = event("profile.changed", 2, birth_year=1990)
        assert await first.without([grown, WORDS], [ANN, ANN]) == [grown, WORDS]
        assert await second.without([WORDS], [ANN]) == [None]
        now += REMEMBERED_S + 1
        assert await second.without([WORDS], [ANN]) == [WORDS]

    with_redis(redis_url, taken)


def test_without_the_store_nothing_is_guessed() -> None:
    """The sender comes again."""

    async def taken(redis: Any) -> None:
        with pytest.raises(RefusedError):
            await Children(redis, "children-three", SECRET).without([WORDS], [ANN])

    with_redis("redis://127.0.0.1:1/0", taken)
