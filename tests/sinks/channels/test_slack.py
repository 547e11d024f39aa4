"""The Slack channel against a workspace on loopback, and each request against Slack's published reference."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels import slack as channel_module
from sinks.channels.slack import SlackChannel
from sinks.message import Composer
from sinks.platforms import http
from tests.support.addresses import Noted
from tests.support.commands import command, recall
from tests.support.fake_platform import Asked, Fault, running
from tests.support.fake_slack import TOKEN, FakeSlack
from tests.support.shared_data import requires_payloads, shared_payloads

ANN = command(
    member="town/slack:U1", target="town/slack:U1", channel="direct_message", link="https://example.org/guide?a=1&b=2"
)
REPLY = command(2, member="town/slack:U1", target="town/#C7:1.5", channel="thread", thread="C7:1.5")
PINNED = command(3, member="town/slack:U1", target="town/#C7:1.5", channel="pinned", thread="C7:1.5")
SHORT = command(4, member="town/slack:U1", channel="in_app", thread="C7:1.5")


ACTIONS = ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example")


def run(story: Callable[[FakeSlack, SlackChannel], Awaitable[Any]], token: str = TOKEN, **more: Any) -> Any:
    """Tell a story with a workspace and a channel to it."""

    async def whole() -> Any:
        async with running(FakeSlack()) as slack:
            channel = SlackChannel(token, Noted(), Composer(more.get("actions", ACTIONS)), "C9", slack.url)
            try:
                return await story(slack, channel)
            finally:
                await channel.close()

    return asyncio.run(whole())


def deliver(given: Command, *faults: Fault, failing: str = "/chat", **more: Any) -> tuple[Receipt, FakeSlack]:
    """Deliver once."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> tuple[Receipt, FakeSlack]:
        slack.faults, slack.failing = list(faults), failing
        return await channel.deliver(given), slack

    done: tuple[Receipt, FakeSlack] = run(story, **more)
    return done


def test_a_direct_message_has_text_link_and_answers() -> None:
    """Plain text in blocks, a button for the link and one for each answer with its signed token, and why it came."""
    receipt, slack = deliver(ANN)
    assert receipt == Receipt("delivered", "200", remote="DU1:1700000000.000100")
    [sent] = slack.seen
    header, section, actions, context = sent["blocks"]
    assert (header["text"]["text"], section["text"]["text"]) == ("A guide", "It helps.")
    buttons = {one["action_id"].removeprefix("lotse:"): one for one in actions["elements"]}
    tokens = ACTIONS.tokens(ANN)
    assert buttons["open"]["url"] == f"https://town.example/r/{tokens['open']}"
    assert buttons["why"]["url"] == f"https://town.example/preferences/{tokens['preferences']}"
    assert {name: one["value"] for name, one in buttons.items() if "value" in one} == {
        name: tokens[name] for name in ("helpful", "not_helpful", "wrong_moment", "snooze_7d", "stop_kind")
    }
    assert "you asked" in context["elements"][0]["text"]
    assert sent["metadata"]["event_payload"] == {"command_id": "c1"}


def test_without_pages_the_link_is_the_resources_own() -> None:
    """Buttons answer by their tokens all the same."""
    _, slack = deliver(ANN, actions=ActionLinks(ActionTokens([b"a key of the tests"]), ""))
    buttons = slack.seen[0]["blocks"][2]["elements"]
    assert [one["url"] for one in buttons if "url" in one] == ["https://example.org/guide?a=1&b=2"]
    assert len(buttons) == 6


def test_the_conversation_is_opened_once() -> None:
    """A further message to the same member asks for no new one."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        await channel.deliver(ANN)
        await channel.deliver(command(9, member="town/slack:U1", channel="direct_message"))
        assert slack.paths() == ["/conversations.open", "/chat.postMessage", "/chat.postMessage"]

    run(story)


def test_a_reply_goes_into_its_thread_and_offers_no_answers() -> None:
    """Others read along: nobody may press for the member; the one button is a link to the public page."""
    _, slack = deliver(REPLY)
    assert (slack.seen[0]["channel"], slack.seen[0]["thread_ts"]) == ("C7", "1.5")
    [row] = [one["elements"] for one in slack.seen[0]["blocks"] if one["type"] == "actions"]
    assert [(one["action_id"], one["url"], "value" in one) for one in row] == [
        ("lotse:open", f"https://town.example/guide/{REPLY.resource}?lang=en", False)
    ]


def test_a_pinned_message_is_sent_and_pinned() -> None:
    """In the thread's channel; without one in the place for pins."""
    receipt, slack = deliver(PINNED)
    assert slack.pins == [("C7", "1700000000.000100")]
    assert receipt.remote == "C7:1700000000.000100"
    assert deliver(command(channel="pinned"))[1].pins == [("C9", "1700000000.000100")]


def test_what_is_shown_to_one_alone_is_ephemeral() -> None:
    """In-app on Slack: in the channel where the member wrote, for them only; elsewhere there is no place for it."""
    _, slack = deliver(SHORT)
    assert (slack.seen[0]["channel"], slack.seen[0]["user"], slack.seen[0]["ephemeral"]) == ("C7", "U1", True)
    assert deliver(command(member="town/slack:U1", channel="in_app"))[0] == Receipt("failed", "no_place")


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (command(channel="direct_message"), "no_address"),
        (command(channel="direct_message", member="town/slack:U9"), "user_not_found"),
        (command(channel="thread", thread="17"), "no_thread"),
        (command(channel="thread", thread="X7:1.5"), "channel_not_found"),
    ],
)
def test_what_slack_cannot_deliver_is_final(given: Command, detail: str) -> None:
    """With the platform's own word for it."""
    assert deliver(given)[0] == Receipt("failed", detail)


