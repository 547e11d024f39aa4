"""The community stage's fold: repeated, common and unanswered questions; cuts change nothing."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.community import entities
from processors.community_partition import CommunityPartition
from processors.threads import ThreadPost
from tests.support.stories import HOUR, NOON

WORDS = "How do I mount the frobnicator partition under gentoo?"


def said(
    number: int, member: str, text: str = WORDS, *, at: float = 0.0, thread: str = "", question: bool = True
) -> ThreadPost:
    """Words of a member at an hour after noon."""
    return ThreadPost(
        f"p{number}", "post", f"town/{member}", "help", thread or f"t{number}", text, NOON + at * HOUR, question
    )


def mark(at: float, source: int = 0) -> ThreadPost:
    """A watermark at an hour after noon."""
    return ThreadPost(f"w{source}/{at}", "watermark", time=NOON + at * HOUR, source=source)


def kinds(partition: CommunityPartition) -> list[tuple[str, str]]:
    """The signals so far, as (kind, member)."""
    return [(one.signal.kind, one.key) for one in partition.take_outputs().signals]


def test_the_same_member_asks_again() -> None:
    """The second ask of the same member is a signal, a repeat within minutes is not."""
    partition = CommunityPartition(0, {}, None, 1)
    for post in (said(1, "ann"), said(2, "ann", at=0.1), said(3, "ann", at=2)):
        partition.apply(post)
    assert kinds(partition) == [("asked_again", "town/ann")]


def test_many_members_ask_the_same() -> None:
    """The third member within a week makes it a common question."""
    partition = CommunityPartition(0, {}, None, 1)
    for number, member in enumerate(("ann", "bob", "cem")):
        partition.apply(said(number, member, at=number))
    assert kinds(partition) == [("asked_by_many", "town/cem")]


def test_unanswered_only_when_every_source_has_come_so_far() -> None:
    """A lagging partition of the member stage may still hold the answer: time waits for it."""
    partition = CommunityPartition(0, {}, None, 2)
    partition.apply(said(1, "ann"))
    partition.apply(mark(30, source=0))
    assert kinds(partition) == []
    partition.apply(mark(25, source=1))
    assert kinds(partition) == [("unanswered", "town/ann")]
    partition.apply(mark(40, source=0))
    partition.apply(mark(40, source=1))
    assert kinds(partition) == []


def test_an_answer_by_somebody_else_closes_the_question() -> None:
    """An answer is a signal to the asker, and no unanswered one follows; the asker's own words are none."""
    partition = CommunityPartition(0, {}, None, 1)
    partition.apply(said(1, "ann"))
    partition.apply(said(2, "ann", "still not", thread="t1", question=False))
    partition.apply(said(3, "bob", "use the frob option", thread="t1", question=False))
    partition.apply(mark(50))
    assert kinds(partition) == [("answered", "town/ann")]


def test_an_answer_says_by_whom_and_after_how_long() -> None:
    """The author of the words; of an acceptance, whose answer was accepted."""
    partition = CommunityPartition(0, {}, None, 1)
    partition.apply(said(1, "ann"))
    partition.apply(said(2, "bob", "use the frob option", at=2, thread="t1", question=False))
    partition.apply(said(3, "cem", "Where do I find the office hours calendar?", thread="t3"))
    partition.apply(ThreadPost("a", "accepted", "town/cem", "help", "t3", "", NOON + HOUR, to="town/dan"))
    evidence = [one.signal.evidence for one in partition.take_outputs().signals if one.signal.kind == "answered"]
    assert evidence == [{"by": "town/bob", "seconds": 7200}, {"by": "town/dan", "seconds": 3600}]


def test_a_repeated_record_changes_nothing() -> None:
    """The member stage may repeat after a kill; ids seen are passed over."""
    partition = CommunityPartition(0, {}, None, 1)
    for _ in range(3):
        partition.apply(said(1, "ann"))
        partition.apply(said(2, "ann", at=2))
    assert kinds(partition) == [("asked_again", "town/ann")]


