"""Texts for people in distress: what they must hold, what they must not, and how long a helpline is trusted."""

from pathlib import Path

import pytest

from resource_catalog.care_text import CARE_THEMES, forbidden, missing
from resource_catalog.loader import SHIPPED, load
from resource_catalog.problems import CatalogError

HELPLINE = (SHIPPED / "resources" / "crisis" / "crisis-support.en.md").read_text(encoding="utf-8")
VERIFIED = "verified: true\nverified_at: 2027-01-01\nverified_by: Kim\nexpires: 2027-03-01\n"


def problems(folder: Path, *texts: str) -> list[str]:
    """Load helplines, one a language; return what is said of them."""
    for locale, text in zip(("en", "de"), texts, strict=False):
        path = folder / "resources" / "crisis" / f"line.{locale}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        load(folder)
    except CatalogError as error:
        return [one.message for one in error.problems]
    return []


def test_the_shipped_texts_hold_what_they_must() -> None:
    """Automatic and why, two ways at least, the emergency number, "not for me", "stop"; nothing forbidden."""
    care = [one for one in load(SHIPPED).bundle.resources if one.theme in CARE_THEMES]
    assert {one.kind for one in care} >= {"helpline", "microguide"}
    for one in care:
        for locale, text in one.locales.items():
            assert forbidden(f"{text.title} {text.summary} {text.body}", locale) == []
            if one.kind == "helpline":
                assert missing(text.summary, locale) == []


@pytest.mark.parametrize(
    ("text", "locale", "found"),
    [
        ("Please cheer up, others have it worse.", "en", ["cheer up", "others have it worse"]),
        ("He COMMITTED suicide.", "en", ["committed suicide"]),
        ("Kopf hoch, alles wird gut!", "de", ["kopf hoch", "alles wird gut"]),
        ("Kopf hoch!", "fr", ["kopf hoch"]),
        ("You are not alone with this.", "en", []),
    ],
)
def test_a_phrase_that_hurts_is_found(text: str, locale: str, found: list[str]) -> None:
    """In both languages, whatever the case; a language without a list is held against all lists."""
    assert forbidden(text, locale) == found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("automatically", "by us", "that it was sent automatically is missing"),
        ("because", "as", "why it was sent is missing"),
        ("911 or 112", "somebody", "an emergency number is missing"),
        ("Not for you?", "So what?", "a way out (not for you) is missing"),
        ('"stop"', '"no"', "how to stop such messages is missing"),
        ("This was sent", "Cheer up. This was sent", '"cheer up" hurts'),
        ("verified: false", "verified: true", "needs verified_at and expires"),
        ("verified: false", VERIFIED.replace("2027-03-01", "2027-04-02"), "at most 90 days after verified_at"),
        ("verified: false", VERIFIED.replace("verified_by: Kim\n", ""), "verified_by: a verified helpline says who"),
    ],
)
def test_a_helpline_that_lacks_something_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Whoever writes one is told what to mend."""
    assert old in HELPLINE
    assert [one for one in problems(tmp_path, HELPLINE.replace(old, new)) if message in one]


def test_a_verified_helpline_ends(tmp_path: Path) -> None:
    """Its end is in the bundle, where the arbiter looks."""
    assert problems(tmp_path, HELPLINE.replace("verified: false", VERIFIED)) == []
    line = load(tmp_path).bundle.resources[0]
    assert line.verified
    assert line.expires > 0


def test_one_unverified_language_leaves_the_whole_unverified(tmp_path: Path) -> None:
    """A community serves a language when somebody has looked at its numbers."""
    german = (SHIPPED / "resources" / "crisis" / "crisis-support.de.md").read_text(encoding="utf-8")
    assert problems(tmp_path, HELPLINE.replace("verified: false", VERIFIED), german) == []
    assert not load(tmp_path).bundle.resources[0].verified
