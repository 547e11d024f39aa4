"""No sequence of events exceeds a budget, breaks a wish, sends in quiet hours, or blocks the safety lane."""

from datetime import UTC, datetime

from hypothesis import example, given, settings
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
        # What goes at the tick of a minute goes before that minute's event: the log's order rules.
        for time, kind in (change for change in changes if change[0] < sent.time):
            out = kind == "preference.opted_out" or (out and kind != "preference.opted_in")
            snoozed = (
                time + 5 * DAY if kind == "preference.snoozed" else 0.0 if kind == "preference.opted_in" else snoozed
            )
            left = kind == "community.left" or (left and kind != "community.joined")
        assert not out
        assert not left
        assert sent.time >= snoozed


WISHES = st.tuples(
    st.sampled_from(("preference.opted_out", "preference.opted_in", "preference.snoozed", "consent.given", "consent.withdrawn",
                     "outcome.opted_out", "outcome.snoozed", "community.left", "community.joined")),
    st.sampled_from(("all", "play", "kin", "topic", "another", "x" * 200)),
    st.integers(1, 2 * 24 * 60),
)  # fmt: skip
OWN = {"all", "play", "kin", "topic"}


class Wishes:
    """What one member wished, told apart from the code under test."""

    def __init__(self) -> None:
        self.out, self.snoozed, self.words = set[str](), dict[str, float](), dict[str, bool]()
        self.looked_at = 0

    def tell(self, what: str, kind: str, until: float) -> None:
        """Take a wish; one about more than any kind could be called is one about everything."""
        wide = "all" if len(kind) > 128 else kind
        match what:
            case "preference.opted_out" | "outcome.opted_out":
                self.out.add(wide)
            case "preference.opted_in" if kind == "all":
                self.out, self.snoozed = set(), {}
            case "preference.opted_in":
                self.out.discard(kind)
                self.snoozed.pop(kind, None)
            case "preference.snoozed" | "outcome.snoozed":
                self.snoozed[wide] = max(self.snoozed.get(wide, 0.0), until)
            case "consent.given" if wide == kind:
                self.words = {"all": True} if kind == "all" else self.words | {kind: True}
            case "consent.withdrawn":
                self.words = {"all": False} if wide == "all" else self.words | {kind: False}

    def hold(self, story: Story, required: tuple[str, ...]) -> None:
        """Check each send since the last look."""
        for sent in story.commands[self.looked_at :]:
            specific = [self.words[key] for key in OWN - {"all"} if key in self.words]
            consent = all(specific) if specific else self.words.get("all")
            assert not self.out & OWN
            assert max((self.snoozed.get(key, 0.0) for key in OWN), default=0.0) <= sent.not_before + 1.0
            assert consent is not False
            assert consent or not required
        self.looked_at = len(story.commands)


@example([("preference.snoozed", "play", 4), ("outcome.snoozed", "play", 5), ("consent.given", "all", 2 * 24 * 60)], ())
@given(st.lists(WISHES, max_size=40), st.sampled_from([(), ("all",), ("kin",)]))
@settings(max_examples=200, deadline=None)
def test_no_sequence_of_wishes_breaks_an_opt_out_a_snooze_or_a_consent(
    wishes: list[tuple[str, str, int]], required: tuple[str, ...]
) -> None:
    """At every send: no opt-out of its kinds stands, no snooze runs, consent is there where it must be. Told by a model of its own."""
    policy = Policy(
        budget_day=99,
        budget_week=99,
        budget_week_new=99,
        cooldown_resource=0.0,
        cooldown_theme=0.0,
        consent_required=required,
    )
    story, minute, wishing = Story(catalog(playbook(kind="kin", theme="topic"), policy=policy)), 0, Wishes()
    for number, (what, kind, gap) in enumerate(wishes):
        minute += gap
        story.wait(minute)
        wishing.hold(story, required)  # what waited went before this wish, if it went
        until = NOON + minute * MINUTE + (1 + gap % 5) * DAY
        wishing.tell(what, kind, until)
        fields: dict[str, object] = {"kind": kind} if what.startswith(("preference", "consent")) else {}
        fields |= {"command": "c", "playbook": kind} if what.startswith("outcome") else {}
        fields |= {"until": until} if what.endswith("snoozed") else {}
        story.tell(event(what, minute, "ann", f"n{number}", **fields))
        story.tell(
            event("post.created", minute, "ann", f"p{number}", text="Good morning")
        )  # something to send at, each time
        wishing.hold(story, required)


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