LOG = st.lists(
    st.tuples(st.sampled_from(("ask", "say", "mark", "cut")), st.sampled_from("abc"), st.integers(0, 40),
              st.sampled_from((WORDS, "How can I print labels from a spreadsheet?", "Where do I find the office hours calendar?"))),
    max_size=30,
)  # fmt: skip


def folded(log: list[tuple[str, str, int, str]], *, cuts: bool) -> tuple[list[object], dict[bytes, bytes]]:
    """Fold a log with or without cuts and restores."""
    states: dict[bytes, bytes] = {}
    partition, signals, hour = CommunityPartition(0, {}, None, 1), [], 0

    def close() -> None:
        signals.extend(partition.take_outputs().signals)
        for key, value in partition.take_touched():
            if value is None:
                states.pop(key, None)
            else:
                states[key] = value

    for number, (kind, member, gap, text) in enumerate(log):
        hour += gap
        if kind == "cut" and cuts:
            close()
            partition = CommunityPartition(0, states, partition.encode_shared(), 1)
        elif kind == "mark":
            partition.apply(mark(hour))
        elif kind in ("ask", "say"):
            partition.apply(said(number, member, text, at=hour, thread=f"t{gap % 3}", question=kind == "ask"))
    close()
    return signals, states


@given(LOG)
@settings(max_examples=100, deadline=None)
def test_cuts_and_restores_change_nothing(log: list[tuple[str, str, int, str]]) -> None:
    """Signals and entities are the same with any cuts and restores between."""
    assert folded(log, cuts=True) == folded(log, cuts=False)


def explained(number: int, text: str, day: float) -> ThreadPost:
    """An explanation of a moderator."""
    return ThreadPost(f"x{number}", "explained", "town/mod", "help", "", text, NOON + day * 24 * HOUR)


def test_a_moderator_explains_the_same_again() -> None:
    """From the third time in a month; other explanations and old ones do not count."""
    partition = CommunityPartition(0, {}, None, 1)
    text = "Please post job offers in the jobs channel only"
    for number, day in enumerate((0, 40, 41)):
        partition.apply(explained(number, text, day))
    partition.apply(explained(8, "Screenshots of text are hard to read; paste the text itself", 41))
    assert kinds(partition) == []
    partition.apply(explained(9, text, 42))
    assert kinds(partition) == [("explained_again", "town/mod")]


def test_a_helper_gives_the_same_answer_again() -> None:
    """Their own answers to questions of others, three times in a month; not what they say otherwise, nor what others answer."""
    text = "Load the frobnicator kernel module first and then mount the partition with the gentoo helper script."

    def answered(author: str, *, helper: bool = True, words: str = text, asked: bool = True) -> list[tuple[str, str]]:
        partition = CommunityPartition(0, {}, None, 1)
        for number in range(3):
            if asked:
                partition.apply(
                    said(number, f"m{number}", f"Where is the {['lantern', 'saddle', 'teapot'][number]}?", at=number)
                )
            name = author if number else "hal"
            post = said(10 + number, name, words, at=number + 0.5, thread=f"t{number}", question=False)
            partition.apply(msgspec.structs.replace(post, helper=helper))
        return [one for one in kinds(partition) if one[0] != "answered"]

    assert answered("hal") == [("explained_again", "town/hal")]
    assert answered("eve") == []
    assert answered("hal", helper=False) == []
    assert answered("hal", words="Try the helper script.") == []
    assert answered("hal", asked=False) == []


def test_growth_is_told_of_what_many_ask() -> None:
    """Asks of this week, and of the week before."""
    partition = CommunityPartition(0, {}, None, 1)
    for number, day in enumerate((0, 1, 9, 10, 11)):
        partition.apply(said(number, f"m{number}", at=24 * day))
    (signal,) = (one.signal for one in partition.take_outputs().signals if one.signal.evidence.get("members") == 3)
    evidence = signal.evidence
    assert (evidence["week"], evidence["before"], evidence["new"]) == (3, 2, 0)


def test_a_raid_and_a_feed_raise_nothing() -> None:
    """Copies from many accounts within minutes are nobody's wish; a bot that repeats itself is told nothing any more."""
    partition = CommunityPartition(0, {}, None, 1)
    for number in range(10):
        partition.apply(said(number, f"raider{number}", at=number / 60))
    assert kinds(partition) == []
    for number in range(10, 40):
        partition.apply(said(number, "bot", "What is the weather forecast for the harbour today?", at=number))
    assert len(kinds(partition)) == 4


