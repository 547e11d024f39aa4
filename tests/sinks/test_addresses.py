"""Where a member can be reached."""

import asyncio

import pytest
from redis.asyncio import Redis

from sinks.addresses import AddressBook


@pytest.mark.integration
def test_a_noted_address_goes_before_the_id_and_can_be_forgotten(redis_url: str) -> None:
    """By kind; nothing of it stays."""

    async def story() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            book = AddressBook(redis, "app")
            assert await book.find("town/slack:U1", "slack") == "U1"
            assert await book.find("town/slack:U1", "email") is None
            await book.note("town/slack:U1", "email", "ann@example.org")
            await book.note("town/slack:U1", "slack", "U9")
            assert await book.find("town/slack:U1", "email") == "ann@example.org"
            assert await book.find("town/slack:U1", "slack") == "U9"
            await book.note("town/slack:U1", "slack", "")
            assert await book.find("town/slack:U1", "slack") == "U1"
            assert await book.forget("town/slack:U1")
            assert not await book.forget("town/slack:U1")
            assert [key async for key in redis.scan_iter("*")] == []
            with pytest.raises(ValueError, match="email"):
                await book.note("town/ann", "phone", "1")

    asyncio.run(story())
