"""What detectors cost: `python -m tests.benchmarks.detecting`.

Means are over the whole reference mix, every event counted, and are differences of two loops: with the detectors and
without. Dearest calls are over texts made to be dear, by the CPU clock of the thread, each text read once; of the texts of
a kind the median counts, so that a kind is dear and not a moment.
"""

import gc
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from rich.console import Console

from processors.community.question_clusters import QuestionClusters
from processors.community.state import CLUSTERS_MAX, Ask, Cluster
from processors.community_partition import CommunityPartition
from processors.detectors import DETECTORS, OBSERVERS
from processors.events import Event
from processors.member import changes
from processors.member.state import MemberState
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.text.mended import mended
from processors.text.reading import reading
from processors.text.similarity import read_words
from processors.text.word_vectors import SHIPPED
from processors.threads import ThreadPost
from processors.vocabulary import Reply
from tests.benchmarks.catalogs import bundle
from tests.benchmarks.figures import Figures
from tests.benchmarks.hard_texts import texts
from tests.benchmarks.reference_mix import PER_SECOND, QUESTIONS, TERMS, events

BEGIN, MEMBERS = 1.76e9, 5_000
WARM, EVENTS, TURNS = 10_000, 20_000, 5
EACH, USUAL = 7, 300  # texts of a kind, and usual questions
QUICK_US = 5.0
MICRO = 1e6

Observers = dict[str, tuple[Callable[..., object], ...]]


class Cost(NamedTuple):
    """Of one detector alone: mean over the mix, dearest call with its kind of text, and the share of texts it leaves within 5 µs once they are read."""

    mean: float
    worst: float
    kind: str
    quick: float


def measure(
    count: int = EVENTS, warm: int = WARM, each: int = EACH, turns: int = TURNS, live: int = CLUSTERS_MAX
) -> Figures:
    """Return all figures, flat, in microseconds; those of one detector are of it alone, with what it shares with others."""
    mix, costs = _mix(warm + turns * count), by_detector(count, warm, each, turns)
    member, (community, answers) = _difference(OBSERVERS, mix, count, warm), community_stage(mix, warm, live)
    mean, worst = cluster_search(each, live)
    figures: Figures = {
        "detectors_us_per_event": round(member + community + answers, 1),
        "detectors_worst_us": round(max(one.worst for one in costs.values())),
        "cluster_search_worst_us": round(worst),
        "cluster_search_mean_us": round(mean),
        "detectors_member_us_per_event": round(member, 1),
        "detectors_community_us_per_event": round(community, 1),
        "detectors_answers_us_per_event": round(answers, 1),
    }
    for name, one in costs.items():
        figures |= {f"{name}_us_per_event": round(one.mean, 2), f"{name}_worst_us": round(one.worst)}
        figures |= {f"{name}_quick_share": round(one.quick, 3)}
    return figures


@cache
def _mix(count: int) -> list[Event]:
    return list(events(count, MEMBERS, BEGIN))


@cache
def _catalog() -> Catalog:
    return Catalog(bundle())


def by_detector(count: int, warm: int, each: int, turns: int) -> dict[str, Cost]:
    """Return the costs of each detector alone."""
    dear, mix, found = list(texts(each)), _mix(warm + turns * count), {}
    for detector in DETECTORS:
        alone: Observers = dict.fromkeys(detector.OBSERVES, (detector.observe,))
        mean = _difference(alone, mix, count, warm)
        reads = "post.replied" in detector.OBSERVES
        worst, kind = _dearest(detector.observe, dear) if reads else (0.0, "")
        found[detector.NAME] = Cost(mean, worst, kind, _quick(detector.observe, mix[:count]) if reads else 1.0)
    return found


def _difference(observers: Observers, mix: Sequence[Event], count: int, warm: int) -> float:
    """Return the microseconds an event of these observers: alternating loops with and without them."""
    observed, bare = (defaultdict[str, MemberState](MemberState) for _ in range(2))
    _loop(observers, mix[:warm], observed)
    _loop({}, mix[:warm], bare)
    turns = [mix[begin : begin + count] for begin in range(warm, len(mix), count)]
    return median(_loop(observers, rows, observed) - _loop({}, rows, bare) for rows in turns) / count * MICRO


def _loop(observers: Observers, rows: Sequence[Event], states: dict[str, MemberState]) -> float:
    """Return the CPU-seconds of a fold of nothing but observers and facts."""
    rules = _catalog().policy("town")
    gc.collect()
    gc.freeze()
    began = time.process_time()
    for event in rows:
        state, now = states[event.key], event.time
        for observe in observers.get(event.type, ()):
            observe(state, event, rules, now)
        changes.apply(state, event, now)
    return time.process_time() - began


_CALM = Event("calm", "post.replied", "town/m1", BEGIN - 1, Reply(channel="general", text="thanks"))


def _dearest(observe: Callable[..., object], dear: Sequence[tuple[str, str]]) -> tuple[float, str]:
    """Return the dearest call (µs) and its kind of text."""
    rules, spent = _catalog().policy("town"), defaultdict[str, list[float]](list)
    gc.disable()
    try:
        for number, (kind, text) in enumerate(dear):
            event = Event(f"w{number}", "post.replied", "town/m1", BEGIN, Reply(channel="general", text=text))
            state = MemberState()
            observe(state, _CALM, rules, BEGIN)  # what is remembered of a last text is of another
            began = time.thread_time_ns()
            observe(state, event, rules, BEGIN)
            spent[kind].append((time.thread_time_ns() - began) / 1e3)
    finally:
        gc.enable()
    return max((median(taken), kind) for kind, taken in spent.items())


