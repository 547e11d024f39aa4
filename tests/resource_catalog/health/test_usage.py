"""What became of resources: from a history, folded with the catalog, and from decisions and outcomes as they stand in topics."""

from processors.commands import command_id
from processors.decisions import Decision, Reason, Verdict
from resource_catalog.health.usage import Usage, usage_of
from tests.support.stories import DAY, NOON, catalog, event, playbook, resource


def test_a_history_says_what_would_be_sent_and_what_members_made_of_it() -> None:
    """Outcomes count for the resource of their command; those of unknown commands for none."""
    given = event("post.created", 0, "ann", "first")
    command = command_id("town/ann", "play", "first")
    told = [
        event("outcome.helpful", 5, command=command, playbook="play"),
        event("outcome.clicked", 6, command="of-another", playbook="play"),
        event("post.created", 60 * 24, "bob"),
    ]
    usage = usage_of([given, *told], catalog(playbook(), resources=(resource(),)))
    assert (usage.of["guide"].sent, usage.of["guide"].outcomes) == (2, {"helpful": 1})
    assert (usage.first, usage.last, usage.days) == (NOON, NOON + DAY, 1.0)


def test_only_sends_count_and_each_command_once() -> None:
    """A decision that was written twice, after a crash, is one send; a drop is none."""
    usage = Usage()
    sent = Decision("d1", "town/ann", NOON, Verdict.SEND, Reason.SENT, resource="guide", command="c1")
    for one in (sent, sent, Decision("d2", "town/ann", NOON, Verdict.DROP, Reason.SNOOZED, resource="guide")):
        usage.decided(one)
    assert usage.of["guide"].sent == 1


def test_what_the_safety_lane_does_is_counted_nowhere() -> None:
    """Not even how often."""
    usage = Usage()
    usage.decided(
        Decision("d1", "town/ann", NOON, Verdict.SEND, Reason.SENT, resource="line", command="c1", lane="safety")
    )
    usage.told("helpful", "c1", NOON)
    assert not usage.of
