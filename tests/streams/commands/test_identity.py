"""`lotse identity` as a person uses it, on a real Redis."""

import json

import pytest

from tests.support import in_process
from tests.support.in_process import Done

pytestmark = pytest.mark.integration
KEY, MEMBER = "town/slack:UC", "town/carla"


def lotse(redis: str, *words: str) -> Done:
    """Run `lotse identity`."""
    env = {"LOTSE_REDIS": redis, "LOTSE_CONTROL_KEY": "a control key for tests", "LOTSE_APP": "identity-command"}
    return in_process.lotse("identity", *words, **env)


def test_a_link_is_made_shown_and_taken_back(redis_url: str) -> None:
    """Exit 1 where there is none."""
    assert lotse(redis_url, "show", KEY).returncode == 1
    assert lotse(redis_url, "link", KEY, MEMBER).returncode == 0
    shown = lotse(redis_url, "show", KEY, "--json")
    assert shown.returncode == 0
    assert json.loads(shown.stdout) | {"since": ""} == {
        "key": KEY,
        "member": MEMBER,
        "proof": "operator",
        "confidence": 1.0,
        "since": "",
    }
    assert lotse(redis_url, "rm", KEY).returncode == 0
    assert lotse(redis_url, "rm", KEY).returncode == 1


@pytest.mark.parametrize(
    ("redis", "words", "code", "told"),
    [
        ("", ("show", KEY), 2, "LOTSE_REDIS"),
        ("redis://127.0.0.1:1/0", ("show", KEY), 3, "no store answers"),
        ("here", ("link", KEY, MEMBER, "--proof", "same_name"), 2, "proof: expected one of"),
        ("here", ("link", "carla", MEMBER), 2, "<community>/<source>:<id>"),
    ],
)
def test_a_mistake_is_one_message(redis: str, words: tuple[str, ...], code: int, told: str, redis_url: str) -> None:
    """What, and how to mend it."""
    done = lotse(redis_url if redis == "here" else redis, *words)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert told in done.stderr
