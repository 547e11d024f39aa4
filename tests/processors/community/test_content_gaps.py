"""Content gaps: opened by many who ask what nothing answers, closed by rest or by an answer, the same after a restart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.community import content_gaps
from processors.community.content_gaps import RESTS, ContentGaps, Gap, Need, growth
from processors.community.state import Ask
from processors.community_partition import CommunityPartition
from processors.threads import ThreadPost
from tests.support.stories import DAY, NOON

QUESTION = "How do I mount the frobnicator partition under gentoo?"


def ask(number: int, day: float, member: str = "", text: str = QUESTION, resource: str = "") -> ThreadPost:
    """A question of a member of its own, in a thread of its own, so many days after noon."""
    return ThreadPost(
        f"p{number}", "post", f"town/{member or number}", "help", f"t{number}", text, NOON + day * DAY, True, resource=resource
    )  # fmt: skip


def mark(day: float) -> ThreadPost:
    """Time handed over."""
    return ThreadPost(f"w{day}", "watermark", time=NOON + day * DAY)


def gaps(*posts: ThreadPost) -> list[Gap]:
    """What a partition writes of gaps."""
    partition = CommunityPartition(0, {}, None, 1)
    for post in posts:
        partition.apply(post)
    return partition.take_outputs().gaps


def test_three_members_within_a_week_open_a_gap_with_counts_and_ids() -> None:
    """Each further ask writes how it stands; no text is in it."""
    first, second = gaps(ask(1, 0), ask(2, 1), ask(3, 2), ask(4, 8))
    assert (first.id, first.kind, first.opened) == ("town/asked-1", "asked", NOON + 2 * DAY)
    assert (first.members, first.asks, first.week, first.before, first.friction) == (3, 3, 3, 0, 6)
    assert (second.members, second.week, second.before, second.opened) == (4, 3, 1, first.opened)
    assert (second.threads, second.posts) == (("t1", "t2", "t3", "t4"), ("p1", "p2", "p3", "p4"))
    assert "frobnicator" not in str(second)


def test_no_gap_where_few_ask_where_a_page_answers_or_where_it_is_a_raid() -> None:
    """The same member three times, three members of whom the last is answered, five accounts with the same words."""
    assert gaps(ask(1, 0, "ann"), ask(2, 1, "ann"), ask(3, 2, "ann"), ask(4, 3, "bob")) == []
    assert gaps(ask(1, 0, resource="x"), ask(2, 1, resource="x"), ask(3, 2, resource="x")) == []
    assert gaps(*(ask(number, number / 2000) for number in range(1, 6))) == []
    assert gaps(ask(1, 0), ask(2, 8), ask(3, 16)) == []


def test_a_gap_closes_when_asks_rest_or_when_a_page_answers() -> None:
    """By itself, once fewer than three members asked within two weeks; each is told once."""
    opened = (ask(1, 0), ask(2, 1), ask(3, 2))
    assert [one.closed for one in gaps(*opened, mark(13.9), mark(14), mark(40))] == [False, True]
    assert [one.closed for one in gaps(*opened, ask(4, 10), mark(14.9), mark(15), mark(24))] == [False, False, True]
    weekly = [ask(4 + number, 6 + 6 * number) for number in range(5)]  # one a week is no gap any more
    assert [one.closed for one in gaps(*opened, *weekly, mark(60))] == [False, False, False, False, False, False, True]
    again = [ask(4 + number, 3 + number, "ann") for number in range(9)]  # nor is one member who asks on
    assert [one.closed for one in gaps(*opened, *again, mark(15.9), mark(16))][-2:] == [False, True]
    assert [one.closed for one in gaps(*opened, ask(4, 3, resource="x"), ask(5, 4, resource="x"))] == [False, True]


def test_what_a_page_answered_of_late_is_no_gap_in_other_words() -> None:
    """The page is there, it was only not found; weeks later it may be gone."""
    answered = ask(1, 0, resource="x")
    assert gaps(answered, ask(2, 1), ask(3, 2), ask(4, 3)) == []
    (gap,) = gaps(answered, ask(2, 15), ask(3, 16), ask(4, 17))
    assert not gap.closed


def test_what_is_explained_again_and_again_is_a_gap_too() -> None:
    """From the third time in a month."""
    posts = [
        ThreadPost(f"x{day}", "explained", "town/mod", "help", "", "Please post job offers in the jobs channel", NOON + day * DAY)
        for day in (0, 9, 18)
    ]  # fmt: skip
    (gap,) = gaps(*posts)
    assert (gap.kind, gap.asks, gap.members, gap.week) == ("explained", 3, 1, 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=9, max_size=9))
def test_cuts_change_nothing(cuts: list[bool]) -> None:
    """Wherever the partition is stored and opened again, the same records are written."""
    posts = [
        ask(1, 0),
        ask(2, 1),
        ask(3, 2),
        mark(3),
        ask(4, 4),
        mark(10),
        ask(5, 11, resource="x"),
        ask(6, 12),
        mark(60),
    ]
    partition = CommunityPartition(0, {}, None, 1)
    states: dict[bytes, bytes] = {}
    written: list[Gap] = []
    for post, cut in zip(posts, cuts, strict=True):
        partition.apply(post)
        written += partition.take_outputs().gaps
        if cut:
            for key, value in partition.take_touched():
                states.pop(key, None) if value is None else states.update({key: value})
            partition = CommunityPartition(0, states, partition.encode_shared(), 1)  # type: ignore[arg-type]  # items() iterates
    assert written == gaps(*posts)
    assert len(written) == 3


def test_open_gaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound the one that would close first is closed."""
    monkeypatch.setattr(content_gaps, "OPEN_MAX", 2)
    found = ContentGaps("town", [])
    for number in range(3):
        asks = [Ask(f"town/{member}", number, "e") for member in "abc"]
        last = found.needed(Need("asked", str(number), asks, 3), now=number, answered=False, replay=False)
    assert [(one.id, one.closed) for one in last] == [("town/asked-0", True), ("town/asked-2", False)]
    assert found.next_due() == 1 + RESTS


