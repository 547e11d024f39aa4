"""The preference page: each button is one wish, and no button is one that the page does not have."""

import pytest

from processors.vocabulary import ChosenTime, Data, Preference
from tests.support.member_pages import NOW, Pages

DAY = 86400.0


@pytest.fixture
def pages() -> Pages:
    """Pages of their own."""
    return Pages()


@pytest.mark.parametrize(
    ("fields", "kind", "data", "said"),
    [
        ({"choice": "pause", "days": "7"}, "preference.snoozed", Preference(until=NOW + 1 + 7 * DAY), "No messages for 7 days"),
        ({"choice": "pause", "days": "30"}, "preference.snoozed", Preference(until=NOW + 1 + 30 * DAY), "No messages for 30 days"),
        ({"choice": "stop", "kind": "onboarding"}, "preference.opted_out", Preference(kind="onboarding"), "Stopped: First steps"),
        ({"choice": "allow", "kind": "questions"}, "preference.opted_in", Preference(kind="questions"), "Allowed again: Questions and answers"),
        ({"choice": "stop_all"}, "preference.opted_out", Preference(), "no more messages"),
        ({"choice": "resume"}, "preference.opted_in", Preference(), "allowed again"),
        ({"choice": "time", "when": "next_visit"}, "preference.time_chosen", ChosenTime(when="next_visit"), "Saved"),
        ({"choice": "time", "when": "hours", "begins": "18", "ends": "22"}, "preference.time_chosen", ChosenTime(when="hours", hour=18, until_hour=22), "Saved"),
    ],
)  # fmt: skip
def test_each_button_is_one_wish(pages: Pages, fields: dict[str, str], kind: str, data: Data, said: str) -> None:
    """Written in the member's name before the page says so."""
    answer = pages.post(f"/preferences/{pages.token('preferences')}", data=fields)
    assert answer.status_code == 200
    assert said in answer.text
    [event] = pages.journal.events
    assert (event.type, event.key, event.data) == (kind, "town/ann", data)


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "dance"}, {}, {"choice": "stop", "kind": "forgotten"}, {"choice": "stop", "kind": "notices"}, {"choice": "stop"},
        {"choice": "pause", "days": "9999"}, {"choice": "time", "when": "never"}, {"choice": "time", "when": "hours", "begins": "24"},
    ],
)  # fmt: skip
def test_what_no_button_posts_is_refused(pages: Pages, fields: dict[str, str]) -> None:
    """And nothing is written."""
    assert pages.post(f"/preferences/{pages.token('preferences')}", data={**fields, "x": "y"}).status_code == 400
    assert pages.journal.events == []


def test_the_page_shows_the_kinds_that_there_are_in_the_members_language(pages: Pages) -> None:
    """Of playbooks in force, without what goes to staff; a look changes nothing."""
    text = pages.get(f"/preferences/{pages.token('preferences', locale='de')}").text
    assert "Erste Schritte" in text
    assert "Fragen und Antworten" in text
    assert "orgotten" not in text
    assert "otices" not in text
    assert pages.journal.events == []


def test_a_second_press_in_one_second_is_the_same_event(pages: Pages) -> None:
    """Later it is a new wish: it may have been taken back in between."""
    path = f"/preferences/{pages.token('preferences')}"
    for wait in (0.0, -1.0, 5.0):
        pages.now += wait
        pages.post(path, data={"choice": "stop_all"})
    first, second, third = (event.id for event in pages.journal.events)
    assert first == second != third
