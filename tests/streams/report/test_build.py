"""A report of simulated communities says what was put into them; of a replayed history it claims nothing."""

import msgspec
import pytest

from processors.playbooks.resources import Bundle
from streams.report.build import Report, Reporter, from_history, from_records
from streams.report.inference import Lift
from streams.report.page import html, markdown
from streams.report.words import UNKNOWN, of_community, of_playbook
from streams.simulation.community import Need, simulate
from tests.support.stories import DAY, MINUTE, NOON, Story, catalog, event, playbook, resource

STRONG = (
    Need("helps", "draft.abandoned", "post.created", 0.1, 0.9),
    Need("idle", "task.begun", "task.completed", 0.5, 0.5),
)


def simulated() -> Report:
    """A report of one community in which one playbook helps a lot."""
    made = simulate(3, members=150, days=40, needs=STRONG)
    reporter = Reporter(Bundle((), made.playbooks, {}), "topics")
    reporter._ledger = made.ledger
    return reporter.report()


def test_what_helps_is_said_to_help_and_what_does_not_is_not() -> None:
    """With pictures and in words; together they help too."""
    report = simulated()
    said = {one.playbook: of_playbook(one, "topics")[0] for one in report.playbooks}
    assert said["helps"].startswith("helps: with help ")
    assert said["idle"].startswith("no effect seen yet")
    assert "helps: with help " in html(report)
    assert "### helps" in markdown(report)


def test_a_replayed_history_claims_no_effect() -> None:
    """What members would have done is not known, although some were in the holdout."""
    bundle = Bundle((resource(),), (playbook(holdout=0.5, goal=("post.replied",), goal_within=DAY),), {})
    events = [event("post.created", number, f"m{number % 30}", text="hello") for number in range(300)]
    report = from_history(events, bundle, lambda: None, None)
    assert report.source == "history"
    assert of_playbook(report.playbooks[0], report.source)[0] == UNKNOWN
    assert UNKNOWN in html(report)
    assert "helps:" not in markdown(report)


def test_answers_of_members_are_counted_by_playbook_and_variant() -> None:
    """Each command once, however often an outcome comes."""
    spec = playbook(goal=("post.replied",), goal_within=DAY)
    told = Story(catalog(spec))
    posts = [event("post.created", number, f"m{number}", text="hello") for number in range(3)]
    told.tell(*posts).wait(60)
    first = told.commands[0].id
    outcomes = [event("outcome.clicked", 30, "m0", name, command=first, playbook="play") for name in ("a", "b")]
    outcomes.append(event("outcome.helpful", 31, "m0", command=first, playbook="play"))
    report = from_records([*posts, *outcomes], told.decisions, Bundle((), (spec,), {}), None)
    (one,) = report.playbooks
    assert (one.sent, one.clicked, one.helpful, one.dismissed) == (3, 1, 1, 0)
    assert one.click_through == pytest.approx(1 / 3)
    assert (one.still_open, one.lift.says) == (3, "not enough data")


def test_the_goal_counts_within_its_time_and_after_the_message_only() -> None:
    """A reply before does not count, one in time does, one too late does not."""
    spec = playbook(goal=("post.replied",), goal_within=10 * MINUTE)
    told = Story(catalog(spec))
    posts = [event("post.created", 0, f"m{number}", text="hello") for number in range(3)]
    told.tell(*posts).wait(600)
    replies = [
        event("post.replied", -5, "m0", "early", text="yes"),
        event("post.replied", 5, "m1", "in time", text="yes"),
        event("post.replied", 50, "m2", "late", text="yes"),
    ]
    report = from_records(
        [*posts, *replies, event("presence.seen", 900, "m9")], told.decisions, Bundle((), (spec,), {}), None
    )
    (one,) = report.playbooks
    assert one.goal_share == pytest.approx(1 / 3)
    assert one.time_to_goal_with == pytest.approx(5 * MINUTE, abs=MINUTE)


def test_a_community_before_and_after() -> None:
    """Attendance, newcomers and who keeps help on; a comparison only with two weeks of each."""
    reporter = Reporter(Bundle((), (), {}), "topics")
    day = DAY / MINUTE
    for number in range(40):
        at, member = number * day, f"m{number}"
        reporter.event(event("community.joined", at, member))
        if number >= 20:
            reporter.event(event("post.created", at + 60, member, text="hello"))
            reporter.event(event("event.registered", at + 61, member, name="meeting"))
            reporter.event(event("event.attended", at + 62, member, name="meeting"))
        if number % 10 == 0:
            reporter.event(event("preference.opted_out", at + 70, member))
    reporter.event(event("presence.seen", 80 * day, "m39"))
    (one,) = reporter.report(NOON + 20 * DAY).communities
    assert one.before is not None
    assert one.after is not None
    assert (one.before.onboarded, one.after.onboarded) == (0.0, 1.0)
    assert (one.before.attendance, one.after.attendance) == (None, 1.0)
    assert one.keep_help_on == pytest.approx(0.9)
    assert one.enough
    assert "a comparison in time, not a trial" in of_community(one)[0]


def test_names_are_escaped() -> None:
    """Whatever a community calls itself."""
    reporter = Reporter(Bundle((), (), {}), "topics")
    reporter.event(msgspec.structs.replace(event("presence.seen"), key="<b>*town/ann"))
    assert "<b>" not in html(reporter.report())
    assert "\\<b\\>\\*town" in markdown(reporter.report())


def test_who_is_quick_does_not_count_before_who_may_be_slow() -> None:
    """As long as the goal's time runs a moment is open, reached or not: else the first reports of any playbook are all success."""
    spec = playbook(goal=("post.replied",), goal_within=DAY, holdout=0.5)
    told = Story(catalog(spec))
    members = [f"m{number}" for number in range(120)]
    posts = [event("post.created", number, member, text="hello") for number, member in enumerate(members)]
    told.tell(*posts).wait(200)
    helped = {one.member.removeprefix("town/") for one in told.decisions if one.command}
    quick = [event("post.replied", 130, member, text="yes") for member in members if member in helped]
    slow = [event("post.replied", 1000, member, text="yes") for member in members if member not in helped]

    def lift_at(minute: float) -> Lift:
        seen = [one for one in (*posts, *quick, *slow) if one.time <= NOON + minute * MINUTE]
        seen.append(event("presence.seen", minute, "somebody"))
        return from_records(seen, told.decisions, Bundle((), (spec,), {}), None).playbooks[0].lift

    assert (lift_at(300).units, lift_at(300).fair) == (0, True)
    late = lift_at(2 * 24 * 60)
    assert (late.units, late.with_help, late.without_help, late.says) == (120, 1.0, 1.0, "no effect seen yet")