def test_a_gap_asked_for_again_is_not_the_next_to_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is its first time of closing the next that is due; so it is after any number of asks."""
    monkeypatch.setattr(content_gaps, "OPEN_MAX", 2)
    monkeypatch.setattr(content_gaps, "CLOSING_MAX", 5)
    found = ContentGaps("town", [])
    for key, begin in (("old", 0), ("new", 100), *(("old", 200 + again) for again in range(20)), ("last", 300)):
        asks = [Ask(f"town/{member}", begin, "e") for member in "abc"]
        last = found.needed(Need("asked", key, asks, 3), now=begin, answered=False, replay=False)
    assert [(one.id, one.closed) for one in last] == [("town/asked-new", True), ("town/asked-last", False)]
    assert found.next_due() == 219 + RESTS


def test_growth_counts_weeks_without_copies() -> None:
    """Seven days, the seven before, and nothing older."""
    days = (30, 13, 10, 6, 1, 0)
    asks = [Ask("town/a", int(NOON - day * DAY), "e", copy=day == 1) for day in days]
    assert growth(asks, NOON) == (2, 2)


def answer(number: int, day: float, kind: str = "post", *, helper: bool = False, post: str = "") -> ThreadPost:
    """Somebody else's words in the thread of a question; `post` is the platform's id."""
    return ThreadPost(
        f"a{number}/{kind}/{day}", kind, "town/hal", "help", f"t{number}", "Like this.", NOON + day * DAY, helper=helper, about=post
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_gap_names_the_best_answer_of_people() -> None:
    """An accepted one before a helper's, a helper's before anybody's, of equals the latest; told as soon as it is known."""
    opened = (ask(1, 0), ask(2, 1), ask(3, 2))
    told = gaps(*opened, answer(1, 3, post="h1"), answer(2, 4, helper=True, post="h2"), answer(3, 5, post="h3"))
    assert [(one.answered_by, one.answer_thread, one.answer) for one in told] == [
        ("", "", ""), ("somebody", "t1", "h1"), ("helper", "t2", "h2"),
    ]  # fmt: skip
    accepted = gaps(*opened, answer(1, 3, helper=True, post="h1"), answer(2, 4, "accepted"), answer(3, 5, helper=True))
    assert [(one.answered_by, one.answer_thread) for one in accepted] == [
        ("", ""), ("helper", "t1"), ("accepted", "t2"),
    ]  # fmt: skip


def test_the_answer_given_before_the_gap_opened_is_known() -> None:
    """The first question of a cluster was answered long before the third was asked."""
    (gap,) = gaps(ask(1, 0), answer(1, 0.1, helper=True, post="h1"), ask(2, 1), ask(3, 2))
    assert (gap.answered_by, gap.answer) == ("helper", "h1")


def test_an_answer_that_is_accepted_after_others_were_given_is_the_best() -> None:
    """As nearly all are: first come words that close the question, then the asker says which answer helped; a moderator's words are as late."""
    clueless = answer(2, 1.1, post="no-idea")
    accepted = ThreadPost("acc", "accepted", "town/m2", "help", "t2", "", NOON + 1.2 * DAY, to="town/dan")
    (gap,) = gaps(ask(1, 0), ask(2, 1), clueless, accepted, ask(3, 2))
    assert (gap.answered_by, gap.answer_thread, gap.answer) == ("accepted", "t2", "")
    told = gaps(ask(1, 0), ask(2, 1), clueless, ask(3, 2), answer(2, 3, "explained", post="why"))
    assert [(one.answered_by, one.answer_thread, one.answer) for one in told] == [
        ("somebody", "t2", "no-idea"),
        ("helper", "t2", "why"),
    ]


def test_states_of_before_have_their_names_and_their_times() -> None:
    """A gap that was stored by its number is the same gap."""
    old = ContentGaps("town", [content_gaps.OpenGap("asked", 7, 5, 100)])
    assert [(one.id, one.closed, one.opened) for one in old.resting(100, replay=False)] == [("town/asked-7", True, 5)]
