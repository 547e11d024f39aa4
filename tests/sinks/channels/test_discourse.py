"""The Discourse channel against a forum on loopback, and each request against Discourse's published description."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import jsonschema
import orjson
import pytest

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels.discourse import DiscourseChannel
from sinks.message import Composer
from sinks.platforms import http
from sinks.platforms.discourse import DiscourseApi
from tests.support.addresses import Noted
from tests.support.commands import command, recall
from tests.support.fake_discourse import BOT, KEY, FakeDiscourse
from tests.support.fake_platform import Asked, Fault, running
from tests.support.shared_data import requires_payloads, shared_payloads

ACTIONS = ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example")
ANN = command(
    member="town/discourse:17", channel="direct_message", link="https://example.org/guide", not_before=1767225600.0
)
REPLY = command(2, member="town/discourse:17", channel="thread", thread="7", not_before=1767225600.0)
PINNED = command(3, member="town/discourse:17", channel="pinned", not_before=1767225600.0)


def run(story: Callable[[FakeDiscourse, DiscourseChannel], Awaitable[Any]], category: int = 5, key: str = KEY) -> Any:
    """Tell a story with a forum and a channel to it."""

    async def whole() -> Any:
        async with running(FakeDiscourse()) as forum:
            channel = DiscourseChannel(DiscourseApi(forum.url, key, BOT), Noted(), Composer(ACTIONS), category)
            try:
                return await story(forum, channel)
            finally:
                await channel.close()

    return asyncio.run(whole())


def deliver(given: Command, *faults: Fault, failing: str = "/posts", **more: Any) -> tuple[Receipt, FakeDiscourse]:
    """Deliver once."""

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> tuple[Receipt, FakeDiscourse]:
        forum.faults, forum.failing = list(faults), failing
        return await channel.deliver(given), forum

    done: tuple[Receipt, FakeDiscourse] = run(story, **more)
    return done


def test_a_private_message_goes_to_the_user_by_name() -> None:
    """Text, link, answers as links to signed pages, why it came, and what it can be found by."""
    receipt, forum = deliver(ANN)
    [sent] = forum.seen
    assert receipt == Receipt("delivered", "200", remote="topic:8")
    assert (sent["target_recipients"], sent["archetype"], sent["title"]) == ("ann", "private_message", "A guide")
    tokens = ACTIONS.tokens(ANN)
    assert f"](https://town.example/r/{tokens['open']})" in sent["raw"]
    assert f"](https://town.example/a/{tokens['stop_kind']})" in sent["raw"]
    assert "you asked" in sent["raw"]
    assert sent["raw"].endswith("<!-- lotse:c1 -->")


def test_a_reply_stands_in_its_topic_without_answers() -> None:
    """Others read along."""
    receipt, forum = deliver(REPLY)
    assert (receipt.remote, forum.seen[0]["topic_id"]) == ("post:1000", 7)
    assert "/a/" not in forum.seen[0]["raw"]


@pytest.mark.parametrize(("category", "remote"), [(5, "topic:8"), (0, "banner:8")])
def test_what_is_pinned_is_a_pinned_topic_or_the_banner_and_goes_when_it_is_recalled(
    category: int, remote: str
) -> None:
    """Asked for once more it is gone all the same; found by its id where its number is not known."""

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> None:
        receipt = await channel.deliver(PINNED)
        assert receipt.remote == remote
        assert forum.topics[8].get("pinned", False) == bool(category)
        assert forum.banner == (None if category else 8)
        for known in (receipt.remote, receipt.remote):
            gone = await channel.withdraw(recall(PINNED), known)
            assert gone is not None
            assert gone.result == "delivered"
        assert (forum.topics[8]["deleted"], forum.banner) == (True, None)
        assert await channel.withdraw(recall(ANN), "topic:9") is None

    run(story, category)


def test_a_pinned_topic_without_a_known_number_is_found_and_taken_back() -> None:
    """As after a crash between making it and noting it."""

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> None:
        assert await channel.withdraw(recall(PINNED), "") is None
        await channel.deliver(PINNED)
        await channel.withdraw(recall(PINNED), "")
        assert forum.topics[8]["deleted"]

    run(story)


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (command(channel="direct_message"), "no_address"),
        (command(channel="direct_message", member="town/discourse:99"), "404"),
        (command(channel="direct_message", member="town/discourse:nobody"), "422"),
        (command(channel="thread", thread="chat_7"), "no_thread"),
        (command(channel="thread", thread="99"), "403"),
    ],
)
def test_what_the_forum_cannot_deliver_is_final(given: Command, detail: str) -> None:
    """With the status, never with its words."""
    assert deliver(given)[0] == Receipt("failed", detail)


def test_a_wrong_key_is_final() -> None:
    """Trying again would not help."""
    assert deliver(ANN, key="wrong")[0] == Receipt("failed", "403")


@pytest.mark.parametrize(
    ("fault", "result", "wait"),
    [("429", "retry", 33.0), ("503", "retry", 0.0), ("500", "unknown", 0.0), ("hang", "unknown", 0.0), ("cut after", "unknown", 0.0)],
)  # fmt: skip
def test_each_fault_says_whether_it_may_have_been_written(
    fault: Fault, result: str, wait: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 429 says how long in its body."""
    monkeypatch.setattr(http.HttpClient.__init__, "__defaults__", (0.3,))
    receipt, _ = deliver(ANN, fault)
    assert (receipt.result, receipt.retry_after) == (result, wait)