def _quick(observe: Callable[..., object], rows: Sequence[Event]) -> float:
    """Return the share of the mix's words that a detector leaves within 5 µs once they are put right and read, by the clock of the thread."""
    rules, quick, seen = _catalog().policy("town"), 0, 0
    states = defaultdict[str, MemberState](MemberState)
    looks = [time.thread_time_ns() for _ in range(1000)]
    overhead = min(after - before for before, after in pairwise(looks))
    for event in rows:
        if isinstance(event.data, Reply):
            reading(event.data.text)  # which all share, as they do the text put right
            mended(event.data.text)
            began = time.thread_time_ns()
            observe(states[event.key], event, rules, event.time)
            quick += time.thread_time_ns() - began - overhead <= QUICK_US * 1e3
            seen += 1
    return quick / seen


def community_stage(mix: Sequence[Event], warm: int, live: int = CLUSTERS_MAX) -> tuple[float, float]:
    """Return the microseconds an event of the mix that the community stage spends, and those of looking for answers in the catalog.

    The community has `live` clusters of questions already.
    """
    catalog, posts = _catalog(), list[ThreadPost]()
    member = MemberPartition(0, {}, None, lambda _hash: catalog)
    member.activate(catalog.hash)
    for event in mix:
        member.apply(event)
        posts += member.take_outputs().threads
    stage = CommunityPartition(0, {}, None, 1)
    town = stage._community("town")  # a community that is there already
    town.clusters, town.head.clusters = full_clusters(live), live
    since = BEGIN + warm / PER_SECOND
    for post in posts:
        if post.time < since:
            stage.apply(post)
    later = [post for post in posts if post.time >= since]
    asked = [post.text for post in later if post.question]
    gc.collect()
    gc.freeze()
    began = time.process_time()
    for post in later:
        stage.apply(post)
    folded = time.process_time()
    for text in asked:
        catalog.search.answer(text)
    per = MICRO / (len(mix) - warm)
    return (folded - began) * per, (time.process_time() - folded) * per


def full_clusters(live: int) -> QuestionClusters:
    """Return so many live clusters of questions of the mix, all asked of late."""
    dice = random.Random(5)
    made = []
    for number in range(live):
        words = read_words(_question(dice), SHIPPED)
        ask = Ask(f"town/m{number}", int(BEGIN), f"q{number}")
        made.append(Cluster(number, words.stems, [ask], counts=words.counts, vector=words.vector, touched=number))
    clusters = QuestionClusters(made, {}, 0, SHIPPED)
    for one in made:
        clusters.frequencies.learn(one.terms)
    return clusters


def _question(dice: random.Random) -> str:
    language = dice.choice(("en", "en", "en", "de", "de"))
    return dice.choice(QUESTIONS[language]).format(*(dice.choice(TERMS[language]) for _ in range(3)))


def cluster_search(each: int, live: int = CLUSTERS_MAX) -> tuple[float, float]:
    """Return (mean, dearest) of putting a question among live clusters, in µs: such questions, and long texts of any kind."""
    clusters, dice = full_clusters(live), random.Random(6)
    usual = [_place(clusters, _question(dice), live + number) for number in range(USUAL)]
    spent = defaultdict[str, list[float]](list)
    number = live + len(usual)
    for kind, text in [*texts(each), *(("known words", _known_words(dice)) for _ in range(5 * each))]:
        number += 1
        spent[kind].append(_place(clusters, text, number))
    return sum(usual) / len(usual), max(*map(median, spent.values()), sorted(usual)[len(usual) * 99 // 100])


def _known_words(dice: random.Random) -> str:
    """Return a long question of words that many clusters have."""
    return " ".join(dice.choice(TERMS["en"][:100] + QUESTIONS["en"][0].split()) for _ in range(64))


def _place(clusters: QuestionClusters, text: str, number: int) -> float:
    words = read_words(text, SHIPPED)
    ask = Ask("town/m0", int(BEGIN), f"q{number}")
    began = time.thread_time_ns()
    clusters.add(words, ask, number)
    return (time.thread_time_ns() - began) / 1e3


def main() -> None:
    """Measure and print, each detector with the kind of text that is dearest to it."""
    console = Console(width=120)
    for name, one in by_detector(EVENTS, WARM, EACH, TURNS).items():
        console.print(
            f"{name}: {one.mean:.2f} µs an event, dearest {one.worst:.0f} µs ({one.kind}), quick {one.quick:.3f}"
        )
    mix = _mix(WARM + TURNS * EVENTS)
    community, answers = community_stage(mix, WARM)
    member = _difference(OBSERVERS, mix, EVENTS, WARM)
    console.print(f"µs an event: member stage {member:.1f}, community stage {community:.1f}, answers {answers:.1f}")
    mean, worst = cluster_search(EACH)
    console.print(f"cluster search: mean {mean:.0f} µs, dearest {worst:.0f} µs")


if __name__ == "__main__":
    main()
