"""A report put together, from a history folded through the core or from the recorded topics."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from processors.decisions import Decision
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from streams.history.rehearsal import end_of
from streams.report.community import Community, CommunityFigures
from streams.report.figures import PlaybookFigures, playbook_figures, together
from streams.report.hindsight import Lead, Leads, Outranked
from streams.report.inference import ALPHA, Lift
from streams.report.ledger import Ledger


class Report(msgspec.Struct, frozen=True):
    """What Lotse did and whether it helped. Times are epoch seconds; `alpha` is the chance that an interval is ever wrong.

    `together_weeks`: how long yet until all playbooks together would show a lift of `figures.WORTH`; None where nobody can tell.
    `source`: history (nobody was messaged, outcomes are not known) or topics (what really happened).
    """

    source: str
    begins: float
    ends: float
    events: int
    decisions: int
    alpha: float
    playbooks: list[PlaybookFigures]
    together: Lift
    together_weeks: float | None
    communities: list[CommunityFigures]
    held_back: dict[str, int]
    outranked: list[Outranked]
    leads: list[Lead]


class Reporter:
    """Takes events and decisions in the order of time."""

    def __init__(self, bundle: Bundle, source: str) -> None:
        self._bundle, self._source = bundle, source
        self._ledger, self._leads = Ledger(bundle.playbooks), Leads(bundle.playbooks)
        self._communities: dict[str, Community] = {}
        self._events = self._decisions = 0
        self._begins = 0.0
        self._held: dict[str, int] = {}

    def event(self, event: Event) -> None:
        """Take an event or a signal; ticks and announcements concern no member."""
        if "/" not in event.key or "/#" in event.key:
            return
        self._begins = self._begins or event.time
        self._events += event.type != "signal"
        self._ledger.event(event)
        self._leads.event(event)
        self._community(event.key).event(event)

    def decision(self, decision: Decision) -> None:
        """Take a decision; one of the safety lane only counts."""
        self._decisions += 1
        self._held[str(decision.reason)] = self._held.get(str(decision.reason), 0) + 1
        if decision.playbook and "/#" not in decision.member:
            self._ledger.decision(decision)
            self._leads.decision(decision)
            self._community(decision.member).decision(decision)

    def report(self, since: float | None = None) -> Report:
        """Return the report; periods before and after `since` (epoch s; None: each community's first message)."""
        lift, weeks = together(self._ledger, self._bundle.playbooks)
        return Report(
            source=self._source,
            begins=self._begins,
            ends=self._ledger.ends,
            events=self._events,
            decisions=self._decisions,
            alpha=ALPHA,
            playbooks=playbook_figures(self._ledger, self._bundle.playbooks),
            together=lift,
            together_weeks=weeks,
            communities=[one.figures(since) for _, one in sorted(self._communities.items())],
            held_back=dict(sorted(self._held.items())),
            outranked=self._ledger.outranked(),
            leads=self._leads.figures(self._ledger.ends),
        )

    def _community(self, key: str) -> Community:
        name = key.partition("/")[0]
        if name not in self._communities:
            self._communities[name] = Community(name, self._bundle.playbooks)
        return self._communities[name]


def from_history(events: Sequence[Event], bundle: Bundle, on_event: Callable[[], None], since: float | None) -> Report:
    """Return the report of a history folded with the catalog as it is."""
    reporter = Reporter(bundle, "history")
    loop = Loop(Catalog(bundle), reporter.decision, lambda _command: None, reporter.event)
    for event in events:
        reporter.event(event)
        loop.feed(event)
        on_event()
    loop.advance(end_of(events[-1].time))
    return reporter.report(since)


def from_records(events: Iterable[Event], decisions: Iterable[Decision], bundle: Bundle, since: float | None) -> Report:
    """Return the report of what was recorded, each in any order."""
    reporter = Reporter(bundle, "topics")
    told: list[tuple[float, int, Event | Decision]] = [(one.time, 0, one) for one in events]
    told += [(one.time, 1, one) for one in decisions]
    for _, _, one in sorted(told, key=lambda each: each[:2]):
        if isinstance(one, Event):
            reporter.event(one)
        else:
            reporter.decision(one)
    return reporter.report(since)
