"""Which suggestions wait: those whose last decision says so, for as long as it says."""

from processors.commands import command_id
from processors.decisions import Decision, Reason, Verdict
from processors.playbooks.resources import Policy
from streams.delivery.suggestions import waiting
from tests.support.stories import NOON, Story, catalog, event, playbook


def decision(number: int, reason: Reason, time: float, until: float = 0.0, member: str = "town/ann") -> Decision:
    """A decision about one episode."""
    verdict = Verdict.HOLD if reason is Reason.SUGGESTION_WAITS else Verdict.DROP
    return Decision(str(number), member, time, verdict, reason, "play", "e1", until=until, resource="guide")


def test_the_last_decision_counts() -> None:
    """What was answered, or given up, waits no more."""
    waits = decision(1, Reason.SUGGESTION_WAITS, NOON, NOON + 100)
    other = decision(2, Reason.SUGGESTION_WAITS, NOON + 5, NOON + 100, "town/ben")
    (first, second) = waiting([other, waits], NOON + 50)
    assert (first.member, second.member) == ("town/ann", "town/ben")
    assert first.command == command_id("town/ann", "play", "e1")
    assert waiting([waits, decision(3, Reason.SUGGESTION_DECLINED, NOON + 9)], NOON + 50) == []
    assert waiting([waits], NOON + 101) == []


def test_a_playbook_that_suggests_waits_for_a_person() -> None:
    """From the event to the list."""
    one = Story(catalog(playbook("p", maturity="suggest"), policy=Policy())).tell(event("post.created", 0, text="x"))
    (found,) = waiting(one.decisions, NOON + 60)
    assert (found.playbook, found.member, one.commands) == ("p", "town/ann", [])
