"""No sequence of events exceeds a budget, breaks a wish, sends in quiet hours, or blocks the safety lane."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.resources import Policy
from tests.support.stories import DAY, MINUTE, NOON, Story, catalog, event, playbook

KINDS = (
    "post.created",
    "channel.joined",
    "community.joined",
    "post.read",
    "preference.snoozed",
    "preference.opted_out",
    "preference.opted_in",
    "community.left",
)
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 3 * 24 * 60)), max_size=40)
PLAYBOOKS = (
    playbook("a"), playbook("b", resource="guide", priority="high"), playbook("c", "channel.joined", wait=7200.0),
    playbook("d", "post.read"), playbook("e", "signal.overdue"),
)  # fmt: skip
POLICY = Policy(cooldown_resource=0.0, cooldown_theme=0.0)


def lived(steps: list[tuple[str, int]]) -> Story:
    """Tell a life of events at growing minutes."""
    story, minute = Story(catalog(*PLAYBOOKS, policy=POLICY)), 0
    for number, (kind, gap) in enumerate(steps):
        minute += gap
        fields = {"until": NOON + minute * MINUTE + 5 * DAY} if kind == "preference.snoozed" else {}
        story.tell(event(kind, minute, "ann", f"n{number}", **fields))
    return story.wait(minute + 60 * 24 * 60)


@given(STEPS)
@settings(max_examples=120, deadline=None)
def test_budgets_and_quiet_hours_hold_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Rolling 24 hours hold one proactive send, rolling 7 days three at most, and none goes at night."""
    story = lived(steps)
    times = [one.time for one in story.decisions if one.verdict == "send"]
    for end, time in enumerate(times):
        assert sum(1 for other in times[: end + 1] if other > time - DAY) <= POLICY.budget_day
        assert sum(1 for other in times[: end + 1] if other > time - 7 * DAY) <= POLICY.budget_week_new
        assert 8 <= datetime.fromtimestamp(time, UTC).hour < 21


@given(STEPS)
@settings(max_examples=120, deadline=None)
def test_wishes_hold_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Nothing goes between an opt-out and its taking back, nor within a snooze, nor after leaving."""
    story, minute, changes = lived(steps), 0, []
    for kind, gap in steps:
        minute += gap
        changes.append((NOON + minute * MINUTE, kind))
    for sent in (one for one in story.decisions if one.verdict == "send"):
        out = left = False
        snoozed = 0.0
        for time, kind in (change for change in changes if change[0] <= sent.time):
            out = kind == "preference.opted_out" or (out and kind != "preference.opted_in")
            snoozed = (
                time + 5 * DAY if kind == "preference.snoozed" else 0.0 if kind == "preference.opted_in" else snoozed
            )
            left = kind == "community.left" or (left and kind != "community.joined")
        assert not out
        assert not left
        assert sent.time >= snoozed


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_nothing_ordinary_blocks_the_safety_lane(steps: list[tuple[str, int]]) -> None:
    """After any life without leaving or an opt-out of its kind, a sincere statement brings the offer."""
    policy = Policy(distress_support=True, safety_owner="owner", quiet_from=0, quiet_to=23)
    offer = playbook("offer", "signal.distress", lane="safety", cheerful=False)
    story, minute = Story(catalog(*PLAYBOOKS, offer, policy=policy)), 0
    for number, (kind, gap) in enumerate(steps):
        minute += gap
        if kind != "community.left":
            story.tell(event(kind, minute, "ann", f"n{number}"))
    story.tell(event("post.created", minute + 1, "ann", "words", text="I feel completely hopeless tonight."))
    assert [one.playbook for one in story.commands if one.lane == "safety"] == ["offer"]


@given(STEPS)
@settings(max_examples=40, deadline=None)
def test_each_replay_of_a_log_gives_the_same_decisions(steps: list[tuple[str, int]]) -> None:
    """The fold is deterministic, ids included."""
    assert lived(steps).decisions == lived(steps).decisions
