"""What is known before a playbook is let send: from a history, as if it were live."""

import pytest

from processors.playbooks.resources import Bundle, Policy
from streams.backtest.promotion import tried
from tests.support.stories import event, playbook, resource

POSTS = [event("post.created", 60.0 * number, name, text="x") for number in range(3) for name in ("ann", "ben")]


@pytest.mark.parametrize(
    ("once", "sends", "caps"), [("member", 2, {"already_delivered": 4}), ("episode", 2, {"budget_day": 4})]
)
def test_a_history_shows_reach_and_caps(once: str, sends: int, caps: dict[str, int]) -> None:
    """Of a playbook in shadow, as if it were live: who would have got it, and what held it back."""
    policy = Policy(quiet_from=0, quiet_to=0, cooldown_resource=0, cooldown_theme=0)
    bundle = Bundle(
        (resource(),), (playbook("p", maturity="shadow", once_per=once), playbook("other", "post.read")), {"*": policy}
    )
    readers = [event("post.read", 1000.0, name) for name in ("eve", "dan")]
    found = tried(bundle, [*POSTS, *readers], frozenset({"p"}))
    assert (found.wanted, found.sends, found.members, found.reach) == (6, sends, 2, 0.5)
    assert found.caps == caps
    assert found.sends_per_member_week_max == 1
    assert found.over_trigger_rate == 0.0
