"""One partition of the community stage: threads folded to signals about repeated and unanswered questions."""

from collections.abc import Iterable
from math import inf
from typing import Protocol

import msgspec

from processors.community import Ask, Cluster, Head, OpenQuestion, Page
from processors.ids import digest, mark
from processors.open_questions import OpenQuestions
from processors.outputs import Outputs, SignalFor
from processors.question_clusters import TERMS_MIN, QuestionClusters
from processors.signals import Signal
from processors.text.similarity import terms
from processors.threads import ThreadPost

# A kill of the member stage repeats at most what one cut held; ids older than this are not remembered.
SEEN_MAX = 4096
REPEAT_WINDOW = 14 * 86400
REPEAT_AFTER = 600  # the same words again within ten minutes are one ask
MANY_WINDOW, MANY = 7 * 86400, 3
NAME = "repeated_question"


class ClosedStates(Protocol):
    """The encoded states as of the last cut, by key."""

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Iterate over (key, encoded state)."""


class Shared(msgspec.Struct, array_like=True):
    """Time handed over by each partition of the member stage; the least of them is now."""

    watermarks: dict[int, float] = {}
    time: float = 0.0


class Community:
    """One community: its open questions and clusters, and which entities were touched."""

    def __init__(self, name: str, head: Head) -> None:
        self.name, self.head = name, head
        self.open = OpenQuestions([])
        self.clusters = QuestionClusters([], {}, 0)
        self._seen = dict.fromkeys(head.seen[at : at + 8] for at in range(0, len(head.seen), 8))  # oldest first

    def is_new(self, seen: bytes) -> bool:
        """Tell whether this id was not seen within the last `SEEN_MAX`, and remember it."""
        if seen in self._seen:
            return False
        self._seen[seen] = None
        if len(self._seen) > SEEN_MAX:
            del self._seen[next(iter(self._seen))]
        return True

    def encode_head(self) -> bytes:
        """Encode the counters and the ids seen."""
        self.head.seen = b"".join(self._seen)
        return msgspec.msgpack.encode(self.head)


class CommunityPartition:
    """Folds thread posts in log order. `sources` is the number of partitions of the member stage."""

    def __init__(self, number: int, states: ClosedStates, shared: bytes | None, sources: int) -> None:
        self.number, self.sources = number, sources
        self.shared = msgspec.msgpack.decode(shared, type=Shared) if shared else Shared({})
        self.out = Outputs()
        self._communities = _load(states)
        self._touched: set[str] = set()

    def apply(self, post: ThreadPost) -> None:
        """Fold one record: time handed over, or words in a thread."""
        if post.kind == "watermark":
            self._watermark(post)
            return
        community = self._community(post.member.partition("/")[0])
        if not community.is_new(mark(post.id + post.kind)):
            self.out.repeats += 1
            return
        if post.kind == "explained":
            community.head.explained += 1
        self._answers(community, post)
        if post.question:
            self._asked(community, post)

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which an open question becomes news; infinity if none."""
        return min((community.open.next_due() for community in self._communities.values()), default=inf)

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the entities touched since the last call."""
        names, self._touched = self._touched, set()
        return [record for name in sorted(names) for record in _encode(self._communities[name])]

    def take_outputs(self) -> Outputs:
        """Return what arose since the last call."""
        out, self.out = self.out, Outputs()
        return out

    def encode_shared(self) -> bytes:
        """Encode the time for the closing record."""
        return msgspec.msgpack.encode(self.shared)

    def _community(self, name: str) -> Community:
        self._touched.add(name)
        if name not in self._communities:
            self._communities[name] = Community(name, Head())
        return self._communities[name]

    def _watermark(self, post: ThreadPost) -> None:
        marks = self.shared.watermarks
        marks[post.source] = max(post.time, marks.get(post.source, 0.0))
        if len(marks) < self.sources or min(marks.values()) <= self.shared.time:
            return
        self.shared.time = min(marks.values())
        for name in sorted(self._communities):
            self._unanswered(self._communities[name], self.shared.time, replay=post.replay)

    def _unanswered(self, community: Community, now: float, *, replay: bool) -> None:
        for question in community.open.unanswered(now):
            hours = round((now - question.asked) / 3600, 1)
            evidence: dict[str, str | float | int] = {
                "thread": question.thread, "hours": hours, "channel": question.channel,
            }  # fmt: skip
            signal = Signal("unanswered", NAME, f"asked/{question.event}", hours, evidence)
            self._signal(community, question.member, question.event, now, signal, replay=replay)

    def _answers(self, community: Community, post: ThreadPost) -> None:
        for question in community.open.answered_by(post):
            signal = Signal("answered", NAME, f"asked/{question.event}", 1.0)
            self._signal(community, question.member, question.event, post.time, signal, replay=post.replay)

    def _asked(self, community: Community, post: ThreadPost) -> None:
        found = terms(post.text)
        community.open.add(post)
        if len(found) < TERMS_MIN:
            return
        community.head.clusters += 1
        ask = Ask(post.member, int(post.time), post.id)
        cluster, before, score = community.clusters.add(found, ask, community.head.clusters)
        community.head.questions = community.clusters.questions
        if before:
            self._repeated(community, post, cluster, before, score)

    def _repeated(
        self, community: Community, post: ThreadPost, cluster: Cluster, before: list[Ask], score: float
    ) -> None:
        own = [
            ask for ask in before if ask.member == post.member and REPEAT_AFTER <= post.time - ask.time <= REPEAT_WINDOW
        ]
        askers = {ask.member for ask in before if post.time - ask.time <= MANY_WINDOW} | {post.member}
        evidence: dict[str, str | float | int] = {
            "cluster": cluster.number, "asks": cluster.count, "members": len(askers), "thread": post.thread, "channel": post.channel,
        }  # fmt: skip
        if own:
            again = {**evidence, "times": len(own) + 1}
            self._signal(
                community,
                post.member,
                post.id,
                post.time,
                Signal("asked_again", NAME, f"asked/{post.id}", score, again),
                replay=post.replay,
            )
        if len(askers) >= MANY:
            many = Signal("asked_by_many", NAME, f"asked/{post.id}", score, evidence)
            self._signal(community, post.member, post.id, post.time, many, replay=post.replay)

    def _signal(
        self, community: Community, member: str, about: str, time: float, signal: Signal, *, replay: bool
    ) -> None:
        self._touched.add(community.name)
        identifier = digest("signal", member, signal.kind, about)
        self.out.signals.append(SignalFor(identifier, member, time, signal, replay))
        self.out.detections[signal.kind] = self.out.detections.get(signal.kind, 0) + 1


def _encode(community: Community) -> list[tuple[bytes, bytes | None]]:
    """Encode what was touched of a community: head, open questions, clusters, pages; None where it is gone."""
    name, clusters = community.name, community.clusters
    records: list[tuple[bytes, bytes | None]] = [(f"h/{name}".encode(), community.encode_head())]
    for key, question in community.open.touched.items():
        records.append((f"q/{name}/{key}".encode(), msgspec.msgpack.encode(question) if question else None))
    for number, cluster in clusters.touched.items():
        records.append((f"k/{name}/{number}".encode(), msgspec.msgpack.encode(cluster) if cluster else None))
    records += [
        (f"p/{name}/{page}".encode(), msgspec.msgpack.encode(clusters.pages[page]))
        for page in sorted(clusters.touched_pages)
    ]
    community.open.touched, clusters.touched, clusters.touched_pages = {}, {}, set()
    return records


def _load(states: ClosedStates) -> dict[str, Community]:
    """Build the communities of a partition from their stored entities."""
    heads: dict[str, Head] = {}
    questions: dict[str, list[OpenQuestion]] = {}
    clusters: dict[str, list[Cluster]] = {}
    pages: dict[str, dict[int, Page]] = {}
    for key, stored in states.items():
        kind, name, rest = (*key.decode().split("/", 2), "")[:3]
        if kind == "h":
            heads[name] = msgspec.msgpack.decode(stored, type=Head)
        elif kind == "q":
            questions.setdefault(name, []).append(msgspec.msgpack.decode(stored, type=OpenQuestion))
        elif kind == "k":
            clusters.setdefault(name, []).append(msgspec.msgpack.decode(stored, type=Cluster))
        elif kind == "p":
            pages.setdefault(name, {})[int(rest)] = msgspec.msgpack.decode(stored, type=Page)
    loaded = {}
    for name, head in heads.items():
        community = loaded[name] = Community(name, head)
        community.open = OpenQuestions(questions.get(name, []))
        community.clusters = QuestionClusters(clusters.get(name, []), pages.get(name, {}), head.questions)
    return loaded
