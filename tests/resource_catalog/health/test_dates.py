"""Time: what has expired, is about to, wants a look, has nobody; helplines more gravely."""

from datetime import date
from pathlib import Path

import pytest

from resource_catalog.health.dates import check
from tests.support.catalogs import GUIDE, content, play, told

CARD = (
    "title: Somebody to talk to\nkind: helpline\ntheme: crisis\nowner: ann\nreview_by: 2027-06-01\nsummary: >-\n"
    "  This is sent automatically because of your words. You can call or chat; in danger, 112. Not for you? Say stop.\n"
)
VERIFIED = (
    CARD
    + "verified: true\nverified_by: ann\nverified_at: 2026-12-01\nsource: https://example.org\nexpires: 2027-02-01\n"
)
ON = '"*": {distress_support: true, safety_owner: ann}\n'


def test_a_resource_that_is_looked_after_is_no_finding(tmp_path: Path) -> None:
    """In force, with an owner and a day of review to come."""
    assert list(check(content(tmp_path, guide_en=GUIDE + "expires: 2027-06-01\n"))) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 2, 14), []),
        (date(2027, 2, 15), ["warning expired guide: sent no more from 2027-03-01 on, in 14 days; "]),
        (date(2027, 3, 1), ["error expired guide: sent no more since 2027-03-01 though play.guide would send it; "]),
    ],
)
def test_expiry_is_told_a_fortnight_ahead_and_gravely_once_it_hurts(
    tmp_path: Path, day: date, expected: list[str]
) -> None:
    """From the day itself on nothing is sent, as the arbiter has it."""
    found = told(list(check(content(tmp_path, play(), day=day, guide_en=GUIDE + "expires: 2027-03-01\n"))))
    assert found == [one + "look whether it still holds, then set a later day" for one in expected]


def test_what_nobody_would_send_expires_less_gravely(tmp_path: Path) -> None:
    """In shadow no member misses it; retired it is no finding at all."""
    old = GUIDE + "expires: 2026-12-01\n"
    (found,) = check(content(tmp_path, play(more="maturity: shadow\n"), guide_en=old))
    assert found.level == "warning"
    assert list(check(content(tmp_path, guide_en=old + "retired: true\n"))) == []


def test_reviews_and_owners(tmp_path: Path) -> None:
    """Overdue, never to be reviewed, nobody's."""
    overdue, without = GUIDE.replace("2027-06-01", "2027-01-05"), GUIDE.replace("review_by: 2027-06-01\n", "")
    found = content(tmp_path, late_en=overdue, never_en=without, nobody_en=GUIDE.replace("owner: ann\n", ""))
    assert told(list(check(found))) == [
        "warning stale late: to be looked at since 2027-01-05 (10 days); read it, then set a later review_by",
        "note stale never: no day of review; set review_by",
        "warning unowned nobody: nobody looks after it; name an owner",
    ]


def test_the_day_of_review_itself_is_in_time(tmp_path: Path) -> None:
    """Overdue is the day after."""
    assert list(check(content(tmp_path, day=date(2027, 6, 1), guide_en=GUIDE))) == []


@pytest.mark.parametrize(("policy", "level"), [("", "note"), (ON, "error")])
def test_an_unverified_helpline_is_grave_where_it_is_needed(tmp_path: Path, policy: str, level: str) -> None:
    """Shipped ones are unverified until a community looks; then they must be."""
    (found,) = check(content(tmp_path, play("line"), policy=policy, line_en=CARD))
    assert (found.level, found.check) == (level, "helpline")
    assert ("(*)" in found.message) == (level == "error")


def test_a_helpline_that_ran_out_is_told_as_one(tmp_path: Path) -> None:
    """It wants a call, not a later day."""
    (found,) = check(
        content(tmp_path, play("line", more="maturity: live\nlane: safety\n"), day=date(2027, 2, 1), line_en=VERIFIED)
    )
    assert (found.level, found.check) == ("error", "helpline")
    assert found.message.endswith("call or look, then verify it anew")
