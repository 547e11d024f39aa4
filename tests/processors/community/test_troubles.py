"""Troubles: steps, searches and places where several members have them become gaps; one member's are nobody's business."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.community import troubles
from processors.community.content_gaps import Gap
from processors.community.troubles import Trouble, Troubles
from processors.community_partition import CommunityPartition
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.resources import Localised, Policy
from processors.threads import ThreadPost
from tests.support.stories import DAY, NOON, Story, catalog, event, resource

TASK = Journey("task", ("task.begun",), (Step("finish", ("task.completed",), usual=86400.0),), title="your task")
LOOKED = Journey("search", ("search.performed",), (Step("find", ("link.clicked",), usual=43200.0),))
INVOICE = resource("invoice", locales={"en": Localised("Where can I download an invoice?", "Under orders.")})


def story() -> Story:
    """A community with two journeys and a page about invoices."""
    return Story(catalog(resources=(INVOICE,), policy=Policy(journeys=(TASK, LOOKED))))


def open_gaps(told: Story) -> list[Gap]:
    """The gaps that are open at the end."""
    return [one for one in told.loop.gaps.values() if not one.closed]


def test_searches_of_three_members_without_a_click_are_a_gap() -> None:
    """With the words they share, however they bend them; the words of fewer are told to nobody."""
    told = story()
    queries = ("the submarine cables", "Submarine cable", "cables, submarines?")
    for minute, (member, query) in enumerate(zip(("ann", "bob", "cyn"), queries, strict=True)):
        assert open_gaps(told) == []
        told.tell(event("search.performed", minute * 60, member, query=query)).wait(minute * 60 + 20)
    (gap,) = open_gaps(told)
    assert (gap.kind, gap.about, gap.members, gap.friction, gap.resource) == ("searched", "submarine cables", 3, 6, "")


def test_a_search_that_led_somewhere_is_none() -> None:
    """A click, or asking people instead; the same member three times; three members for three things."""
    told = story()
    for minute, member in enumerate(("ann", "bob", "cyn")):
        told.tell(event("search.performed", minute * 60, member, query="submarine cables"))
        told.tell(event(("link.clicked", "post.created")[minute % 2], minute * 60 + 5, member)).wait(minute * 60 + 20)
    for minute, (member, query) in enumerate(
        (("eve", "red"), ("eve", "red"), ("eve", "red"), ("fay", "blue"), ("gus", "gold"))
    ):
        told.tell(event("search.performed", 500 + minute * 60, member, query=f"{query} cables")).wait(520 + minute * 60)
    assert open_gaps(told) == []


def test_a_page_that_is_there_and_was_not_found_is_named() -> None:
    """What the catalog would have had for the words."""
    told = story()
    for minute, member in enumerate(("ann", "bob", "cyn")):
        told.tell(event("search.performed", minute * 60, member, query="download invoice")).wait(minute * 60 + 20)
    (gap,) = open_gaps(told)
    assert gap.resource == "invoice"


def test_a_step_where_three_members_get_stuck_is_a_gap() -> None:
    """By the ids of journey and step; the journey that begins with a search is told of as a search alone."""
    told = story()
    for minute, member in enumerate(("ann", "bob", "cyn")):
        told.tell(event("task.begun", minute * 60, member, name="survey"))
        told.tell(event("search.performed", minute * 60 + 1, member, query="survey"))
    told.wait(60 * 48)
    assert sorted((one.kind, one.about) for one in open_gaps(told)) == [
        ("searched", "survey"),
        ("stuck", "task/finish"),
    ]


def test_a_place_where_three_members_are_lost_is_a_gap() -> None:
    """Where they were, or what they tried again and again."""
    told = story()
    for minute, member in enumerate(("ann", "bob", "cyn")):
        told.tell(*(event("draft.started", minute * 60 + one, member, name="wiki") for one in range(3)))
    (gap,) = open_gaps(told)
    assert (gap.kind, gap.about, gap.members) == ("lost", "wiki", 3)


def trouble(number: int, day: float, about: str = "task/finish") -> ThreadPost:
    """A trouble of a member of its own."""
    return ThreadPost(f"s{number}", "stuck", f"town/{number}", time=NOON + day * DAY, about=about)


def written(*posts: ThreadPost) -> list[Gap]:
    """What a partition writes of gaps."""
    partition = CommunityPartition(0, {}, None, 1)
    for post in posts:
        partition.apply(post)
    return partition.take_outputs().gaps


MARK = ThreadPost("w", "watermark", time=NOON + 28 * DAY)


def test_it_closes_once_fewer_have_it() -> None:
    """Fewer than three within four weeks."""
    assert [one.closed for one in written(trouble(1, 0), trouble(2, 1), trouble(3, 2), MARK)] == [False, True]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_cuts_change_nothing(cuts: list[bool]) -> None:
    """Wherever the partition is stored and opened again, the same records are written."""
    posts = [trouble(1, 0), trouble(2, 1), trouble(3, 2), trouble(4, 3, "task/begin"), MARK]
    partition = CommunityPartition(0, {}, None, 1)
    states: dict[bytes, bytes] = {}
    found: list[Gap] = []
    for post, cut in zip(posts, cuts, strict=True):
        partition.apply(post)
        found += partition.take_outputs().gaps
        if cut:
            for key, value in partition.take_touched():
                states.pop(key, None) if value is None else states.update({key: value})
            partition = CommunityPartition(0, states, partition.encode_shared(), 1)  # type: ignore[arg-type]  # items() iterates
    assert found == written(*posts)


def test_a_repeated_record_counts_once() -> None:
    """As after a kill of the member stage."""
    assert written(trouble(1, 0), trouble(2, 1), trouble(2, 1)) == []


def test_places_are_bounded_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least recent goes first; after a month of quiet each."""
    monkeypatch.setattr(troubles, "TROUBLES_MAX", 2)
    known = Troubles([])
    names = [f"stuck-{Trouble('stuck', about, []).key}" for about in "abc"]
    for number, about in enumerate("abc"):
        known.add(trouble(number, number, about))
    assert [known.touched[name] is None for name in names] == [True, False, False]
    known.add(trouble(9, 40, "a"))
    assert [known.touched[name] is None for name in names] == [False, True, True]
