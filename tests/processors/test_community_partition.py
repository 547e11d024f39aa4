"""The community stage's fold: repeated, common and unanswered questions; cuts change nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

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
