"""No sequence of events exceeds a budget, breaks a wish, sends in quiet hours, or blocks the safety lane."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.events import Event
from processors.member.state import OPEN_MAX, PENDING_MAX, SENDS_MAX, decode_state, encode_state
from processors.playbooks.resources import Playbook, Policy
from tests.support.stories import DAY, MINUTE, NOON, Story, catalog, event, playbook, resource

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


# A life with everything that may change when, how and how much is sent; days in which clocks change are among its beginnings.
BEGINNINGS = (0, 81, 291)  # days after 2026-01-05: nothing, then the weekends of Berlin's changes of 2026
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "no/zone")
DOINGS = st.one_of(
    st.sampled_from(("post.created", "post.read", "channel.joined", "question", "community.joined")).map(
        lambda kind: (kind, None)
    ),
    st.tuples(st.just("profile.changed"), st.sampled_from(ZONES)),
    st.tuples(st.just("identity"), st.sampled_from(("sure", "unsure"))),
    st.tuples(
        st.just("preference.time_chosen"),
        st.tuples(
            st.sampled_from(("now", "next_visit", "daily", "weekly", "hours")), st.integers(0, 23), st.integers(0, 23)
        ),
    ),
    st.tuples(
        st.just("outcome"),
        st.sampled_from(
            ("delivered", "clicked", "helpful", "dismissed", "not_helpful", "wrong_moment", "failed", "recalled")
        ),
    ),
    st.tuples(st.just("suggestion"), st.sampled_from(("sent", "edited", "dropped"))),
    st.tuples(st.just("signal"), st.sampled_from(("unanswered", "stuck", "lost", "asked_by_many"))),
)
LIFE = st.lists(st.tuples(DOINGS, st.sampled_from((0, 1, 7, 59, 60, 240, 700, 1440, 3000, 11_000))), max_size=45)
MANY = (
    *(playbook(f"low{number}", "post.created", resource=f"r{number}", priority="low") for number in range(4)),
    playbook("high", "post.read", resource="r5", priority="high", channels=("email", "in_app")),
    playbook("waits", "channel.joined", resource="r6", wait=7200.0, goal=("post.created",), goal_within=2 * DAY),
    playbook("suggested", "signal.stuck", resource="r7", maturity="suggest", expires=5 * DAY),
    playbook("answers", "signal.asked", resource="r8", lane="answer"),
    playbook("answers.too", "signal.asked_by_many", resource="r9", lane="answer", channels=("thread", "in_app")),
    playbook("chance", "signal.lost", resource="r10", randomised=0.3, holdout=0.1),
)
RICH = tuple(resource(f"r{number}") for number in range(11))


class Life:
    """A story told event by event, with a model of its own of what the member's clock says and what they chose."""

    def __init__(self, policy: Policy, *further: Playbook) -> None:
        self.policy, self.further = policy, further
        self.story = Story(catalog(*MANY, *further, policy=policy, resources=(resource(), *RICH)))
        self.zone, self.chosen, self.looked_at = "UTC", ("now", 0, 0), 0

    def live(self, begin: int, life: list[tuple[tuple[str, Any], int]]) -> int:
        """Tell a life; return its last minute."""
        minute = begin * 24 * 60
        for number, ((kind, what), gap) in enumerate(life):
            minute += gap
            self.story.wait(minute)
            self.look()
            if kind == "profile.changed":
                self.zone = what
            elif kind == "preference.time_chosen":
                self.chosen = what
            told = self._event(number, minute, kind, what)
            if told is not None:
                self.story.tell(told)
            self.look()
        self.story.wait(minute + 12 * 24 * 60)
        self.look()
        return minute + 12 * 24 * 60

    def _event(self, number: int, minute: int, kind: str, what: Any) -> Event | None:
        name, last = f"n{number}", self.story.commands[-1].id if self.story.commands else None
        waits = [one.command for one in self.story.decisions if str(one.reason) == "suggestion_waits"]
        match kind:
            case "question":
                return event("post.created", minute, "ann", name, thread="t", text="How do I mount the frobnicator?")
            case "profile.changed":
                return event(kind, minute, "ann", name, timezone=what)
            case "identity":
                return event("profile.changed", minute, "ann", name, identity=what)
            case "preference.time_chosen":
                return event(
                    kind, minute, "ann", name, when=what[0], hour=what[1], until_hour=what[2], weekday=what[1] % 7
                )
            case "outcome":
                return event(f"outcome.{what}", minute, "ann", name, command=last) if last else None
            case "suggestion":
                return (
                    event(f"suggestion.{what}", minute, "ann", name, command=waits[-1], author="mod") if waits else None
                )
            case "signal":
                return event(kind, minute, "ann", name, kind=what, episode=name, score=1.0, evidence={"thread": "t"})
        fields = {"text": "Good morning"} if kind == "post.created" else {}
        return event(kind, minute, "ann", name, **fields)

    def look(self) -> None:
        """Hold each send since the last look against the clock of the member."""
        for sent in self.story.decisions[self.looked_at :]:
            if sent.verdict != "send" or sent.lane not in ("proactive", "answer"):
                continue
            zone = ZoneInfo(self.zone) if self.zone != "no/zone" else UTC
            hour = datetime.fromtimestamp(sent.time, zone).hour
            assert 8 <= hour < 21
            when, begin, end = self.chosen
            if when == "hours" and begin != end and sent.lane == "proactive":
                assert begin <= hour < end if begin < end else hour >= begin or hour < end
        self.looked_at = len(self.story.decisions)


