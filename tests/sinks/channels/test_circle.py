"""The Circle channel against a community on loopback."""

import asyncio
from typing import Any

import pytest

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels.circle import CircleChannel
from sinks.message import Composer
from tests.support.addresses import Noted
from tests.support.commands import command, recall
from tests.support.fake_apis import SECRET, FakeCircle
from tests.support.fake_platform import Fault, running

ANN = command(
    member="town/circle:17", channel="direct_message", text="It helps.\n\nTwice.", link="https://example.org/guide"
)
REPLY, PINNED = command(2, channel="thread", thread="42"), command(3, channel="pinned")


def tell(*given: Command, faults: tuple[Fault, ...] = (), failing: str = "", space: int = 5, headless: str = f"{SECRET} headless", expired: bool = False, back: str = "") -> tuple[list[Any], FakeCircle]:  # fmt: skip
    """Deliver commands one after the other, then take back what `back` names; the receipts."""

    async def story() -> tuple[list[Any], FakeCircle]:
        async with running(FakeCircle()) as circle:
            circle.faults, circle.failing = list(faults), failing
            composer = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
            channel = CircleChannel(circle.url, (SECRET, headless), Noted(), composer, "pilot@town.example", space)
            receipts: list[Any] = []
            try:
                for one in given:
                    receipts.append(await channel.deliver(one))
                    circle.tokens = [] if expired else circle.tokens
                receipts += [await channel.withdraw(recall(PINNED), back) for _ in range(2) if back]
            finally:
                await channel.close()
            return receipts, circle

    return asyncio.run(story())


def test_a_direct_message_is_written_by_the_bot() -> None:
    """A token for the bot, a room with the member, a document of text nodes and links; the token is kept."""
    receipts, circle = tell(ANN, ANN)
    assert [one.result for one in receipts] == ["delivered", "delivered"]
    assert circle.paths().count("/api/v1/headless/auth_token") == 1
    path, body = circle.seen[0]
    assert path == "/api/headless/v1/messages/room-1/chat_room_messages"
    content = body["rich_text_body"]["body"]["content"]
    assert {one["type"] for one in content} == {"paragraph"}
    assert [one["content"][0]["text"] for one in content][:4] == ["A guide", "It helps.", "Twice.", "Open"]


def test_a_token_that_is_over_is_asked_for_again() -> None:
    """It lasts an hour."""
    receipts, circle = tell(ANN, ANN, expired=True)
    assert [one.result for one in receipts] == ["delivered", "delivered"]
    assert circle.paths().count("/api/v1/headless/auth_token") == 2


def test_comments_and_posts_go_by_the_admin_api_and_can_be_taken_back() -> None:
    """A comment is one line; a post is pinned in its space."""
    receipts, circle = tell(REPLY, PINNED, back="posts:2")
    assert [one.remote for one in receipts[:2]] == ["comments:1", "posts:2"]
    assert [one.result for one in receipts] == ["delivered"] * 4
    assert circle.seen[0][1]["post_id"] == 42
    assert "\n" not in circle.seen[0][1]["body"]
    assert circle.seen[1] is None


@pytest.mark.parametrize(
    ("given", "more", "detail"),
    [
        (command(channel="direct_message"), {}, "no_address"),
        (command(channel="thread", thread="x"), {}, "no_thread"),
        (PINNED, {"space": 0}, "no_place"),
        (ANN, {"headless": "wrong"}, "401"),
    ],
)
def test_what_cannot_be_delivered_is_final(given: Command, more: dict[str, Any], detail: str) -> None:
    """Before anything is asked, or by the platform's status."""
    assert tell(given, **more)[0] == [Receipt("failed", detail)]


@pytest.mark.parametrize(
    ("fault", "failing", "result"),
    [
        ("429", "/api/headless", "retry"), ("500", "/api/headless/v1/messages/", "unknown"), ("cut", "/api/headless/v1/messages/", "unknown"),
        ("500", "/api/v1", "retry"), ("503", "/api/headless", "retry"),
    ],
)  # fmt: skip
def test_each_fault_says_whether_it_may_have_been_written(fault: Fault, failing: str, result: str) -> None:
    """Before the message itself nothing is in doubt; a 429 asks for a minute."""
    [receipt], _ = tell(
        ANN,
        faults=("", fault) if failing.endswith("s/") else (fault,),
        failing=failing.rstrip("/") if failing.endswith("s/") else failing,
    )
    assert receipt.result == result
    assert receipt.retry_after == (60.0 if fault == "429" else 0.0)