def test_a_fault_before_anything_is_written_leaves_no_doubt() -> None:
    """The user's name was asked for only."""
    assert deliver(ANN, "500", failing="/admin")[0].result == "retry"


@pytest.mark.parametrize("external", [True, False])
@pytest.mark.parametrize("given", [ANN, REPLY, PINNED])
def test_what_was_written_is_found_again(given: Command, external: bool) -> None:
    """By its id, or by its mark among what the bot wrote since; another message of the same title is not taken for it."""

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> None:
        forum.external = external
        await channel.deliver(
            command(9, **{name: getattr(given, name) for name in ("member", "channel", "thread", "not_before")})
        )
        before = len(forum.seen)
        assert await channel.find(given) is None
        forum.faults, forum.failing = ["cut after"], "/posts.json"
        assert (await channel.deliver(given)).result == "unknown"
        found = await channel.find(given)
        assert found is not None
        assert (found.result, len(forum.seen)) == ("delivered", before + 1)
        assert forum.topics[max(forum.topics)].get("pinned", False) == (given is PINNED)

    run(story)


def test_a_long_topic_is_looked_through_at_its_end() -> None:
    """Its answer holds the first posts only."""

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> None:
        forum.topics[7]["posts"] = [
            {"id": number, "username": "ann", "raw": "words", "created_at": "2026-01-01T00:00:00Z"}
            for number in range(60)
        ]
        await channel.deliver(REPLY)
        found = await channel.find(REPLY)
        assert found is not None
        assert found.remote == "post:1060"

    run(story)


@requires_payloads()
def test_each_request_is_one_that_discourse_publishes() -> None:
    """Path, method and body after openapi.json, with the two banner paths that it leaves out."""
    asked: list[Asked] = []

    async def story(forum: FakeDiscourse, channel: DiscourseChannel) -> None:
        for given in (ANN, REPLY, PINNED):
            await channel.deliver(given)
            await channel.find(given)
        forum.external = False
        await channel.deliver(command(8, **{name: getattr(ANN, name) for name in ("member", "channel", "not_before")}))
        await channel.find(command(8, **{name: getattr(ANN, name) for name in ("member", "channel", "not_before")}))
        await channel.withdraw(recall(PINNED), "topic:9")
        await channel.withdraw(recall(REPLY), "post:1000")
        asked.extend(forum.asked)

    run(story)
    described = orjson.loads((shared_payloads() / "discourse" / "openapi" / "openapi.json").read_bytes())["paths"]
    patterns = {re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))): path for path in described}
    assert len({one.path for one in asked}) > 8
    for one in asked:
        path = next(
            (
                path
                for pattern, path in sorted(patterns.items(), key=lambda pair: "{" in pair[1])
                if pattern.fullmatch(one.path)
            ),
            None,
        )
        assert path is not None, one.path
        operation = described[path].get(one.method.lower())
        assert operation is not None, (one.method, one.path)
        if one.method in ("POST", "PUT"):
            jsonschema.validate(one.body, operation["requestBody"]["content"]["application/json"]["schema"])
