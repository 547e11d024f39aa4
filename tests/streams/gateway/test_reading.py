"""Readers of any JSON: bounded, exact in time, and never surprised."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.vocabulary import Profile, Search, Text
from streams.gateway.reading import (
    LIST_MAX,
    NAME_MAX,
    TEXT_MAX,
    bounded,
    first,
    identifier,
    language,
    names,
    plain,
    profile,
    text,
    time_of,
    truth,
    whole,
    words,
    zone,
)

NOON = 1769860800.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1769860800, NOON), ("1769860800.5", NOON + 0.5), (1769860800500, NOON + 0.5), (1769860800500000, NOON + 0.5), (1769860800500000000, NOON + 0.5),
        ("2026-01-31T12:00:00Z", NOON), ("2026-01-31t13:00:00+01:00", NOON), ("2026-01-31T12:00:00.500z", NOON + 0.5), ("2026-01-31T12:00:00", NOON),
        (" 2026-01-31 12:00:00 ", NOON), ("2026-01-31", NOON - 43200), (0, None), (-5, None), ("1999-12-31T23:59:59Z", None), ("2100-01-01T00:00:00Z", None),
        ("2026-01-31 12:00:00 UTC", NOON), ("Sat, 31 Jan 2026 12:00:00 GMT", NOON), ("31 Jan 2026 13:00:00 +0100", NOON), ("soon GMT", None), ("Sat, 99 Jan 2026", None),
        ("soon", None), ("", None), (True, None), (None, None), ([], None), ({}, None), (float("nan"), None), ("1e999", None), (10**400, None), ("9999-12-31T23:59:59-23:59", None),
    ],
)  # fmt: skip
def test_times(value: Any, expected: float | None) -> None:
    """ISO 8601 with or without a zone, epochs in four units; nothing outside 2000 to 2100."""
    assert time_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(" a ", "a"), (7, "7"), (7.0, "7"), (1.5, "1.5"), (True, None), ("", None), ("  ", None), (None, None), ([1], None), ("\ud800x", "?x"), (2**70, None)],
)  # fmt: skip
def test_texts(value: Any, expected: str | None) -> None:
    """Numbers are texts too, true and false are not; half a surrogate pair does not get through."""
    assert text(value) == expected


def test_what_is_long_is_cut() -> None:
    """Words, names and lists; an id keeps a hash of what was cut."""
    assert len(words("a" * 99999)) == TEXT_MAX
    assert text("b" * 999) == "b" * NAME_MAX
    assert len(names([str(number) for number in range(999)])) == LIST_MAX
    one, other = (identifier("c" * 999 + end) for end in "xy")
    assert one
    assert one != other
    assert len(one) == NAME_MAX
    data = bounded(Text(text="d" * 99999, post="e" * 999))
    assert (len(data.text), len(data.post or "")) == (TEXT_MAX, NAME_MAX)  # type: ignore[attr-defined]
    assert bounded(Search(query="f" * 9999, results=3)) == Search(query="f" * 2000, results=3)


def test_numbers_flags_and_lists() -> None:
    """As text or as such."""
    assert [whole(one) for one in ("7", 7.0, "7.5", True, None, "x", float("inf"), 10**400)] == [
        7,
        7,
        None,
        None,
        None,
        None,
        None,
        None,
    ]
    assert [truth(one) for one in (True, "true", "False", 1, None)] == [True, True, False, False, False]
    assert names("ferns, moss;; ferns") == names(["ferns", "moss", None, ""]) == ("ferns", "moss")
    assert names([{"id": 1, "name": "ferns", "slug": "f"}, {"label": "moss"}, {"id": 2}, {"name": []}]) == (
        "ferns",
        "moss",
    )
    assert first({"a": None, "b": 0}, "a", "b") == 0


def test_html_becomes_words() -> None:
    """Quotations are marked, scripts left out, entities read; what is no HTML stays as it is."""
    html = "<p>One &amp; two</p><script>x()</script><aside class='quote'><blockquote>said\nbefore</blockquote></aside><p>three</p>"
    assert plain(html) == "One & two\n\n> said\n> before\n\nthree"
    assert plain("1 > 0") == "1 > 0"
    assert plain(None) == plain({}) == ""


def test_a_profile_under_any_of_the_usual_names() -> None:
    """The first source that says a thing counts; a zone that does not exist is none."""
    assert profile(
        {"jobTitle": "Gardener", "tz": "Mars/Base", "birthday": "1990-05-01"},
        {"country": "DE", "role": "x", "interests": "moss"},
    ) == Profile(role="Gardener", region="DE", birth_year=1990, interests=("moss",))
    assert profile({"name": "Ann", "role": " "}, {}) is None
    assert zone("america_slash_new_york") == "America/New_York"


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("de", "de"), ("DE", "de"), ("de-DE", "de-DE"), ("de_DE", "de-DE"), ("pt_br", "pt-BR"), ("de_DE.UTF-8", "de-DE"), ("zh_Hans_CN", "zh-Hans-CN"),
        ("en@posix", "en"), ("German", "German"), ("", ""), (None, None),
    ],
)  # fmt: skip
def test_a_language_however_it_is_written(written: str | None, tag: str | None) -> None:
    """As Rails, Java and the C library write it; otherwise its readers would get another language."""
    assert language(written) == tag
    assert profile({"locale": written}) == (Profile(locale=tag) if tag else None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_readers_take_anything(value: Any) -> None:
    """No reader raises, whatever it is given."""
    for reader in (text, identifier, words, whole, truth, names, time_of, plain):
        reader(value)
    profile(dict.fromkeys(("role", "timezone", "interests", "birth_year"), value))