def test_a_chat_s_question_is_news_after_minutes_and_an_answer_by_name_ends_it() -> None:
    """No thread: the channel's speakers are remembered, over a restart too."""
    states: dict[bytes, bytes] = {}
    partition = CommunityPartition(0, states, None, 1)

    def in_chat(number: int, member: str, text: str, minute: float, *, question: bool = False) -> ThreadPost:
        return ThreadPost(f"p{number}", "post", f"town/{member}", "chat", "", text, NOON + minute * 60, question)

    partition.apply(in_chat(1, "cem", "good morning", 0))
    partition.apply(in_chat(2, "ann", WORDS, 1, question=True))
    partition.apply(in_chat(3, "ben", "How can I print labels from a spreadsheet?", 1, question=True))
    states |= {key: value for key, value in partition.take_touched() if value is not None}
    partition = CommunityPartition(0, states, partition.encode_shared(), 1)
    partition.apply(in_chat(4, "dan", "cem: the meeting is at nine", 2))
    partition.apply(in_chat(5, "dan", "ann: use the frob option", 3))
    partition.apply(mark(0.2))
    assert kinds(partition) == [("answered", "town/ann"), ("unanswered", "town/ben")]


def test_states_from_before_vectors_and_counts_still_fold() -> None:
    """Entities of an older version, shorter by the new fields, are read; their stems alone are compared."""
    old = {
        b"h/town": msgspec.msgpack.encode([1, 1, b"", 0]),
        b"k/town/1": msgspec.msgpack.encode(
            [1, ["mount", "frobnicator", "partition", "gentoo"], [["town/ann", int(NOON), "p1"]], 1]
        ),
        b"q/town/p1": msgspec.msgpack.encode(["p1", "town/ann", "t1", "help", int(NOON), int(NOON) + 86400, False]),
    }
    partition = CommunityPartition(0, old, None, 1)
    partition.apply(said(2, "bob", "use the frob option", at=1, thread="t1", question=False))
    partition.apply(said(3, "ann", "mount frobnicator partition gentoo", at=2))
    assert kinds(partition) == [("answered", "town/ann"), ("asked_again", "town/ann")]


def test_ids_are_remembered_over_a_restart_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest are known again, the oldest of too many are not; the state holds eight bytes for each."""
    monkeypatch.setattr(entities, "SEEN_MAX", 3)
    partition = CommunityPartition(0, {}, None, 1)
    for number in range(5):
        partition.apply(said(number, "ann", "good morning", question=False))
    states = {key: value for key, value in partition.take_touched() if value is not None}
    assert len(msgspec.msgpack.decode(states[b"h/town"])[2]) == 24
    partition = CommunityPartition(0, states, partition.encode_shared(), 1)
    for number, repeats in ((2, 1), (3, 1), (4, 1), (0, 0)):
        partition.apply(said(number, "ann", "good morning", question=False))
        assert partition.take_outputs().repeats == repeats


def test_in_a_busy_chat_an_older_question_is_found_by_its_asker_s_name() -> None:
    """Beyond the young ones a line concerns a question only where it begins with the asker's name, and only that one's."""
    partition = CommunityPartition(0, {}, None, 1)

    def in_chat(number: int, member: str, text: str, minute: float, *, question: bool = False) -> None:
        post = ThreadPost(f"p{number}", "post", f"town/{member}", "chat", "", text, NOON + minute * 60, question)
        partition.apply(post)

    in_chat(0, "ann", WORDS, 0, question=True)
    in_chat(1, "ben", "How can I print labels from a spreadsheet?", 0, question=True)
    for number in range(2, 72):
        in_chat(
            number, f"member{'abcdefgh'[number % 8]}", "Where do I find the office hours calendar?", 1, question=True
        )
    partition.take_outputs()
    in_chat(90, "dan", "ann: use the frob option", 15)
    assert kinds(partition) == [("answered", "town/ann")]
