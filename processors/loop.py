"""Both stages in one loop, without a broker: what a backtest, a scenario and an offline replay run."""

from collections.abc import Callable
from math import ceil, floor, inf

from processors.announcements import Announcer
from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.community_partition import CommunityPartition
from processors.decisions import Decision
from processors.events import Event
from processors.member.state import MemberState
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.threads import ThreadPost
from processors.vocabulary import SignalData
from processors.weekly import NAMES, Name, names

MINUTE = 60.0


class Loop:
    """A log of one partition, folded as it is written. Decisions, commands, and signals of the community stage go to the callables given.

    `crossings` counts the signals that came back from the community stage; `gaps` are the content gaps as they stand, by id.
    """

    def __init__(
        self,
        catalog: Catalog,
        decided: Callable[[Decision], None],
        commanded: Callable[[Command], None],
        signalled: Callable[[Event], None] = lambda _event: None,
        recalled: Callable[[Recall], None] = lambda _recall: None,
    ) -> None:
        self._catalogs: dict[str, Catalog] = {}
        self._member = MemberPartition(0, {}, None, self._catalogs.__getitem__)
        self.activate(catalog)
        self._community = CommunityPartition(0, {}, None, 1)
        self._announcer = Announcer()
        self._decided, self._commanded, self._signalled = decided, commanded, signalled
        self._recalled = recalled
        self.detections: dict[str, int] = {}
        self.refused = self.crossings = 0
        self._ends = 0.0  # of the minute in which the log's time lies
        self.gaps: dict[str, Gap] = {}

    @property
    def time(self) -> float:
        """The log's time in epoch seconds."""
        return self._member.shared.time

    def member(self, key: str) -> MemberState:
        """Return the state of a member as it stands."""
        return self._member.member(key)

    def weekly(self, most: int = NAMES) -> dict[str, list[Name]]:
        """Return the names of this week by community, as of the log's time (processors.weekly)."""
        return names([self._member], [self._community], most)

    def activate(self, catalog: Catalog) -> None:
        """Let this catalog rule from here on."""
        self._catalogs[catalog.hash] = catalog
        self._member.activate(catalog.hash)

    def feed(self, event: Event) -> None:
        """Let time pass up to the event's minute, then fold it and all that follows from it."""
        if event.time >= self._ends:  # as for few events of a busy community
            self.advance_to(event.time)
        self.fold(event)

    def advance_to(self, time: float) -> None:
        """Let time pass up to the minute in which `time` (epoch s) lies."""
        self.advance(floor(time / MINUTE) * MINUTE)

    def fold(self, event: Event) -> None:
        """Fold an event now, and all that follows from it; one whose key is a community is an announcement."""
        if "/" in event.key:
            if self._member.apply(event) is not None:
                self.refused += 1
        else:
            for one in self._announcer.copies(event, 1):
                self.refused += self._member.apply(one) is not None
        self._drain()

    def advance(self, until: float) -> None:
        """Tick each simulated minute up to `until` (epoch s); minutes in which nothing can happen are skipped."""
        if until <= self._member.shared.time:
            return
        while self._member.shared.time:
            due = min(self._member.next_fire(), self._community.next_due())
            minute = ceil(due / MINUTE) * MINUTE if due < inf else inf
            if minute >= until:
                break
            self._tick(max(minute, self._member.shared.time + MINUTE))
        self._tick(until)
        self._ends = (floor(until / MINUTE) + 1) * MINUTE

    def _tick(self, now: float) -> None:
        self._member.tick(now, replay=True)
        self._drain()

    def _drain(self) -> None:
        crossings, out = -1, self._member.out
        while crossings != self.crossings and (
            out.threads or out.decisions or out.commands or out.detections or out.recalls
        ):
            crossings, out = self.crossings, self._member.take_outputs()
            for decision in out.decisions:
                self._decided(decision)
            for command in out.commands:
                self._commanded(command)
            for recall in out.recalls:
                self._recalled(recall)
            if out.detections:
                self._count(out.detections)
            for post in out.threads:
                self._to_community(post)
            out = self._member.out  # what came back may have led to more

    def _to_community(self, post: ThreadPost) -> None:
        self._community.apply(post)
        if not (self._community.out.gaps or self._community.out.signals):
            return
        out = self._community.take_outputs()
        self.gaps.update((gap.id, gap) for gap in out.gaps)
        for sent in out.signals:
            self.crossings += 1
            signal = sent.signal
            data = SignalData(kind=signal.kind, episode=signal.episode, score=signal.score, evidence=signal.evidence)
            event = Event(sent.id, "signal", sent.key, sent.time, data, sent.replay)
            self._signalled(event)
            self._member.apply(event)

    def _count(self, detections: dict[str, int]) -> None:
        for kind, times in detections.items():
            self.detections[kind] = self.detections.get(kind, 0) + times
