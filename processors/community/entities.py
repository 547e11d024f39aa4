"""A community in memory, and as the entities that a cut writes: one a head, question, channel, cluster, page, warm place, gap, trouble, peer or lively thread."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

from processors.community.content_gaps import ContentGaps, OpenGap
from processors.community.lively_threads import Lively, LivelyThreads
from processors.community.open_questions import OpenQuestions
from processors.community.peers import Peer, Peers
from processors.community.question_clusters import QuestionClusters
from processors.community.state import SEEN_MAX, Cluster, Head, OpenQuestion, Page, Speakers
from processors.community.thread_heat import Place, ThreadHeat
from processors.community.troubles import Trouble, Troubles
from processors.text.similarity import cut
from processors.text.word_vectors import WordVectors

# The first part of a key is the kind of the entity; x marks those about explanations.
_TYPES: dict[str, type[msgspec.Struct]] = {
    "h": Head, "q": OpenQuestion, "c": Speakers, "k": Cluster, "p": Page, "xk": Cluster, "xp": Page, "t": Place,
    "g": OpenGap, "f": Trouble, "o": Peer, "l": Lively,
}  # fmt: skip


class ClosedStates(Protocol):
    """The encoded states as of the last cut, by key."""

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Iterate over (key, encoded state)."""


class Community:
    """One community: its open questions and clusters, and which entities were touched."""

    def __init__(self, name: str, encoder: WordVectors) -> None:
        self.name = name
        self.head = Head(encoder=encoder.version)
        self.seen: OrderedDict[bytes, None] = OrderedDict()
        self.open = OpenQuestions([])
        self.clusters = QuestionClusters([], {}, 0, encoder)
        self.explanations = QuestionClusters([], {}, 0, encoder)
        self.heat = ThreadHeat([])
        self.gaps = ContentGaps(name, [])
        self.troubles = Troubles([])
        self.peers = Peers([])
        self.lively = LivelyThreads([])

    def erase(self, member: str) -> None:
        """Forget a member: their questions, and their part in what many asked. The counts stay."""
        for part in (self.open, self.clusters, self.explanations, self.heat, self.troubles, self.peers, self.lively):
            part.erase(member)

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which an open question becomes news, a gap closes or heat calms; infinity if none."""
        return min(self.open.next_due(), self.gaps.next_due(), self.heat.next_due())

    def saw(self, mark: bytes) -> None:
        """Remember an id against repeats; `head.seen` holds the same when it is written."""
        self.seen[mark] = None
        if len(self.seen) > SEEN_MAX:
            self.seen.popitem(last=False)


def encode(community: Community) -> list[tuple[bytes, bytes | None]]:
    """Encode what was touched of a community; None where it is gone."""
    name, questions = community.name, community.open
    community.head.seen = b"".join(community.seen)
    entities: list[tuple[str, msgspec.Struct | None]] = [(f"h/{name}", community.head)]
    entities += [(f"q/{name}/{key}", question) for key, question in questions.touched.items()]
    entities += [(f"c/{name}/{channel}", speakers) for channel, speakers in questions.touched_channels.items()]
    entities += [(f"t/{name}/{key}", place) for key, place in community.heat.touched.items()]
    entities += [(f"g/{name}/{key}", gap) for key, gap in community.gaps.touched.items()]
    entities += [(f"f/{name}/{key}", trouble) for key, trouble in community.troubles.touched.items()]
    entities += [(f"o/{name}/{member}", peer) for member, peer in community.peers.touched.items()]
    entities += [(f"l/{name}/{thread}", lively) for thread, lively in community.lively.touched.items()]
    community.troubles.touched, community.peers.touched, community.lively.touched = {}, {}, {}
    questions.touched, questions.touched_channels, community.heat.touched, community.gaps.touched = {}, {}, {}, {}
    for kind, clusters in (("", community.clusters), ("x", community.explanations)):
        entities += [(f"{kind}k/{name}/{number}", cluster) for number, cluster in clusters.touched.items()]
        pages = clusters.frequencies.pages
        entities += [(f"{kind}p/{name}/{page}", pages[page]) for page in sorted(clusters.frequencies.touched)]
        clusters.touched, clusters.frequencies.touched = {}, set()
    return [(key.encode(), None if one is None else msgspec.msgpack.encode(one)) for key, one in entities]


def load(states: ClosedStates, encoder: WordVectors) -> dict[str, Community]:
    """Build the communities of a partition from their stored entities."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for key, stored in states.items():
        kind, name, rest = (*key.decode().split("/", 2), "")[:3]
        if kind in _TYPES:
            found[name][kind][rest] = msgspec.msgpack.decode(stored, type=_TYPES[kind])
    loaded = {}
    for name, entities in found.items():
        community = loaded[name] = Community(name, encoder)
        head = community.head = entities["h"].get("", Head())
        same, head.encoder = head.encoder == encoder.version, encoder.version
        community.seen.update((head.seen[at : at + 8], None) for at in range(0, len(head.seen), 8))
        community.open = OpenQuestions(list(entities["q"].values()), entities["c"])
        community.clusters = _clusters(entities["k"], entities["p"], head.questions, encoder, vectors=same)
        community.explanations = _clusters(entities["xk"], entities["xp"], head.explained, encoder, vectors=same)
        community.heat = ThreadHeat(list(entities["t"].values()))
        community.gaps = ContentGaps(name, list(entities["g"].values()))
        community.troubles = Troubles(entities["f"].values())
        community.peers = Peers(entities["o"].values())
        community.lively = LivelyThreads(entities["l"].values())
    return loaded


def _clusters(
    clusters: dict[str, Cluster], pages: dict[str, Page], learned: int, encoder: WordVectors, *, vectors: bool
) -> QuestionClusters:
    """Build the clusters; of another encoder's vectors, and of states older than counts, the stems alone are of use, cut as now."""
    for one in clusters.values():
        one.vector = one.vector if vectors else b""
        one.terms, one.counts = cut(one.terms, one.counts or b"\x01" * len(one.terms))
    return QuestionClusters(
        list(clusters.values()), {int(page): counts for page, counts in pages.items()}, learned, encoder
    )
