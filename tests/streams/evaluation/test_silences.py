"""Chats as silences: who was there when, which silences are judged, what a partition knows at a moment."""

from datetime import UTC, datetime
from math import inf
from pathlib import Path

import orjson

from processors.playbooks.catalog import EMPTY
from streams.evaluation.reading import chat_logs
from streams.evaluation.silences import DAY, Chronicle, days_between

MONDAY = 1767571200.0  # 2026-01-05 00:00 UTC


def chronicle(path: Path, **members: list[float]) -> Chronicle:
    """A chat in which each member speaks at these days (fractions allowed)."""
    rows = [
        {"ts": _stamp(day), "author": name, "channel": "c", "kind": "message", "text": "x"}
        for name, days in members.items()
        for day in days
    ]
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return Chronicle(chat_logs([path])[0])


def _stamp(day: float) -> str:
    """The time of a day after the Monday."""
    return datetime.fromtimestamp(MONDAY + day * DAY, UTC).isoformat()


def test_silences_of_regulars_whose_end_can_be_known(tmp_path: Path) -> None:
    """Five active days first; the last 60 days of a log are too young; a silence of 60 days is a departure."""
    log = chronicle(tmp_path / "log.jsonl", ann=[0, 1, 2, 3, 4, 10, 80], bob=[0, 0.5, 1, 2], eve=[150])
    assert [(one.member, one.days, one.gone) for one in log.spells()] == [
        ("log/ann", 6.0, False),
        ("log/ann", 70.0, True),
        ("log/ann", inf, True),
    ]


def test_the_neighbours_of_a_moment(tmp_path: Path) -> None:
    """The last visit up to it, the next after it."""
    log = chronicle(tmp_path / "log.jsonl", ann=[0, 5])
    assert log.last_and_next("log/ann", MONDAY + 5 * DAY) == (MONDAY + 5 * DAY, inf)
    assert log.last_and_next("log/ann", MONDAY + 4 * DAY) == (MONDAY, MONDAY + 5 * DAY)
    assert log.last_and_next("log/ann", MONDAY - 1) == (-inf, MONDAY)


def test_a_partition_knows_what_came_before_and_nothing_else(tmp_path: Path) -> None:
    """Folded up to each moment."""
    log = chronicle(tmp_path / "log.jsonl", ann=[0, 1.5, 2.5, 9])
    totals = []
    for time, partition in log.fold(EMPTY, days_between(log.begin, log.end, 1)):
        rhythm = partition.member("log/ann").rhythm
        assert partition.shared.time == time
        totals.append(rhythm.total if rhythm else 0)
    assert totals == [1, 2, 3, 3, 3, 3, 3, 3, 4]


def test_times_end_with_the_log() -> None:
    """Weeks after the beginning, none after the end."""
    assert days_between(0.0, 21.5 * DAY, 7) == [7 * DAY, 14 * DAY, 21 * DAY]
    assert days_between(0.0, 6 * DAY, 7) == []
