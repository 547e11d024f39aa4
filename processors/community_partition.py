"""One partition of the community stage: threads folded to signals about questions and heat."""

from math import inf

import msgspec

from processors.community import troubles
from processors.community.content_gaps import RESTS, Gap, GapKind, Need, growth
from processors.community.entities import ClosedStates, Community, encode, load
from processors.community.state import HELPERS_MAX, Ask, Cluster, OpenQuestion
from processors.community.thread_heat import FLAG_KINDS
from processors.ids import digest, mark
from processors.outputs import Outputs, SignalFor
from processors.playbooks.catalog_answers import evidence
from processors.signals import ACCEPTED, Signal
from processors.text.similarity import read_words
from processors.text.word_vectors import SHIPPED, WordVectors
from processors.threads import ThreadPost

REPEAT_WINDOW = 14 * 86400
REPEAT_AFTER = 600  # the same words again within ten minutes are one ask
REPEATS_MAX = 4  # a member who repeats the same more often is a feed, or has long been told
MANY_WINDOW, MANY = 7 * 86400, 3
EXPLAINED_WINDOW, EXPLAINED = 30 * 86400, 3
CONTENT_MIN = 2  # fewer content words say too little
HELPER_CONTENT_MIN = 6  # shorter answers are alike by chance, and no explanation
NAME = "repeated_question"


class Shared(msgspec.Struct, array_like=True):
    """Time handed over by each partition of the member stage; the least of them is now."""

    watermarks: dict[int, float] = {}
    time: float = 0.0


