"""The figures of drop-off, on chats whose right answers are known."""

from datetime import UTC, datetime
from math import isclose
from pathlib import Path

import orjson

from streams.evaluation.silences import DAY, Spell
from streams.evaluation.task import Options
from streams.evaluation.tasks.drop_off import KEYS, _alert_figures, _judged, evaluate

MONDAY = 1767571200.0


def write(path: Path, members: dict[str, range]) -> Path:
    """A chat in which each member joins, and leaves, on these days."""
    rows = [
        {"ts": datetime.fromtimestamp(MONDAY + (day + 0.5) * DAY, UTC).isoformat(), "author": name, "kind": "join"}
        for name, days in members.items()
        for day in days
    ]
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return path


def test_whoever_stops_is_told_and_whoever_goes_on_is_not(tmp_path: Path) -> None:
    """Daily members, half of whom stop for good: all departures found, no false alarm, and the weekly order is right."""
    stays = {f"stays{number}": range(0, 200, 1 + number) for number in range(4)}
    goes = {f"goes{number}": range(60 + 10 * number) for number in range(4)}
    figures = evaluate([write(tmp_path / "log.jsonl", stays | goes)], Options())
    assert set(KEYS) <= set(figures)
    assert (figures["departures"], figures["precision"], figures["recall"]) == (4, 1.0, 1.0)
    assert 14 <= figures["median_delay_days"] <= 45
    assert figures["auc"] > 0.9


def test_alerts_are_judged_by_their_own_silence() -> None:
    """Of two alerts in time one is right; one beyond day 45 is none in time; a departure without alert is missed."""
    spells = [
        Spell("a", 0.0, 100 * DAY),
        Spell("a", 100 * DAY, 130 * DAY),
        Spell("b", 0.0, 90 * DAY),
        Spell("c", 0.0, 70 * DAY),
    ]
    alerts = [
        ("a", 20 * DAY, 0.9),
        ("a", 120 * DAY, 0.6),
        ("b", 50 * DAY, 0.7),
        ("d", 5 * DAY, 0.9),
        ("b", 95 * DAY, 0.5),
    ]
    judged = list(_judged(spells, alerts))
    assert [(one.member, delay) for one, delay, _ in judged] == [("a", 20.0), ("a", 20.0), ("b", 50.0)]
    figures = _alert_figures(spells, judged)
    assert (figures["departures"], figures["median_delay_days"]) == (3, 20.0)
    assert isclose(figures["precision"] or 0, 1 / 3)
    assert isclose(figures["recall"] or 0, 1 / 3)
    assert isclose(figures["recall_at_p80"] or 0, 1 / 3)  # the one right alert has the highest score
    assert figures["fixed_21d_precision"] == 0.75
