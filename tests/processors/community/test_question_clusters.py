"""Clusters: bounded, expiring, the same after a restart, not moved by what joins them."""

import random

import pytest

from processors.community import question_clusters
from processors.community.question_clusters import BLOCK, COMPARED, MEANT_ALIKE, QuestionClusters, _Matrix
from processors.community.state import EXPIRES, Ask
from processors.text.similarity import read_words
from processors.text.word_vectors import SHIPPED

QUESTIONS = (
    "How do I repair the violin of my neighbour?", "Where can I print a poster in colour?", "Which kernel do I need for my old laptop?",
    "Can somebody explain the invoice from last month?", "How often should I water a cactus in winter?",
)  # fmt: skip
THINGS = ("printer", "calendar", "kernel", "invoice", "garden", "violin", "harbour", "lantern", "saddle", "teapot")


def add(clusters: QuestionClusters, number: int, text: str, time: int | None = None) -> tuple[int, int]:
    """Ask; return the cluster's number and how often it was asked."""
    ask = Ask(f"town/m{number}", number if time is None else time, f"e{number}")
    cluster, _, _ = clusters.add(read_words(text, SHIPPED), ask, number)
    return cluster.number, cluster.count


def test_the_same_asked_by_others_joins_and_another_matter_does_not() -> None:
    """Found by rare words, in a crowd of other questions."""
    clusters = QuestionClusters([], {}, 0, SHIPPED)
    for number, text in enumerate(QUESTIONS):
        assert add(clusters, number, text) == (number, 1)
    assert add(clusters, 50, "How can I repair a violin for my neighbour?") == (0, 2)
    assert add(clusters, 51, "Where do I find the office hours?") == (51, 1)


def test_live_clusters_are_bounded_and_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound the one longest unasked goes; after the time without an ask too; both are told to the store."""
    monkeypatch.setattr(question_clusters, "CLUSTERS_MAX", 5)
    clusters = QuestionClusters([], {}, 0, SHIPPED)
    for number, thing in enumerate(THINGS):
        add(clusters, number, f"Where is the {thing} {thing}shop?")
    assert list(clusters.live) == [5, 6, 7, 8, 9]
    assert clusters.touched[0] is None
    add(clusters, 20, "Where is the bakery of this village?", EXPIRES + 100)
    assert list(clusters.live) == [20]


def test_after_a_restart_the_same_is_found() -> None:
    """Rows, index and frequencies are built again from what is stored."""
    before = QuestionClusters([], {}, 0, SHIPPED)
    for number, thing in enumerate(THINGS):
        add(before, number, f"How do I repair the {thing}?")
    frequencies = before.frequencies
    after = QuestionClusters(list(before.live.values()), frequencies.pages, frequencies.questions, SHIPPED)
    assert add(after, 30, "How can I repair a teapot?") == (9, 2)


def test_a_cluster_does_not_drift() -> None:
    """What joins is compared with the first question, so that no chain leads to another matter."""
    clusters = QuestionClusters([], {}, 0, SHIPPED)
    add(clusters, 1, "How do I mount the frobnicator partition under gentoo?")
    add(clusters, 2, "How do I mount the frobnicator partition under gentoo at boot with systemd?")
    first = clusters.live[1]
    assert first.terms == read_words("How do I mount the frobnicator partition under gentoo?", SHIPPED).stems
    assert first.count == 2


def test_copies_within_minutes_are_marked() -> None:
    """A raid's lines by other members are copies; the same words hours later, or by the same member, are not."""
    clusters = QuestionClusters([], {}, 0, SHIPPED)
    text = "Where can I get the free golden frobnicator coins?"
    for number, time in ((1, 0), (2, 60), (3, 90_000)):
        add(clusters, number, text, time)
    assert [ask.copy for ask in clusters.live[1].asks] == [False, True, False]


@pytest.mark.parametrize("kinds", [3, 40])
def test_the_clusters_most_alike_by_meaning_are_found_in_blocks(kinds: int) -> None:
    """Over several blocks, with many equals, and after some are gone: the largest products, of equals the latest."""
    dice = random.Random(kinds)
    vectors = [bytes(dice.choice((0, 20, 24, 255)) for _ in range(SHIPPED.dims)) for _ in range(kinds)]
    matrix = _Matrix(SHIPPED.dims)
    held = {number: dice.choice(vectors) for number in range(BLOCK + 60)}
    for number, vector in held.items():
        matrix.put(number, vector)
    for number in dice.sample(sorted(held), 30):
        matrix.remove(number)
        del held[number]
    for wanted in vectors:
        products = matrix.products(wanted)
        assert len(products) == len(held)
        assert all(products[matrix.row[number]] == product(vector, wanted) for number, vector in held.items())
        most = sorted((product(vector, wanted) for vector in held.values()), reverse=True)[:COMPARED]
        found = [product(held[number], wanted) for number in matrix.largest(products)]
        assert found == [one for one in most if one >= MEANT_ALIKE]


def product(a: bytes, b: bytes) -> int:
    """Return the inner product of two vectors of signed bytes."""
    signed = [[one - 256 * (one > 127) for one in vector] for vector in (a, b)]
    return sum(one * other for one, other in zip(*signed, strict=True))