def test_a_wrong_token_is_final() -> None:
    """Trying again would not help."""
    assert deliver(ANN, token="another")[0] == Receipt("failed", "invalid_auth")


@pytest.mark.parametrize(
    ("fault", "result", "limited"),
    [
        ("429", "retry", True), ("503", "retry", False), ("500", "unknown", False), ("cut", "unknown", False),
        ("hang", "unknown", False), ("cut after", "unknown", False), ("500 after", "unknown", False),
    ],
)  # fmt: skip
def test_each_fault_says_whether_it_may_have_been_sent(
    fault: Fault, result: str, limited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what certainly was not sent is tried again without looking."""
    monkeypatch.setattr(http.HttpClient.__init__, "__defaults__", (0.3,))
    receipt, slack = deliver(ANN, fault)
    assert (receipt.result, receipt.limited) == (result, limited)
    assert len(slack.seen) == (1 if fault.endswith("after") else 0)


@pytest.mark.parametrize("given", [ANN, REPLY, PINNED])
def test_what_was_sent_is_found_again(given: Command) -> None:
    """Its id is in the message's metadata; what is pinned is pinned when it is found."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        assert await channel.find(given) is None
        slack.faults, slack.failing = ["cut after"], "/chat"
        assert (await channel.deliver(given)).result == "unknown"
        found = await channel.find(given)
        assert found is not None
        assert (found.result, len(slack.seen)) == ("delivered", 1)
        assert len(slack.pins) == (given is PINNED)

    run(story)


def test_what_cannot_be_found_is_not_taken_for_absent() -> None:
    """While Slack does not answer, or where it shows no such messages, nothing is sent again."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        slack.faults, slack.failing = ["503"], "/conversations.history"
        found = await channel.find(ANN)
        assert found is not None
        assert found.result == "unknown"
        assert await channel.find(SHORT) == Receipt("failed", "unknown")

    run(story)


def test_a_long_conversation_is_looked_through_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to a bound; beyond it nobody can tell."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        for number in range(220):
            slack.seen.append({"channel": "DU1", "ts": f"{number}.0", "metadata": {}})
        slack.seen.insert(
            0,
            {
                "channel": "DU1",
                "ts": "0.1",
                "metadata": {"event_type": "lotse_command", "event_payload": {"command_id": "c1"}},
            },
        )
        found = await channel.find(ANN)
        assert found is not None
        assert found.remote == "DU1:0.1"
        slack.seen = [*slack.seen[:1], *slack.seen[1:] * 3]
        beyond = await channel.find(ANN)
        assert beyond is not None
        assert beyond.result == "unknown"

    run(story)


def test_what_was_pinned_is_taken_back() -> None:
    """Deleted, and asked for once more it is gone all the same; without its name in Slack nothing can be done."""

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        receipt = await channel.deliver(PINNED)
        for _ in range(2):
            gone = await channel.withdraw(recall(PINNED), receipt.remote)
            assert gone is not None
            assert gone.result == "delivered"
        assert slack.seen == []
        assert await channel.withdraw(recall(PINNED), "") is None
        assert await channel.withdraw(recall(ANN), "DU1:1.0") is None

    run(story)


def test_rates_are_those_of_the_methods() -> None:
    """One message a second in a conversation, whatever else."""
    channel = SlackChannel(TOKEN, Noted(), Composer(ACTIONS))
    for given in (ANN, REPLY, PINNED, SHORT):
        first = channel.rates(given)[0]
        assert (first.bucket, first.per_s, first.burst) == (f"in:{given.target}", 1.0, 1)
    assert channel.rates(PINNED)[-1].per_s == channel_module.PINNED


@requires_payloads()
def test_each_request_has_the_arguments_that_slack_publishes() -> None:
    """Names, kinds and what is required, after the method reference; methods it lacks, after the older OpenAPI description."""
    asked: list[Asked] = []
    for given in (ANN, REPLY, PINNED, SHORT):
        asked += deliver(given)[1].asked

    async def story(slack: FakeSlack, channel: SlackChannel) -> None:
        await channel.find(ANN)
        await channel.find(REPLY)
        await channel.withdraw(recall(PINNED), "C7:1.5")
        asked.extend(slack.asked)

    run(story)
    assert {one.path for one in asked} >= {"/chat.postMessage", "/pins.add", "/conversations.replies", "/chat.delete"}
    for one in asked:
        _check(one)


def _check(asked: Asked) -> None:
    method = asked.path.strip("/")
    given = asked.body if asked.method == "POST" else asked.query
    reference = shared_payloads() / "slack" / "method_ref" / f"{method}.json"
    if reference.exists():
        described = orjson.loads(reference.read_bytes())
        assert asked.method == "GET" or described["json_input_supported"], method
        known, required = set(described["args"]["properties"]), set(described["args"].get("required", ()))
    else:
        older = orjson.loads((shared_payloads() / "slack" / "openapi" / "slack_web_openapi_v2.json").read_bytes())
        operation = older["paths"][asked.path]["get"]
        known = {one["name"] for one in operation["parameters"]} | {"include_all_metadata"}
        required = {one["name"] for one in operation["parameters"] if one.get("required")}
    assert set(given) <= known, (method, set(given) - known)
    assert required - {"token"} <= set(given), (method, required)
