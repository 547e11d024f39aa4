"""Journeys: nudged once a step and twice in all, never after the step was done; taken up again and done are told."""

from processors.decisions import Verdict
from processors.detectors.onboarding import NUDGES_MAX
from processors.events import Event
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.message import UNKNOWN
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, MINUTE, Story, catalog, event, playbook

A_DAY = DAY / MINUTE
STEPS = tuple(Step(name, ("task.completed",), (name,), usual=3 * DAY) for name in ("one", "two", "three"))
POLICY = Policy(journeys=(Journey("tour", ("community.joined",), STEPS, title="A tour"),))
SIGNALS = ("stuck", "resumed", "journey_done", "not_started")


def story(policy: Policy = POLICY, *, lane: str = "request") -> Story:
    """A story in which each signal is told, with the step that it names; nudges in that lane."""
    lanes = {"stuck": lane}
    told = (
        playbook(name, f"signal.{name}", because="{signal.step}", lane=lanes.get(name, "request")) for name in SIGNALS
    )
    return Story(catalog(*told, policy=policy))


def done(name: str, day: float) -> Event:
    """A step done on a day."""
    return event("task.completed", day * A_DAY, "ann", name=name)


def told(one: Story) -> list[tuple[str, str]]:
    """What was sent: the signal and its step."""
    return [(command.playbook, command.because.replace(UNKNOWN, "")) for command in one.commands]


def test_an_overdue_step_is_nudged_once_and_a_journey_twice() -> None:
    """Three open steps, two nudges: whoever let two pass does not want a third."""
    one = story().tell(event("community.joined", 0)).wait(30 * A_DAY)
    assert told(one) == [("stuck", "one")]
    one.tell(done("one", 31)).wait(60 * A_DAY)
    assert told(one) == [("stuck", "one"), ("resumed", ""), ("stuck", "two")]
    one.tell(done("two", 61)).wait(99 * A_DAY)
    assert [name for name, _ in told(one)].count("stuck") == NUDGES_MAX


def test_steps_done_in_time_are_never_nudged() -> None:
    """In any order; the end is told."""
    one = story().tell(event("community.joined", 0), done("two", 1), done("one", 3), done("three", 5)).wait(30 * A_DAY)
    assert told(one) == [("journey_done", "")]


def test_a_nudge_that_waits_for_the_morning_is_dropped_when_the_step_is_done_at_night() -> None:
    """The signal came at 22:00, the step was done at 3:00; nothing is sent at 8:00."""
    late = event("community.joined", 10 * 60)
    one = story(lane="proactive").tell(late, done("one", 3.63)).wait(5 * A_DAY)
    assert told(one) == [("resumed", "")]
    assert one.reasons == ["quiet_hours_hold", "sent", "already_solved"]
    asleep = story(lane="proactive").tell(late).wait(5 * A_DAY)
    assert told(asleep) == [("stuck", "one")]


def test_a_journey_from_joining_takes_the_place_of_not_started() -> None:
    """One nudge for one thing; a community without such a journey keeps the simple one."""
    assert told(story().tell(event("community.joined", 0)).wait(2 * A_DAY)) == []
    assert told(story(Policy()).tell(event("community.joined", 0)).wait(2 * A_DAY)) == [("not_started", "")]


def test_what_is_done_can_be_begun_again_within_the_two_nudges() -> None:
    """A task twice: the second is nudged too, the third is not; beginning what is under way changes nothing."""
    task = Journey("task", ("task.begun",), (Step("finish", ("task.completed",), usual=DAY),))
    one = story(Policy(journeys=(task,)))
    for day in (0, 10, 20):
        one.tell(event("task.begun", day * A_DAY), event("task.begun", (day + 0.5) * A_DAY)).wait((day + 5) * A_DAY)
        one.tell(done("x", day + 6))
    assert [name for name, _ in told(one)].count("stuck") == NUDGES_MAX
    assert [decision.verdict for decision in one.decisions if decision.playbook == "stuck"] == [
        Verdict.SEND
    ] * NUDGES_MAX


def test_who_left_is_not_nudged_and_a_journey_that_is_gone_is_forgotten() -> None:
    """Leaving stops the clock; so does a policy without the journey."""
    gone = story().tell(event("community.joined", 0), event("community.left", 60)).wait(30 * A_DAY)
    assert gone.decisions == []
    changed = story().tell(event("community.joined", 0))
    without = catalog(playbook("stuck", "signal.stuck"))
    changed.loop._member._catalogs = lambda _hash: without
    changed.loop._member.activate(without.hash)
    changed.wait(30 * A_DAY)
    assert changed.decisions == []
    assert changed.loop._member.member("town/ann").journeys == {}
