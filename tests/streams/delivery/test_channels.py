"""Channels made from settings: what is missing or wrong is said with its name."""

import asyncio

import pytest
from redis.asyncio import Redis

from sinks.channels import CHANNELS
from streams.delivery.channels import MAKERS, in_use, open_channels
from streams.errors import UserError
from streams.settings import Settings

KEY = "a control key for tests"


def test_every_channel_has_a_maker() -> None:
    """What is listed can be used."""
    assert set(MAKERS) == set(CHANNELS)


@pytest.mark.parametrize(
    ("channels", "asked", "home", "names"),
    [
        ("", [], "console", ["console"]),
        ("", ["webhook", "slack"], "webhook", ["webhook", "slack"]),
        ("slack, webhook", [], "slack", ["slack", "webhook"]),
        ("slack,webhook", ["webhook"], "slack", ["webhook"]),
    ],
)
def test_a_process_runs_all_channels_or_those_asked_for(
    channels: str, asked: list[str], home: str, names: list[str]
) -> None:
    """Where commands go is the same in all processes."""
    router, found = in_use(Settings(channels=channels), asked)
    assert (router.home, found) == (home, names)


@pytest.mark.parametrize(
    ("channels", "asked", "said"),
    [
        ("slak", [], r"LOTSE_CHANNELS: no channel 'slak'; did you mean slack\? There are circle, console"),
        ("", ["webhoook"], r"--channel: no channel 'webhoook'; did you mean webhook\?"),
        ("", ["fax"], "no channel 'fax'"),
        ("slack,slack", [], "twice"),
        ("slack", ["webhook"], "not in LOTSE_CHANNELS"),
    ],
)
def test_a_wrong_name_is_said(channels: str, asked: list[str], said: str) -> None:
    """Before anything starts."""
    with pytest.raises(UserError, match=said):
        in_use(Settings(channels=channels), asked)


@pytest.mark.parametrize("name", [name for name in CHANNELS if name != "console"])
def test_what_is_missing_is_named(name: str) -> None:
    """With the settings to set."""

    async def story() -> None:
        redis = Redis.from_url("redis://127.0.0.1:1/0")
        with pytest.raises(UserError, match=f"the {name} channel needs LOTSE_"):
            open_channels([name], Settings(control_key=KEY), redis)
        await redis.aclose()

    asyncio.run(story())
