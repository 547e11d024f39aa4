"""A whole chat with everything on: what would have been sent to whom, how often, and who was left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter

import msgspec

from processors.decisions import Decision, Verdict
from processors.events import Event
from processors.loop import Loop
from processors.measures import Measures
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Playbook, Policy
from processors.vocabulary import WORDS, Text
from streams.evaluation.figures import ratio
from streams.evaluation.reading import catalog_of, chat_logs
from streams.evaluation.task import Figures, Options
from streams.history.reader import events_of
from streams.history.rehearsal import end_of

NAME = "all"
READS = "a chat log: ts, author, channel, kind, text; joins and quits are presence"
KEYS: tuple[str, ...] = (
    "messages", "seconds", "sends", "sends_per_member_week_max", "share_weeks_at_most_one", "playbooks_sending", "distress_severe",
    "distress_any", "non_sends", "coverage_by_decile", "coverage_by_language",
)  # fmt: skip
WEEK = 7 * 86400
SEVERE = 2  # the tier from which distress is called severe
# Two playbooks that only count: in shadow they send nothing, and their decisions tell the tier of each signal.
ANY, SEVERELY = (
    Playbook(
        f"evaluation.distress-{tier}",
        "signal.distress",
        "none",
        "evaluation",
        conditions={"signal.tier": {"gte": tier}},
    )
    for tier in (1, SEVERE)
)
# Frequent words that only one of the languages has: enough to tell a member's language, not a text's.
LANGUAGES = {
    "en": frozenset(
        ["the", "and", "is", "you", "that", "it", "not", "for", "with", "this", "have", "what", "but", "can", "if"]
    ),
    "de": frozenset(
        ["der", "die", "und", "ich", "nicht", "das", "ist", "ein", "es", "mit", "auf", "zu", "wie", "aber", "wenn"]
    ),
}


def evaluate(files: Sequence[Path], options: Options) -> Figures:
    """Return the figures over all logs together; each log is a community of its own."""
    catalog = _catalog(options.catalog)
    measures, decisions, said, seconds = Measures(), list[Decision](), _Said(), 0.0
    for number, log in enumerate(chat_logs(files)):
        events = list(events_of(((line.ts, line.number, line.row) for line in log), f"log{number}"))
        began = perf_counter()
        loop = Loop(catalog, decisions.append, lambda _command: None)
        for event in events:
            loop.feed(event)
        loop.advance(end_of(events[-1].time))
        seconds += perf_counter() - began
        said.hear(events)
    counted = Counter(one.playbook for one in decisions)
    decisions = [one for one in decisions if one.playbook not in (ANY.id, SEVERELY.id)]
    for decision in decisions:
        measures.decision(decision)
    sent = [one for one in decisions if one.verdict is Verdict.SEND]
    reached = {one.member for one in sent}
    return {
        "messages": sum(said.messages.values()),
        "seconds": round(seconds, 2),
        "sends": measures.sends,
        "sends_per_member_week_max": measures.sends_per_member_week_max(),
        "share_weeks_at_most_one": _share_of_single_weeks(sent),
        "playbooks_sending": len(measures.by_playbook),
        "by_playbook": dict(sorted(measures.by_playbook.items())),
        "distress_severe": counted[SEVERELY.id],
        "distress_any": counted[ANY.id],
        "non_sends": dict(sorted(measures.reasons.items())),
        "coverage_by_decile": _by_decile(said.messages, reached),
        "coverage_by_language": said.by_language(reached),
    }


def _catalog(directory: Path) -> Catalog:
    """Return the catalog with distress support switched on everywhere, and the two playbooks that count."""
    bundle = catalog_of(directory)
    policies = {
        name: msgspec.structs.replace(policy, distress_support=True, safety_owner="evaluation")
        for name, policy in (bundle.policies or {"*": Policy()}).items()
    }
    return Catalog(msgspec.structs.replace(bundle, playbooks=(*bundle.playbooks, ANY, SEVERELY), policies=policies))


def _share_of_single_weeks(sent: Iterable[Decision]) -> float:
    """Return which share of the member-weeks (whole weeks since 1970) with a proactive message had one only."""
    weeks = Counter((one.member, int(one.time) // WEEK) for one in sent if one.lane == "proactive")
    return ratio(sum(count == 1 for count in weeks.values()), len(weeks))


def _by_decile(messages: Counter[str], reached: set[str]) -> dict[str, float]:
    """Return the share of members that anything was sent to, from the most quiet tenth (1) to the most active (10)."""
    quiet_first = sorted(messages, key=lambda member: (messages[member], member))
    tenths: dict[int, list[bool]] = defaultdict(list)
    for place, member in enumerate(quiet_first):
        tenths[place * 10 // len(quiet_first) + 1].append(member in reached)
    return {str(tenth): ratio(sum(found), len(found)) for tenth, found in sorted(tenths.items())}


class _Said:
    """How much each member said, and in which language."""

    def __init__(self) -> None:
        self.messages: Counter[str] = Counter()
        self._words: dict[str, Counter[str]] = defaultdict(Counter)

    def hear(self, events: Iterable[Event]) -> None:
        """Count messages, and words that tell a language; members who only look in count too, with nothing said."""
        for event in events:
            self.messages[event.key] += event.type in WORDS
            if isinstance(event.data, Text):
                words = event.data.text.lower().split()
                self._words[event.key].update(
                    {name: sum(word in known for word in words) for name, known in LANGUAGES.items()}
                )

    def by_language(self, reached: set[str]) -> dict[str, dict[str, float]]:
        """Return members and the share reached, by language; `unknown` where somebody said too little to tell."""
        members: dict[str, list[bool]] = defaultdict(list)
        for member in self.messages:
            counts = self._words[member]
            most = max(LANGUAGES, key=lambda name: counts[name])
            told = counts[most] > sum(counts[name] for name in LANGUAGES if name != most)
            members[most if told else "unknown"].append(member in reached)
        return {
            name: {"members": len(found), "covered": ratio(sum(found), len(found))}
            for name, found in sorted(members.items())
        }