class CommunityPartition:
    """Folds thread posts in log order. `sources` is the number of partitions of the member stage."""

    def __init__(
        self,
        number: int,
        states: ClosedStates,
        shared: bytes | None,
        sources: int,
        encoder: WordVectors = SHIPPED,
    ) -> None:
        self._encoder = encoder
        self.number, self.sources = number, sources
        self.shared = msgspec.msgpack.decode(shared, type=Shared) if shared else Shared({})
        self.out = Outputs()
        self._communities = load(states, encoder)
        self._touched: set[str] = set()

    def apply(self, post: ThreadPost) -> None:
        """Fold one record: time handed over, or words in a thread."""
        if post.kind == "watermark":
            self._watermark(post)
            return
        community = self._community(post.member.partition("/")[0])
        if post.kind == "reacted":  # the same twice is one: no id of it need be remembered
            community.lively.fold(post)
        else:
            self._fold(community, post)

    def _fold(self, community: Community, post: ThreadPost) -> None:
        seen = mark(post.id + post.kind)
        if seen in community.seen:
            self.out.repeats += 1
            return
        community.saw(seen)
        if post.kind == "erased":
            community.erase(post.member)
            return
        if post.kind == "returned" or post.kind in troubles.KINDS:
            self._without_words(community, post)
            return
        community.lively.fold(post)
        for member, signal in community.heat.fold(post):
            self._signal(community, member, signal.episode, post.time, signal, replay=post.replay)
        if post.kind in FLAG_KINDS:
            return
        community.peers.note(post)
        if post.kind == "explained":
            self._explained(community, post)
        if self._answers(community, post) and post.helper and post.kind == "post" and not post.question:
            self._explained(community, post)
        if post.question:
            self._asked(community, post)

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which an open question becomes news or a gap closes; infinity if none."""
        return min([one.next_due() for one in self._communities.values()], default=inf)

    def questions(self) -> dict[str, list[OpenQuestion]]:
        """Return the open questions of each community."""
        return {name: one.open.all() for name, one in self._communities.items()}

    def helpers(self) -> dict[str, list[tuple[str, int]]]:
        """Return who answered of late in each community, once for each kind of question: (member, epoch s)."""
        return {
            name: [helper for cluster in one.clusters.live.values() for helper in cluster.helpers]
            for name, one in self._communities.items()
        }

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the entities touched since the last call."""
        names, self._touched = self._touched, set()
        return [record for name in sorted(names) for record in encode(self._communities[name])]

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
            self._communities[name] = Community(name, self._encoder)
        return self._communities[name]

    def _watermark(self, post: ThreadPost) -> None:
        marks = self.shared.watermarks
        marks[post.source] = max(post.time, marks.get(post.source, 0.0))
        least = min(marks.values())
        if len(marks) < self.sources or least <= self.shared.time:
            return
        self.shared.time = least
        for name in sorted(self._communities):
            community = self._communities[name]
            if community.next_due() > self.shared.time:  # as most of the time
                continue
            self._unanswered(community, self.shared.time, replay=post.replay)
            if community.open.touched:  # forgotten without a word: that is a change too
                self._touched.add(name)
            for place, signal in community.heat.calmed(name, self.shared.time):
                self._signal(community, place, signal.episode, self.shared.time, signal, replay=post.replay)
            self._gaps(name, community.gaps.resting(self.shared.time, replay=post.replay))

    def _unanswered(self, community: Community, now: float, *, replay: bool) -> None:
        for question in community.open.unanswered(now):
            hours = round((now - question.asked) / 3600, 1)
            evidence: dict[str, str | float | int] = {
                "thread": question.thread, "hours": hours, "channel": question.channel,
            }  # fmt: skip
            signal = Signal("unanswered", NAME, f"asked/{question.event}", hours, evidence)
            self._signal(community, question.member, question.event, now, signal, replay=replay)
            self._offer_to_peer(community, question, now, evidence, replay=replay)

    def _offer_to_peer(
        self,
        community: Community,
        question: OpenQuestion,
        now: float,
        evidence: dict[str, str | float | int],
        *,
        replay: bool,
    ) -> None:
        """Offer an unanswered question to one peer who answered such a question before, if there is one."""
        cluster = community.clusters.live.get(question.cluster)
        peer = community.peers.choose(cluster.helpers, question.member, now) if cluster and cluster.helpers else ""
        if peer:
            question.peer = peer
            signal = Signal("peer_wanted", NAME, f"peer/{question.event}", 1.0, evidence)
            self._signal(community, peer, question.event, now, signal, replay=replay)

    def _answers(self, community: Community, post: ThreadPost) -> bool:
        """Conclude for each question that these words answer; tell whether there is one."""
        if post.kind == "accepted" and post.to and post.to != post.member:
            merit = Signal(ACCEPTED, NAME, f"accepted/{post.id}", 1.0)
            self._signal(community, post.to, post.id, post.time, merit, replay=post.replay)
        answered = community.open.answered_by(post)
        for question in answered:
            by = post.to or post.member if post.kind == "accepted" else post.member
            evidence: dict[str, str | float | int] = {"by": by, "seconds": max(0, int(post.time) - question.asked)}
            signal = Signal("answered", NAME, f"asked/{question.event}", 1.0, evidence)
            self._signal(community, question.member, question.event, post.time, signal, replay=post.replay)
            if question.peer:
                done = msgspec.structs.replace(signal, episode=f"peer/{question.event}")
                self._signal(community, question.peer, f"peer/{question.event}", post.time, done, replay=post.replay)
            cluster = community.clusters.live.get(question.cluster)
            if cluster is not None:
                self._learn_answer(community, cluster, question.member, post)
        if not answered and post.thread and post.kind in ("accepted", "explained"):
            # Somebody has answered before; what the asker accepts, or a moderator explains, is the better answer.
            found = community.clusters.asked_in(post.thread)
            if found is not None:
                self._learn_answer(community, found[0], found[1].member, post)
        return bool(answered)

    def _learn_answer(self, community: Community, cluster: Cluster, asker: str, post: ThreadPost) -> None:
        """Remember which answer to a question of a cluster is the best so far; of those as sure the latest."""
        by = (post.to or post.member) if post.kind == "accepted" else post.member
        if by != asker:
            others = tuple(one for one in cluster.helpers if one[0] != by)
            cluster.helpers = (*others, (by, int(post.time)))[-HELPERS_MAX:]
            community.clusters.touched[cluster.number] = cluster
        rank = 3 if post.kind == "accepted" else 2 if post.helper or post.kind == "explained" else 1
        if rank < cluster.best[0]:
            return
        # Which post was accepted is not told: the thread is where it stands.
        cluster.best = (rank, post.thread, "" if post.kind == "accepted" else post.about or post.id)
        community.clusters.touched[cluster.number] = cluster
        need = _need("asked", cluster)
        self._gaps(community.name, community.gaps.learned(need, now=int(post.time), replay=post.replay))

    def _asked(self, community: Community, post: ThreadPost) -> None:
        community.head.asked += 1
        question = community.open.add(post, community.head.asked)
        words = read_words(post.text, self._encoder)
        if words.content < CONTENT_MIN:
            return
        community.head.clusters += 1
        ask = Ask(post.member, int(post.time), post.id, thread=post.thread)
        cluster, before, score = community.clusters.add(words, ask, community.head.clusters)
        question.cluster = cluster.number
        community.head.questions = community.clusters.frequencies.questions
        if before:
            self._asked_again(community, post, cluster, before, score)
            self._asked_by_many(community, post, cluster, ask, score)
        self._look_for_gap(community, post, cluster, ask)

    def _asked_again(
        self, community: Community, post: ThreadPost, cluster: Cluster, before: list[Ask], score: float
    ) -> None:
        own = [one for one in before if one.member == post.member and post.time - one.time <= REPEAT_WINDOW]
        if own and post.time - own[-1].time >= REPEAT_AFTER and len(own) <= REPEATS_MAX:
            evidence = _evidence(post, cluster) | {"times": len(own) + 1}
            self._conclude(community, post, Signal("asked_again", NAME, f"asked/{post.id}", score, evidence))

    def _asked_by_many(self, community: Community, post: ThreadPost, cluster: Cluster, ask: Ask, score: float) -> None:
        """Conclude for each further asker; copies are a raid or a feed: they count for nobody."""
        if ask.copy:
            return
        since = post.time - MANY_WINDOW
        week = [one for one in cluster.asks if one.time >= since and not one.copy]
        others = {one.member for one in week[:-1]}
        members = len(others) + 1
        if members < MANY or ask.member in others:
            return
        new = cluster.count == len(week)
        evidence = _evidence(post, cluster) | {
            "members": members, "week": len(week), "before": growth(cluster.asks, post.time)[1], "new": int(new),
        }  # fmt: skip
        self._conclude(community, post, Signal("asked_by_many", NAME, f"asked/{post.id}", score, evidence))

    def _explained(self, community: Community, post: ThreadPost) -> None:
        """Conclude for who explains the same again, from the third time in a month.

        What moderators explain counts for each of them: they speak for one team. Of a helper's answers only their own count, and
        only those with some substance.
        """
        moderator = post.kind == "explained"
        words = read_words(post.text, self._encoder)
        if words.content < (CONTENT_MIN if moderator else HELPER_CONTENT_MIN):
            return
        community.head.clusters += 1
        ask = Ask(post.member, int(post.time), post.id, thread=post.thread)
        cluster, before, score = community.explanations.add(words, ask, community.head.clusters)
        community.head.explained = community.explanations.frequencies.questions
        lately = [one for one in before if post.time - one.time <= EXPLAINED_WINDOW]
        cluster.best = (2, post.thread, post.about or post.id)
        need = _need("explained", cluster)
        found = community.gaps.needed(need, now=ask.time, answered=False, replay=post.replay)
        self._gaps(community.name, found)
        times = 1 + sum(moderator or one.member == post.member for one in lately)
        if times >= EXPLAINED:
            evidence = _evidence(post, cluster) | {"times": times, "by": "moderator" if moderator else "helper"}
            signal = Signal("explained_again", NAME, f"explained/{cluster.number}", score, evidence)
            self._conclude(community, post, signal)

    def _look_for_gap(self, community: Community, post: ThreadPost, cluster: Cluster, ask: Ask) -> None:
        """Asked by many within a week, and no resource answers it: a gap. Copies of others' words open none."""
        if ask.copy:
            return
        if post.resource:
            cluster.answered = ask.time
        answered = cluster.answered > ask.time - RESTS
        found = community.gaps.needed(_need("asked", cluster), now=ask.time, answered=answered, replay=post.replay)
        self._gaps(community.name, found)

    def _without_words(self, community: Community, post: ThreadPost) -> None:
        """Take a trouble, or a return: who is back hears what they missed."""
        if post.kind != "returned":
            self._troubled(community, post)
        elif (missed := community.lively.missed(post)) is not None:
            self._conclude(community, post, missed)

    def _troubled(self, community: Community, post: ThreadPost) -> None:
        """Count a trouble; a place where several members had it is a gap."""
        key, one = community.troubles.add(post)
        kind: GapKind = post.kind  # type: ignore[assignment]  # a trouble's
        need = Need(kind, key, one.asks, one.count, about=one.about, resource=one.resource)
        self._gaps(community.name, community.gaps.needed(need, now=int(post.time), answered=False, replay=post.replay))

    def _gaps(self, name: str, found: list[Gap]) -> None:
        if found:
            self._touched.add(name)
            self.out.gaps += found

    def _conclude(self, community: Community, post: ThreadPost, signal: Signal) -> None:
        self._signal(community, post.member, post.id, post.time, signal, replay=post.replay)

    def _signal(
        self, community: Community, member: str, about: str, time: float, signal: Signal, *, replay: bool
    ) -> None:
        self._touched.add(community.name)
        identifier = digest("signal", member, signal.kind, about)
        self.out.signals.append(SignalFor(identifier, member, time, signal, replay))
        self.out.detections[signal.kind] = self.out.detections.get(signal.kind, 0) + 1


def _evidence(post: ThreadPost, cluster: Cluster) -> dict[str, str | float | int]:
    found = evidence(post.resource, post.locale)
    return {"cluster": cluster.number, "asks": cluster.count, "thread": post.thread, "channel": post.channel, **found}


def _need(kind: GapKind, cluster: Cluster) -> Need:
    return Need(kind, str(cluster.number), cluster.asks, cluster.count, best=cluster.best)
