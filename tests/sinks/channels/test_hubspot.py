"""The HubSpot channel against an account on loopback."""

import asyncio
from typing import Any

import orjson
import pytest

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels.hubspot import Does, HubspotChannel
from sinks.message import Composer
from sinks.platforms.http import HttpClient
from tests.support.addresses import Noted
from tests.support.commands import command
from tests.support.fake_apis import SECRET, FakeHubspot
from tests.support.fake_platform import Fault, running
from tests.support.shared_data import requires_payloads, shared_payloads

EMAIL, PROPERTY, EVENT = (
    Does("email", 123456),
    Does("property", name="lotse_resource"),
    Does("event", name="pe77_resource"),
)
ANN = command(channel="email", not_before=1767225600.25, link="https://example.org/guide")


def deliver(
    does: Does, *faults: Fault, given: Command = ANN, key: str = SECRET, results: tuple[str, ...] = (), times: int = 1
) -> tuple[Receipt, FakeHubspot]:
    """Deliver so often; the last receipt."""

    async def story() -> tuple[Receipt, FakeHubspot]:
        async with running(FakeHubspot()) as hubspot:
            hubspot.faults, hubspot.results = list(faults), list(results)
            http = HttpClient(hubspot.url, {"Authorization": f"Bearer {key}"})
            composer = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
            channel = HubspotChannel(http, does, Noted({("town/ann", "email"): "ann@example.org"}), composer)
            try:
                for _ in range(times):
                    receipt = await channel.deliver(given)
            finally:
                await channel.close()
            return receipt, hubspot

    return asyncio.run(story())


@pytest.mark.parametrize("does", [EMAIL, EVENT])
def test_a_repetition_is_seen_as_one_by_hubspot(does: Does) -> None:
    """Also after an answer that got lost: sendId and uuid are the command's."""
    receipt, hubspot = deliver(does, "cut after", times=2)
    assert (receipt.result, len(hubspot.seen), len(hubspot.asked)) == ("delivered", 1, 2)
    assert hubspot.asked[0].body == hubspot.asked[1].body


def test_a_mail_gets_its_words_as_properties() -> None:
    """The template there shows them."""
    [sent] = deliver(EMAIL)[1].seen
    assert (sent["emailId"], sent["message"]) == (123456, {"to": "ann@example.org", "sendId": "c1"})
    assert sent["customProperties"]["lotse_title"] == "A guide"
    assert sent["customProperties"]["lotse_unsubscribe"].startswith("https://town.example/a/")


def test_a_property_names_the_resource() -> None:
    """By the contact's address."""
    assert deliver(PROPERTY)[1].contacts == {"ann@example.org": {"lotse_resource": "guide"}}


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("PREVIOUSLY_UNSUBSCRIBED_MESSAGE", "failed"), ("ADDRESS_OPTED_OUT", "failed"), ("RECIPIENT_FATIGUE_SUPPRESSED", "failed"),
        ("THROTTLED", "retry"), ("QUEUED", "delivered"), ("IDEMPOTENT_FAIL", "delivered"), ("ann@example.org", "failed"),
    ],
)  # fmt: skip
def test_each_result_of_a_send_has_one_meaning(said: str, result: str) -> None:
    """Its own word goes into the outcome, if it is one."""
    receipt, _ = deliver(EMAIL, results=(said,))
    assert receipt.result == result
    assert "@" not in receipt.detail


@pytest.mark.parametrize(
    ("fault", "result", "limited"),
    [("429", "retry", True), ("500", "retry", False), ("503", "retry", False), ("cut", "retry", False)],
)
def test_every_fault_may_be_tried_again(fault: Fault, result: str, limited: bool) -> None:
    """A repetition is harmless."""
    receipt, _ = deliver(EMAIL, fault)
    assert (receipt.result, receipt.limited) == (result, limited)


def test_what_cannot_be_delivered_is_final() -> None:
    """No address, no valid key."""
    assert deliver(EMAIL, given=command(member="town/bob", channel="email"))[0] == Receipt("failed", "no_address")
    assert deliver(EMAIL, key="wrong")[0] == Receipt("failed", "401")


@requires_payloads()
@pytest.mark.parametrize(
    ("does", "name"),
    [(EMAIL, "request_single_send"), (EVENT, "request_event_send"), (PROPERTY, "request_contact_upsert")],
)
def test_each_body_has_the_documented_fields(does: Does, name: str) -> None:
    """As the examples made from HubSpot's field lists: no field that they do not know, of the same kind."""
    example = orjson.loads((shared_payloads() / "hubspot" / f"{name}.json").read_bytes())
    assert shape(deliver(does)[1].asked[0].body) <= shape(example) | {"contactProperties"}


def shape(body: Any, path: str = "") -> set[str]:
    """Return the paths of a body, without what stands under properties, whose names are free."""
    if isinstance(body, dict) and not path.endswith("roperties"):
        return {name for key, value in body.items() for name in shape(value, f"{path}.{key}".strip("."))}
    if isinstance(body, list):
        return {name for value in body for name in shape(value, f"{path}[]")}
    return {path}
