"""Reach: what nothing leads to, what nobody got or found helpful, and what is not covered."""

from pathlib import Path

import pytest

from processors.decisions import Decision, Reason, Verdict
from resource_catalog.health.reach import check, themes
from resource_catalog.health.usage import Usage
from tests.support.catalogs import GUIDE, content, play, told

HIDDEN = GUIDE + "search: never\n"
ANSWERING = "id: help\nwhen: {signal: help_requested}\noffer: {resource: matching, otherwise: guide, channels: [in_app]}\nbecause: you asked\n"


def used(days: int, sent: int = 0, **outcomes: int) -> Usage:
    """What became of the resource `guide` in so many days."""
    usage = Usage()
    for number in range(sent):
        usage.decided(
            Decision(f"d{number}", "town/ann", 0.0, Verdict.SEND, Reason.SENT, resource="guide", command=f"c{number}")
        )
    for kind, count in outcomes.items():
        for number in range(count):
            usage.told(kind, f"c{number % sent}", days * 86400.0)
    usage.told("", "", 0.0)
    usage.told("", "", days * 86400.0)
    return usage


def of(check_name: str, found: list[str]) -> list[str]:
    """The findings of one check, without what is not covered."""
    return [one for one in found if one.split()[1] == check_name]


def test_what_nothing_leads_to_is_unused(tmp_path: Path) -> None:
    """A playbook, another resource, or being found leads to it."""
    found = content(
        tmp_path, play(), guide_en=HIDDEN + "deeper: more\n", more_en=HIDDEN, lost_en=HIDDEN, findable_en=GUIDE
    )
    assert [one.split(":")[0] for one in of("unused", told(list(check(found))))] == [
        "warning unused findable",
        "warning unused lost",
    ]
    found = content(tmp_path, play(), ANSWERING)
    assert [one.split(":")[0] for one in of("unused", told(list(check(found))))] == ["warning unused lost"]


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, []),
        (used(27), []),
        (used(28), ["note unused guide: sent to nobody in 28 days of history; is its moment still there?"]),
        (used(5, sent=9, seen=9), []),
        (used(5, sent=10), []),  # no outcome at all: nothing is known
        (used(5, sent=10, seen=9, clicked=1), []),
        (used(5, sent=10, seen=9), [("warning never-helpful guide: sent 10 times, opened by nobody and helpful to nobody; "
                                    "say it otherwise, or offer something else")]),
        (used(5, sent=9, helpful=2, dismissed=2), []),
        (used(5, sent=9, helpful=2, dismissed=3), [("warning never-helpful guide: 3 set it aside or found it not helpful, "
                                                   "2 opened it or found it helpful; say it otherwise")]),
    ],
)  # fmt: skip
def test_what_the_history_says_of_a_resource(tmp_path: Path, usage: Usage | None, expected: list[str]) -> None:
    """Only where there is enough of it."""
    found = told(list(check(content(tmp_path, play(), usage=usage, guide_en=GUIDE))))
    assert of("unused", found) + of("never-helpful", found) == expected


def test_what_the_safety_lane_sends_is_not_said_to_be_unused(tmp_path: Path) -> None:
    """It is counted nowhere, so nothing is known of it."""
    safe = play(more="maturity: live\nlane: safety\n")
    found = told(list(check(content(tmp_path, safe, usage=used(60), guide_en=GUIDE))))
    assert of("unused", found) == []


def test_themes_are_covered_in_each_language(tmp_path: Path) -> None:
    """A theme of which all has expired, or that lacks a language."""
    old = GUIDE.replace("topic", "old") + "expires: 2027-01-01\n"
    other = GUIDE.replace("topic", "other")
    found = content(tmp_path, play(), guide_en=GUIDE, guide_de=GUIDE, old_en=old, old_de=old, other_en=other)
    assert [one for one in of("coverage", told(list(check(found)))) if "signal" not in one] == [
        "warning coverage old: all of this theme is retired or expired: old",
        "warning coverage other: nothing of this theme in de",
    ]
    assert [(one.theme, one.locales, one.playbooks) for one in themes(found)] == [
        ("old", ["de", "en"], []), ("other", ["en"], []), ("topic", ["de", "en"], ["play.guide"]),
    ]  # fmt: skip


def test_a_signal_that_no_playbook_answers_is_told(tmp_path: Path) -> None:
    """A moment in which nothing is offered."""
    asked = "note coverage signal help_requested: no playbook answers this signal; members get nothing when it comes"
    assert asked in told(list(check(content(tmp_path, play(), guide_en=GUIDE))))
    assert asked not in told(list(check(content(tmp_path, ANSWERING))))
