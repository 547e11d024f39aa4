"""Threads that were missed: those with the most people, opened meanwhile, that anybody may be told of; bounded and the same after a restart."""

import pytest

from processors.community.lively_threads import AWAY, THREADS_MAX, LivelyThreads, title_of
from processors.community_partition import CommunityPartition
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from processors.threads import ThreadPost
from tests.support.stories import DAY, NOON, Story, event, playbook, resource

MISSED = playbook("missed", "signal.missed", because="{signal.titles}")
DAYS = 24 * 60.0  # minutes


def post(thread: str, member: str, day: float, title: str = "", kind: str = "post") -> ThreadPost:
    """Words in a thread."""
    return ThreadPost(
        f"{thread}/{member}/{day}/{kind}", kind, f"town/{member}", "talk", thread, time=NOON + day * DAY, title=title
    )  # type: ignore[arg-type]


def thread(name: str, day: float, *members: str) -> list[ThreadPost]:
    """A thread by these members, an hour apart."""
    return [
        post(name, member, day + number / 24, f"On {name}" if not number else "")
        for number, member in enumerate(members)
    ]


def back(member: str = "ann", since: float = 0, day: float = 20) -> ThreadPost:
    """Somebody is back."""
    return ThreadPost("r", "returned", f"town/{member}", time=NOON + day * DAY, since=NOON + since * DAY)


def missed(posts: list[ThreadPost], returned: ThreadPost) -> str:
    """The titles that are told, empty for none."""
    threads = LivelyThreads([])
    for one in posts:
        threads.fold(one)
    signal = threads.missed(returned)
    return str(signal.evidence["titles"]) if signal else ""


def test_the_three_with_the_most_people_are_told() -> None:
    """Not those opened before, not one's own, not what few wrote in."""
    posts = [
        *thread("mills", 3, "a", "b", "c"), *thread("maps", 4, "a", "b", "c", "d"), *thread("boats", 5, "a", "b", "c", "d", "e"),
        *thread("rain", 6, "a", "b", "c", "b", "c"), *thread("old", -1, *"abcdefg"), *thread("own", 7, *"abcdef", "ann"),
        *thread("few", 8, "a", "b", "a", "b"),
    ]  # fmt: skip
    assert missed(posts, back()) == "On boats · On maps · On rain"
    assert missed(posts, back("zoe", since=5.5)) == "On own · On rain"
    assert missed([], back()) == ""


def test_who_reacted_counts_as_who_wrote() -> None:
    """A thread that one opened and many liked is told of; who liked something in it knows it; the same twice is one."""
    liked = [
        *thread("kiln", 3, "a"), *[post("kiln", name, 4, kind="reacted") for name in ("b", "c", "d", "b")],
        *thread("mills", 3, "a", "b", "c"), *thread("shy", 3, "a"), post("shy", "b", 4, kind="reacted"), post("shy", "b", 5, kind="reacted"),
    ]  # fmt: skip
    assert missed(liked, back()) == "On kiln · On mills"
    assert missed(liked, back("d")) == "On mills"
    assert missed([post("unknown", name, 4, kind="reacted") for name in "abcd"], back()) == ""


@pytest.mark.parametrize("kind", ["flagged", "moderated"])
def test_what_was_flagged_or_moderated_is_not_told(kind: str) -> None:
    """Nor is it when people go on writing, under the same title."""
    posts = [*thread("mills", 3, "a", "b", "c"), post("mills", "a", 4, kind=kind), post("mills", "d", 5, "On mills")]
    assert missed(posts[:3], back()) == "On mills"
    assert missed(posts, back()) == ""


def test_threads_are_bounded_and_new_ones_keep_a_place() -> None:
    """Of many the old go first, then those with the fewest people; what is gone is told to the store."""
    threads = LivelyThreads([])
    for one in thread("lively", 0, *"abcdef"):
        threads.fold(one)
    for number in range(THREADS_MAX + 5):
        threads.fold(post(f"t{number}", "a", 1 + number / 10, f"No {number}"))
    kept = {name for name, one in threads.touched.items() if one is not None}
    assert len(kept) <= THREADS_MAX
    assert {"lively", f"t{THREADS_MAX + 4}"} <= kept
    assert threads.touched["t0"] is None


def test_a_restart_tells_the_same() -> None:
    """From the stored entities."""
    first = CommunityPartition(0, {}, None, 1)
    for one in thread("mills", 3, "a", "b", "c"):
        first.apply(one)
    kept = {key: value for key, value in first.take_touched() if value}
    again = CommunityPartition(0, kept, first.encode_shared(), 1)
    for partition in (first, again):
        partition.apply(back())
        (signal,) = partition.take_outputs().signals
        assert (signal.key, signal.signal.kind, signal.signal.evidence) == (
            "town/ann", "missed", {"titles": "On mills", "threads": 1, "days": 20},
        )  # fmt: skip


def story(tags: dict[str, tuple[str, ...]] | None = None, title: str = "A map of the mills", days: float = 15) -> Story:
    """Ann is away; three people write in a thread with a title."""
    bundle = Bundle((resource(),), (MISSED,), {"*": Policy()}, tags=tags or {})
    told = Story(Catalog(bundle)).tell(event("post.read", 0))
    told.tell(event("post.created", DAYS, "bob", channel="talk", thread="t1", title=title, text="I drew one."))
    told.tell(
        event("post.replied", 2 * DAYS, "cem", channel="talk", thread="t1", title="Re: something else", text="Nice.")
    )
    told.tell(event("post.replied", 3 * DAYS, "dee", channel="talk", thread="t1", text="One is missing."))
    return told.tell(event("post.read", days * DAYS))


def test_who_is_back_after_two_weeks_is_told() -> None:
    """At the visit, with the title of the one who opened it; after a shorter time nobody is asked for anything."""
    assert [(one.member, one.because) for one in story().commands] == [("town/ann", "A map of the mills")]
    assert AWAY == 14 * DAY
    assert story(days=13.9).commands == []


def test_a_private_channel_is_told_of_to_nobody() -> None:
    """By its tag; other channels are not touched by it."""
    assert story({"private": ("ta*",)}).commands == []
    assert len(story({"private": ("board",)}).commands) == 1


def test_reactions_bring_a_thread_to_who_is_back() -> None:
    """From the log to the message; where a platform names no thread, the post that opened it is meant."""
    told = Story(Catalog(Bundle((resource(),), (MISSED,), {"*": Policy()})))
    told.tell(
        event("post.read", 0),
        event(
            "post.created",
            DAYS,
            "bob",
            channel="talk",
            thread="t1",
            post="p1",
            title="A map of the mills",
            text="I drew one.",
        ),
    )
    for name, place in (("cem", {"thread": "t1"}), ("dee", {"thread": "t1"}), ("eve", {"post": "t1"})):
        told.tell(event("reaction.added", 2 * DAYS, name, channel="talk", reaction="like", **place))
    assert [one.because for one in told.tell(event("post.read", 15 * DAYS)).commands] == ["A map of the mills"]


def test_without_a_playbook_nothing_is_handed_over() -> None:
    """A return and a reaction cost the community stage nothing where nobody tells of it."""
    told = Story(Catalog(Bundle((resource(),), (playbook(),), {"*": Policy()})))
    told.tell(
        event("post.read", 0), event("reaction.added", 5, thread="t1", reaction="like"), event("post.read", 20 * DAYS)
    )
    assert told.loop.crossings == 0


def test_a_title_is_one_line_of_bounded_length() -> None:
    """As it is told."""
    assert title_of("a\n b\t c") == "a b c"
    assert len(title_of("x" * 300)) == 80
