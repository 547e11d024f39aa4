"""Only what a platform says that it has verified is proof."""

from typing import Any

import pytest

from streams.gateway.identities import Address
from streams.gateway.payloads import Delivery
from streams.gateway.verified_addresses import addresses

USER = {"id": "U1", "is_email_confirmed": True, "profile": {"email": "ann@example.org"}}
JOINED = {"event": {"type": "team_join", "user": USER}}
CONFIRMED = {"x-discourse-event": "user_confirmed_email"}
MEMBER = {"id": 7, "email": "ann@example.org"}


def found(source: str, body: Any, headers: dict[str, str] | None = None) -> list[Address]:
    """Return what a payload proves."""
    return addresses(Delivery(source=source, community="town", received=1.0, headers=headers or {}), [body])


def test_confirmed_addresses_are_proof() -> None:
    """Slack's flag; Discourse's event, and its active accounts."""
    assert found("slack", JOINED) == [Address("town/slack:U1", "ann@example.org")]
    for body, headers in (({"user": MEMBER}, CONFIRMED), ({"user": {**MEMBER, "active": True}}, {})):
        assert found("discourse", body, headers) == [Address("town/discourse:7", "ann@example.org")]


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("slack", {"event": {"user": {**USER, "is_email_confirmed": False}}}),
        ("slack", {"event": {"user": {**USER, "is_bot": True}}}),
        ("slack", {"event": {"user": "U1"}}),
        ("slack", {"event": {"user": {**USER, "profile": {"email": "a@b@c"}}}}),
        ("slack", 7),
        ("discourse", {"user": MEMBER}),
        ("discourse", {"user": {"active": True, "email": "ann@example.org"}}),
        ("kit", {"subscriber": {"id": 1, "email_address": "ann@example.org", "state": "active"}}),
        ("zapier", {"user": {**MEMBER, "active": True}}),
    ],
)
def test_all_else_proves_nothing(source: str, body: Any) -> None:
    """Unconfirmed, bots, no id, no address, and platforms that do not say."""
    assert found(source, body) == []