@example(0, [(("question", None), 60)] * 9)  # each may be answered at once, and night comes between
@given(st.sampled_from(BEGINNINGS), LIFE)
@settings(max_examples=150, deadline=None)
def test_no_life_in_any_zone_exceeds_a_budget_or_sends_at_night(
    begin: int, life: list[tuple[tuple[str, Any], int]]
) -> None:
    """Each lane by its own rolling budget; night and chosen hours by the member's clock, which may change at any time."""
    lived = Life(POLICY)
    lived.live(begin, life)
    for lane, window, most in (("proactive", DAY, 1), ("proactive", 7 * DAY, 3), ("answer", DAY, 3)):
        times = [one.time for one in lived.story.decisions if one.verdict == "send" and one.lane == lane]
        for end, time in enumerate(times):
            assert sum(1 for other in times[: end + 1] if other > time - window) <= most


@given(st.sampled_from(BEGINNINGS), LIFE)
@settings(max_examples=60, deadline=None)
def test_what_is_remembered_of_any_life_is_bounded_and_each_decision_once(
    begin: int, life: list[tuple[tuple[str, Any], int]]
) -> None:
    """Queues, sends and what is followed; ids of decisions and commands; a recall names a command that was given."""
    lived = Life(
        Policy(
            budget_day=20, budget_week=20, budget_week_new=20, answers_day=16, cooldown_resource=0.0, cooldown_theme=0.0
        )
    )
    lived.live(begin, life)
    story = lived.story
    state = story.loop.member("town/ann")
    assert len(state.pending) <= PENDING_MAX
    assert len(state.open) <= OPEN_MAX
    assert len(state.sends) <= SENDS_MAX
    assert decode_state(encode_state(state)) == state
    assert len({one.id for one in story.decisions}) == len(story.decisions)
    assert len({one.id for one in story.commands}) == len(story.commands)
    assert {one.recalls for one in story.recalls} <= {one.id for one in story.commands}
    merged = [one for one in story.decisions if str(one.reason) == "merged_into_digest"]
    assert {(one.command, one.playbook) for one in merged} == {
        (one.id, item.playbook) for one in story.commands for item in one.items
    }


@given(st.sampled_from(BEGINNINGS), LIFE)
@settings(max_examples=60, deadline=None)
def test_no_life_blocks_help_in_distress(begin: int, life: list[tuple[tuple[str, Any], int]]) -> None:
    """Whatever else was sent, chosen, dismissed or doubted."""
    offer = playbook("offer", "signal.distress", lane="safety", cheerful=False, resource="r0")
    lived = Life(Policy(distress_support=True, safety_owner="owner"), offer)
    minute = lived.live(begin, life)
    lived.story.tell(event("post.created", minute + 1, "ann", "words", text="I feel completely hopeless tonight."))
    assert [one.playbook for one in lived.story.commands if one.lane == "safety"] == ["offer"]


@given(st.sampled_from(BEGINNINGS), LIFE)
@settings(max_examples=30, deadline=None)
def test_each_replay_of_any_life_is_the_same(begin: int, life: list[tuple[tuple[str, Any], int]]) -> None:
    """Decisions, commands and recalls, with ids and probabilities."""
    one, other = Life(POLICY), Life(POLICY)
    one.live(begin, life)
    other.live(begin, life)
    assert one.story.decisions == other.story.decisions
    assert one.story.commands == other.story.commands
    assert one.story.recalls == other.story.recalls
