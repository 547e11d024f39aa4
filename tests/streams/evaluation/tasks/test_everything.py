"""A whole chat with everything on: what is counted, and that the counters themselves send nothing."""

from datetime import UTC, datetime
from pathlib import Path

import orjson

from streams.evaluation.task import Options
from streams.evaluation.tasks.everything import ANY, KEYS, evaluate

MONDAY = 1767603600.0  # 2026-01-05 09:00 UTC


def write(path: Path, *said: tuple[float, str, str]) -> Path:
    """A chat of (hours, author, text)."""
    rows = [
        {
            "ts": datetime.fromtimestamp(MONDAY + hours * 3600, UTC).isoformat(),
            "author": author,
            "channel": "c",
            "text": text,
        }
        for hours, author, text in said
    ]
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return path


def test_a_chat_is_counted(tmp_path: Path) -> None:
    """A question that nobody answers is told so; the sincere statement of distress is counted with its tier."""
    path = write(
        tmp_path / "log.jsonl",
        (0, "ann", "How do I mount the frobnicator partition under gentoo?"),
        (30, "bob", "I feel completely hopeless and alone tonight."),
        (60, "carla", "das ist nicht zu machen und ich wei\u00df nicht wie"),
        (61, "bob", "thanks"),
    )
    figures = evaluate([path], Options())
    assert set(KEYS) <= set(figures)
    assert (figures["messages"], figures["sends"], figures["playbooks_sending"]) == (4, 1, 1)
    assert (figures["distress_any"], figures["distress_severe"]) == (1, 1)
    assert (figures["sends_per_member_week_max"], figures["share_weeks_at_most_one"]) == (1, 1.0)
    assert figures["non_sends"]["helpline_unverified"] == 1
    assert ANY.id not in figures["by_playbook"]
    assert figures["coverage_by_language"] == {
        "de": {"members": 1, "covered": 0.0},
        "en": {"members": 2, "covered": 0.5},
    }
    assert sum(figures["coverage_by_decile"].values()) == 1.0
