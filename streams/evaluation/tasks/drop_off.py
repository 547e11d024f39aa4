"""Who will be silent, told each week; and alerts about members who are gone, told in time."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from processors.detectors.drop_off import silence_odds
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Localised, Playbook, Policy, Resource
from streams.evaluation.figures import auc, median, ratio, recall_at_precision
from streams.evaluation.reading import chat_logs
from streams.evaluation.silences import COMMUNITY, DAY, Chronicle, Spell, days_between
from streams.evaluation.task import Figures, Options

NAME = "drop-off"
READS = "a chat log: ts, author, channel, kind, text; joins and quits are presence"
FIXED = (14, 21, 30)
KEYS: tuple[str, ...] = (
    "auc", "auc_recency_only", "departures", "precision", "recall", "median_delay_days", "recall_at_p80",
    *(f"fixed_{days}d_precision" for days in FIXED),
)  # fmt: skip
AHEAD = 30  # days: of activity before a week's end, and of silence after it
BY_DAY = 45.0  # an alert that comes later is one that did not come in time

# Each signal becomes a command that carries its score; nothing else is asked of the arbiter.
ALARM = Catalog(
    Bundle(
        (Resource("alarm", "how-to", "alarm", {"en": Localised("alarm", "alarm")}),),
        (
            Playbook(
                "alarm", "signal.overdue", "alarm", "alarm", because="{signal.score}", lane="request", maturity="live"
            ),
        ),
        {"*": Policy()},
    )
)


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return both parts over all logs together."""
    scored: list[tuple[float, bool]] = []
    recency: list[tuple[float, bool]] = []
    alerts: list[tuple[Spell, float, float]] = []
    spells: list[Spell] = []
    for log in chat_logs(files):
        chronicle = Chronicle(log)
        commands = []
        for time, partition in chronicle.fold(ALARM, [*days_between(chronicle.begin, chronicle.end, 7), chronicle.end]):
            commands += partition.take_outputs().commands
            if time + AHEAD * DAY <= chronicle.end:
                rest = partition.rest(COMMUNITY, time)
                for member, silent, stays_silent in _watched(chronicle, time):
                    scored.append((silence_odds(partition.member(member), time, rest), stays_silent))
                    recency.append((silent, stays_silent))
        judged = list(chronicle.spells())
        spells += judged
        alerts += _judged(judged, [(one.member, one.not_before, float(one.because)) for one in commands])
    return {"auc": auc(scored), "auc_recency_only": auc(recency), **_alert_figures(spells, alerts)}


def _watched(chronicle: Chronicle, time: float) -> Iterator[tuple[str, float, bool]]:
    """Yield (member, seconds of silence, stays silent for the next 30 days) of those active in the last 30 days."""
    for member in chronicle.visits:
        last, following = chronicle.last_and_next(member, time)
        if time - last < AHEAD * DAY:
            yield member, time - last, following > time + AHEAD * DAY


def _judged(
    spells: Sequence[Spell], alerts: Sequence[tuple[str, float, float]]
) -> Iterator[tuple[Spell, float, float]]:
    """Yield (spell, delay in days, score) of the alerts (member, time, score) that fall into a spell that is judged."""
    by_member: dict[str, list[Spell]] = {}
    for spell in spells:
        by_member.setdefault(spell.member, []).append(spell)
    for member, time, score in alerts:
        own = by_member.get(member, [])
        place = bisect_right(own, time, key=lambda spell: spell.start) - 1
        if place >= 0 and time < own[place].end:
            yield own[place], (time - own[place].start) / DAY, score


def _alert_figures(
    spells: Sequence[Spell], alerts: Sequence[tuple[Spell, float, float]]
) -> dict[str, float | int | None]:
    departures = sum(spell.gone for spell in spells)
    right = [(delay, score) for spell, delay, score in alerts if spell.gone and delay <= BY_DAY]
    ranked = [(score, spell.gone and delay <= BY_DAY) for spell, delay, score in alerts]
    figures: dict[str, float | int | None] = {
        "departures": departures,
        "precision": ratio(len(right), len(alerts)),
        "recall": ratio(len(right), departures),
        "median_delay_days": median([delay for delay, _ in right]),
        # Of all departures: those that were never told count as missed at every threshold.
        "recall_at_p80": recall_at_precision(ranked, 0.8) * ratio(len(right), departures),
    }
    for days in FIXED:
        reached = [spell.gone for spell in spells if spell.days >= days]
        figures[f"fixed_{days}d_precision"] = ratio(sum(reached), len(reached))
    return figures
