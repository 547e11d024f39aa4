"""A backtest counts what a plain loop decides, tells what a playbook adds and displaces, and sends nothing."""

from processors.decisions import Reason
from processors.events import Event
from processors.playbooks.resources import Bundle, Playbook
from streams.backtest.report import Report
from streams.backtest.run import backtest
from tests.support.stories import DAY, catalog, event, playbook, resource

OTHER = resource("other")


def bundle(*playbooks: Playbook) -> Bundle:
    """A bundle of these playbooks and two resources."""
    made = catalog(*playbooks, resources=(resource(), OTHER))
    return Bundle(tuple(made.resources.values()), tuple(one.spec for one in made.playbooks.values()), made.policies)


def tried(events: list[Event], found: Bundle, *names: str) -> Report:
    """Try playbooks on events."""
    return backtest(events, found, frozenset(names), lambda _folded: None)


def posts(*minutes: float, member: str = "ann") -> list[Event]:
    """Posts of a member at these minutes after noon."""
    return [event("post.created", minute, member, f"{member}{minute}") for minute in minutes]


def test_a_shadow_playbook_adds_its_messages() -> None:
    """It is tried as if it were live; what runs now is not touched."""
    events = [*posts(0), *posts(5, member="bob"), *posts(2 * DAY / 60, member="cem")]
    report = tried(events, bundle(playbook("new", maturity="shadow")), "new")
    assert report.by_playbook == {"new": 3}
    assert report.difference.added == {"new": 3}
    assert report.difference.gone == {}
    own = report.playbooks["new"]
    assert (own.wanted, own.sends, own.members, own.member_week_max) == (3, 3, 3, 1)
    assert [sample.member for sample in report.samples] == ["town/ann", "town/bob", "town/cem"]
    assert report.days == {"2026-01-05": 2, "2026-01-07": 1}


def test_what_it_displaces_is_told() -> None:
    """A more urgent playbook takes the one message of the day from the one that runs now."""
    found = bundle(playbook("now"), playbook("new", maturity="off", priority="urgent", resource="other"))
    report = tried(posts(0), found, "new")
    assert report.difference.added == {"new": 1}
    assert report.difference.gone == {"now": 1}
    assert report.playbooks["new"].collisions == 1
    assert report.all_sends == 1


def test_which_caps_hit() -> None:
    """Reasons concern the playbooks tried alone."""
    found = bundle(playbook("new"), playbook("silent", maturity="shadow"))
    report = tried(posts(0, 10, 20), found, "new")
    assert report.sends == 1
    assert report.reasons == {Reason.COOLDOWN_RESOURCE: 2}
    assert report.sends_per_member_week_max == 1


def test_overlap_names_the_others() -> None:
    """Messages of another playbook to the same member within a day, answers included."""
    found = bundle(playbook("new"), playbook("answer", lane="answer", resource="other"))
    report = tried(posts(0), found, "new")
    assert report.playbooks["new"].overlap == {"answer": 1}


def test_as_it_runs_now_adds_nothing() -> None:
    """Trying what is live already is no difference, and one fold is enough."""
    seen: list[int] = []
    report = backtest(posts(0), bundle(playbook("new")), frozenset({"new"}), seen.append)
    assert report.difference.added == report.difference.gone == {}
    assert seen == [1]
