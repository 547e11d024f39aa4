"""Conditions that would hold for nobody, or for everybody, are told; those that can hold are not."""

from typing import Any

import pytest

from resource_catalog.condition_values import misfit


@pytest.mark.parametrize(
    ("path", "wanted", "told"),
    [
        ("member.posts", "0", "expected a number, or {gte: 3} and the like; found '0'"),
        ("member.posts", "> 3", "expected a number, or {gte: 3} and the like; found '> 3'"),
        ("member.silent_days", "14 days", "expected a number, or {gte: 3} and the like; found '14 days'"),
        ("member.posts", {"any": [0, "1"]}, "expected a number, or {gte: 3} and the like; found '1'"),
        ("member.posts", True, "expected a number, or {gte: 3} and the like; found true"),
        ("time.hour", 24, "expected an hour from 0 to 23, found 24"),
        ("time.hour", "18-22", "expected a number, or {gte: 3} and the like; found '18-22'"),
        ("time.weekday", "Monday", "did you mean monday?"),
        ("time.weekday", "Montag", "Montag is none of monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
        ("time.weekday", {"none": ["saturday", "sundy"]}, "did you mean sunday?"),
        ("time.part_of_day", "noon", "noon is none of night, morning, afternoon, evening"),
        ("member.role", ["bot", "staff"], "expected one value, found a list; write {any: [bot, staff]} for one of them"),
        ("member.role", {"not": ["bot", "staff"]}, "not: expected one value, found a list; write {none: [bot, staff]} for none of them"),
        ("member.role", {"none": "bot"}, "none: expected a list, such as {none: [bot]}"),
        ("event.field", {"not": ["a", "b"]}, "write {none: [a, b]} for none of them"),
        ("member.region", 10115, 'expected a text, found 10115; put it in quotes: "10115"'),
        ("member.opted_in", True, "expected a text, found true"),
        ("member.locale", "german", "expected a language such as en, de or de-AT; found german"),
        ("member.timezone", "Berlin", "expected a name such as Europe/Berlin, found Berlin"),
    ],
)  # fmt: skip
def test_a_value_that_the_fact_never_has(path: str, wanted: Any, told: str) -> None:
    """Said so that its author can mend it."""
    assert told in misfit(path, wanted)


def test_what_is_neither_text_nor_number_is_not_to_be_quoted() -> None:
    """A quoted `true` would hold for nobody either."""
    assert misfit("member.opted_in", True) == "expected a text, found true"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("member.posts", 0),
        ("member.left", True),
        ("member.days", {"gte": 1.5, "lt": 7}),
        ("member.role", {"none": ["bot", "staff"]}),
        ("member.role", {"known": False}),
        ("member.groups", {"named": "check-ins"}),
        ("member.interests", "chess"),
        ("member.segment", ["newcomers", "readers"]),
        ("member.locale", {"not": "de-AT"}),
        ("member.timezone", "Europe/Berlin"),
        ("time.weekday", {"any": ["saturday", "sunday"]}),
        ("time.hour", {"gte": 18}),
        ("event.stars", "5"),
        ("signal.score", 0.5),
    ],
)
def test_a_value_that_it_may_have(path: str, wanted: Any) -> None:
    """Of events and signals anything is taken that is one value."""
    assert misfit(path, wanted) == ""
