"""What is told of over-triggering when time has passed: messages that lost and were missed, and how early help came."""

import pytest

from processors.playbooks.resources import Bundle, Policy
from streams.report.build import Report, from_records
from streams.report.hindsight import Lead, Outranked
from streams.report.words import of_hindsight
from tests.support.reports import FREE, D
from tests.support.stories import DAY, Story, catalog, event, playbook, resource

PAGES = (resource(), resource("other"))
HELP = playbook("back", "signal.overdue")
AGAIN = playbook("again", "signal.asked_again")
CALM = playbook("calm", "signal.quarrelled", cheerful=False)


def lead(report: Report, trouble: str) -> Lead:
    """What is told of one trouble."""
    (found,) = [one for one in report.leads if one.trouble == trouble]
    return found


def signal(kind: str, minute: float, member: str = "ann") -> object:
    """A signal in the member's log."""
    return event("signal", minute, member, "", kind=kind, episode=f"{kind}/{minute}")


def told(*events: object, specs: tuple[object, ...] = (HELP, AGAIN, CALM), until: float = 0.0) -> Report:
    """The report of events folded by the real core, as of a minute."""
    story = Story(catalog(*specs, policy=FREE, resources=PAGES)).tell(*events)
    last = [event("presence.seen", until, "zoe")] if until else []
    return from_records([*events, *last], story.decisions, Bundle(PAGES, specs, {"*": Policy()}), None)  # type: ignore[list-item,arg-type]


def test_a_flag_on_a_members_words_is_led_by_what_they_got_before() -> None:
    """By the first message against quarrels within a week; what somebody flags of their own, and what comes after, leads nothing."""
    flag = {"post": "p", "author": "town/ann"}
    report = told(
        event("post.created", 0, text="hm"), signal("quarrelled", 10), event("content.flagged", 40, "bob", **flag)
    )
    assert lead(report, "flag") == Lead("flag", 1, 1, 30 * 60.0)
    late = told(
        event("post.created", 0, text="hm"), event("content.flagged", 40, "bob", **flag), signal("quarrelled", 50)
    )
    assert lead(late, "flag") == Lead("flag", 1, 0, None)
    own = told(event("content.flagged", 40, "ann", **flag))
    assert lead(own, "flag").happened == 0


def test_a_third_repeat_is_led_by_the_first_help() -> None:
    """Twice is no trouble yet; thrice within four weeks is."""
    asked = [signal("asked_again", 60 * one) for one in (1, 2, 3)]
    assert lead(told(*asked[:2]), "third_repeat").happened == 0
    report = told(*asked)
    assert lead(report, "third_repeat") == Lead("third_repeat", 1, 1, 2 * 3600.0)
    far = [signal("asked_again", one * 15 * D) for one in (1, 2, 3)]
    assert lead(told(*far), "third_repeat").happened == 0


@pytest.mark.parametrize(("until", "happened"), [(59 * D, 0), (61 * D, 1)])
def test_a_member_is_lost_after_sixty_days_of_silence(until: float, happened: int) -> None:
    """Whoever is silent at the end counts, and who left; help leads from the message on."""
    report = told(event("post.created", 0, text="hm"), signal("overdue", 20 * D), until=until)
    assert lead(report, "loss").happened == happened
    if happened:
        assert lead(report, "loss").lead_s == 40 * DAY
        assert "before 1 of 1 members lost" in " ".join(of_hindsight(report))
        assert "verlorenen Mitgliedern" in " ".join(of_hindsight(report, "de"))


def test_what_lost_and_missed_its_goal_is_regretted() -> None:
    """Of two at the same moment one loses; whether its goal was reached in time anyhow decides."""
    goal = {"goal": ("post.replied",), "goal_within": DAY}
    specs = (
        playbook("one", "post.created", priority="high", **goal),
        playbook("two", "post.created", resource="other", **goal),
    )
    events = [event("post.created", 0, name, text="hm") for name in ("ann", "bob")]
    events.append(event("post.replied", 60, "bob", text="yes"))
    report = told(*events, specs=specs, until=2 * D)
    assert report.outranked == [Outranked("two", 2, 2, 1)]
    assert report.outranked[0].regret == 0.5
    assert any("two lost to another message 2 times" in one for one in of_hindsight(report))
    assert told(*events, specs=specs).outranked == [Outranked("two", 2, 0, 0)]
