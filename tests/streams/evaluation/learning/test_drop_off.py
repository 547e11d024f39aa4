"""The weights of silence: rows as the stream sees them, and a model that learns what they say."""

from datetime import UTC, datetime
from pathlib import Path

import orjson

from processors.member.rhythm import FEATURES
from streams.evaluation.learning.drop_off import fitted, rows
from streams.evaluation.silences import DAY

MONDAY = 1767571200.0


def test_rows_and_weights(tmp_path: Path) -> None:
    """Daily members, half of whom stop: longer silence means more of it, and the same rows give the same weights."""
    members = {f"stays{number}": range(0, 200, 1 + 3 * number) for number in range(4)} | {
        f"goes{number}": range(30 + 9 * number) for number in range(4)
    }
    path = tmp_path / "log.jsonl"
    path.write_bytes(
        b"\n".join(
            orjson.dumps(
                {"ts": datetime.fromtimestamp(MONDAY + (day + 0.5) * DAY, UTC).isoformat(), "author": name, "text": "x"}
            )
            for name, days in members.items()
            for day in days
        )
    )
    found = rows(path)
    assert {len(seen) for seen, _ in found.weekly + found.silences} == {len(FEATURES)}
    assert {gone for _, gone in found.weekly} == {gone for _, gone in found.silences} == {True, False}
    once, again = (fitted([found]).coef_[0].tolist() for _ in range(2))
    assert once == again
    assert once[0] > 0
