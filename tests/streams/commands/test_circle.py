"""`lotse circle poll`: from a Circle on loopback to a door, and what is said where something is missing."""

import json
import time
from typing import Any

import pytest

from streams.errors import UNREACHABLE, WRONG
from tests.streams.circle.test_poller import T0, FakeDoor, post, town
from tests.support.fake_apis import SECRET, FakeCircle
from tests.support.fake_platform import in_a_thread
from tests.support.in_process import lotse

OPENS = {
    "LOTSE_GATEWAY_SECRETS": "circle=the-older-one circle=opens-it",
    "LOTSE_COMMUNITY": "town",
    "LOTSE_LOG_FORMAT": "json",
}


class Door(FakeDoor):
    """A door with the newer of two secrets."""

    opens = "opens-it"


def poll(redis_url: str, *words: str, **changes: Any) -> tuple[int, str, FakeCircle]:
    """Poll once; return the exit code, what was said, and what was asked."""
    with in_a_thread(FakeCircle()) as circle, in_a_thread(Door()) as door:
        circle.lists = {**town(), "posts": [post(3, time.time() - T0 - 60)], "community_members": []}
        given = {
            "LOTSE_CIRCLE_URL": circle.url,
            "LOTSE_CIRCLE_TOKEN": SECRET,
            "LOTSE_REDIS": redis_url,
            **OPENS,
            **changes,
        }
        done = lotse("circle", "poll", "--once", "--to", door.url, *words, **given)
        return done.returncode, done.stdout + done.stderr, circle


@pytest.mark.integration
def test_one_round_is_told_and_goes_on_where_it_was(redis_url: str) -> None:
    """Counted, as JSON too; the door is called under its name; the next round has nothing new."""
    code, said, circle = poll(redis_url, "--json", "--since", "1", LOTSE_APP="circle-command")
    assert code == 0
    assert json.loads(said.splitlines()[0]) == {"events": 1, "passed_over": 0, "spent": False}
    assert len(circle.asked) >= 3
    code, said, circle = poll(redis_url, "--what", "comments", LOTSE_APP="circle-command")
    assert (code, said.splitlines()[0]) == (0, "0 events written, 0 records passed over")
    assert {one.path for one in circle.asked} == {"/api/admin/v2/comments"}


@pytest.mark.integration
@pytest.mark.parametrize(
    ("words", "changes", "code", "message"),
    [
        ((), {"LOTSE_CIRCLE_TOKEN": ""}, WRONG, "LOTSE_CIRCLE_TOKEN (type Admin V2)"),
        ((), {"LOTSE_GATEWAY_SECRETS": ""}, WRONG, "LOTSE_GATEWAY_SECRETS with circle=..."),
        ((), {"LOTSE_CIRCLE_TOKEN": "of another type"}, UNREACHABLE, "expected a token of the type Admin V2"),
        ((), {"LOTSE_REDIS": "redis://127.0.0.1:1/0"}, UNREACHABLE, "no store answers"),
        (("--door", "slack"), {}, WRONG, "no door of that name that reads Circle"),
        (("--what", "post"), {}, WRONG, "expected of members, posts, comments"),
        ((), {"LOTSE_CIRCLE_MONTH": "3"}, WRONG, "a number from 10"),
    ],
)
def test_what_is_missing_is_one_message(
    redis_url: str, words: tuple[str, ...], changes: dict[str, str], code: int, message: str
) -> None:
    """What, where and how to mend it; no secret, no traceback."""
    found, said, _ = poll(redis_url, *words, LOTSE_APP="circle-wrong", **changes)
    assert (found, message in said) == (code, True), said
    assert "Traceback" not in said
    assert SECRET not in said
