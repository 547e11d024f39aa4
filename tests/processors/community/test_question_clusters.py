"""Clusters: bounded, expiring, the same after a restart, not moved by what joins them."""

import random

import msgspec
import pytest

from processors.community import question_clusters
from processors.community.question_clusters import ALIKE, COMPARED, QuestionClusters
from processors.community.state import EXPIRES, Ask, Cluster
from processors.text.similarity import Words, likeness, read_words, weighted
from processors.text.word_vectors import SHIPPED

QUESTIONS = (
    "How do I repair the violin of my neighbour?", "Where can I print a poster in colour?", "Which kernel do I need for my old laptop?",
    "Can somebody explain the invoice from last month?", "How often should I water a cactus in winter?",
)  # fmt: skip
THINGS = ("printer", "calendar", "kernel", "invoice", "garden", "violin", "harbour", "lantern", "saddle", "teapot")
FORMS = (
    "How do I repair the {} of my {}?",
    "Where can I print a {} in the {}?",
    "Which {} do I need for my old {}?",
    "Why does the {} fail after a {}?",
)


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


@pytest.mark.parametrize("seed", range(4))
def test_no_cluster_that_is_alike_is_missed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many that share words, after some are gone, the same is found as by comparing all; of equals the latest."""
    monkeypatch.setattr(question_clusters, "CLUSTERS_MAX", 120)
    monkeypatch.setattr(question_clusters, "COMPARED", 120)
    dice, clusters = random.Random(seed), QuestionClusters([], {}, 0, SHIPPED)
    joined = 0
    for number in range(400):
        text = " ".join(dice.choice(FORMS).format(*dice.choices(THINGS, k=2)) for _ in range(dice.choice((1, 1, 2))))
        words = read_words(text, SHIPPED)
        wanted = likest_of_all(clusters, words)
        found, score = clusters._nearest(words)
        assert (found and found.number, score) == wanted
        joined += found is not None
        add(clusters, number, text)
    assert 50 < joined < 390


def likest_of_all(clusters: QuestionClusters, words: Words) -> tuple[int | None, int]:
    """Compare all clusters in full."""
    weights, best = weighted(words, clusters.frequencies), (ALIKE, -1)
    for one in clusters.live.values():
        others = Words(one.terms, one.counts, one.vector)
        best = max(best, (likeness(words, others, weights, weighted(others, clusters.frequencies)), one.number))
    return (best[1], best[0]) if best[1] >= 0 else (None, 0)


def test_of_many_equals_the_latest_is_found_whatever_slot_it_has() -> None:
    """A state that was restored has other slots than one that went on."""
    text = "How do I repair the violin of my neighbour?"
    words = read_words(text, SHIPPED)

    def cluster(number: int) -> Cluster:
        ask = Ask("town/m1", 10, f"e{number}")
        return Cluster(number, words.stems, [ask], counts=words.counts, vector=words.vector, touched=number)

    went_on = QuestionClusters([cluster(number) for number in range(3 * COMPARED)], {}, 0, SHIPPED)
    for number in range(COMPARED):  # slots that are given anew, the last first
        went_on._remove(number)
    for number in range(3 * COMPARED, 4 * COMPARED):
        made = cluster(number)
        went_on.live[number] = made
        went_on._insert(made)
    restored = QuestionClusters([msgspec.structs.replace(one) for one in went_on.live.values()], {}, 0, SHIPPED)
    assert add(went_on, 100, text) == add(restored, 100, text) == (4 * COMPARED - 1, 2)
