"""Which channel a command goes out by."""

from typing import NamedTuple

import pytest

from sinks.routing import Router, platform_of


class Way(NamedTuple):
    """A channel as routing sees it."""

    name: str
    serves: frozenset[str]
    platform: str = ""


SLACK = Way("slack", frozenset({"direct_message", "thread"}), "slack")
FORUM = Way("forum", frozenset({"direct_message", "thread"}), "forum")
MAIL = Way("mail", frozenset({"email"}))
INBOX = Way("inbox", frozenset({"in_app"}))
EPHEMERAL = Way("slack", frozenset({"in_app"}), "slack")
HOOK = Way("hook", frozenset({"direct_message", "email", "staff"}))


@pytest.mark.parametrize(
    ("ways", "member", "medium", "found"),
    [
        ((SLACK, FORUM, MAIL), "town/slack:U1", "direct_message", "slack"),
        ((SLACK, FORUM, MAIL), "town/forum:7", "direct_message", "forum"),
        ((SLACK, MAIL), "town/forum:7", "direct_message", "slack"),  # by a noted address
        ((SLACK, FORUM), "town/forum:7", "email", None),
        ((SLACK, FORUM, HOOK), "town/ann", "direct_message", "hook"),
        ((SLACK, FORUM), "town/ann", "direct_message", "slack"),
        ((MAIL, HOOK), "town/ann", "email", "mail"),
        ((HOOK, MAIL), "town/ann", "email", "hook"),
        ((MAIL, HOOK), "town/ann", "staff", "hook"),
        ((MAIL,), "town/ann", "pinned", None),
        ((HOOK, SLACK), "town/slack:U1", "direct_message", "slack"),
        ((INBOX, EPHEMERAL), "town/slack:U1", "in_app", "inbox"),
        ((EPHEMERAL, INBOX), "town/slack:U1", "in_app", "slack"),
        ((EPHEMERAL, INBOX), "town/ann", "in_app", "inbox"),
        ((Way("slack", frozenset({"thread"}), "slack"), FORUM), "town/slack:U1", "direct_message", None),
    ],
)
def test_the_members_own_platform_then_the_order_of_preference(
    ways: tuple[Way, ...], member: str, medium: str, found: str | None
) -> None:
    """A member of one platform is not looked for on another that is in use beside it."""
    assert Router(ways).way(member, medium) == found


@pytest.mark.parametrize(
    ("member", "platform"), [("town/slack:U1", "slack"), ("town/ann", ""), ("town/a:b:c", "a"), ("town", "")]
)
def test_the_platform_stands_before_the_colon(member: str, platform: str) -> None:
    """As the gateway's sources write it."""
    assert platform_of(member) == platform


def test_the_first_one_is_at_home() -> None:
    """It ends what nobody takes."""
    assert Router((MAIL, HOOK)).home == "mail"
