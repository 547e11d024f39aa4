"""The distress tasks against figures worked by hand."""

from math import isclose
from pathlib import Path

import orjson
import pytest

from processors.text.distress import score
from processors.text.distress_score import features, log_odds
from streams.evaluation.learning.distress import Example, learn
from streams.evaluation.task import Options
from streams.evaluation.tasks import distress, distress_chat, distress_user
from streams.evaluation.tasks.distress_user import User, erde, latency_f1

HEAVY, SEVERE, CALM = "I feel so lonely these days.", "I don't want to live anymore.", "Thanks, that worked."


def written(path: Path, *rows: dict[str, object]) -> list[Path]:
    """Write rows as JSON lines."""
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return [path]


def test_texts(tmp_path: Path) -> None:
    """Two of three positives found, the severe one as severe; a null label is left out."""
    rows = written(
        tmp_path / "rows.jsonl",
        {"text": SEVERE, "label": 2, "category": "acute"},
        {"text": HEAVY, "label": 1, "category": "mild"},
        {"text": CALM, "label": 1, "category": "mild"},
        {"text": CALM, "label": 0},
        {"text": SEVERE, "label": None},
    )
    figures = distress.evaluate(rows, Options())
    assert figures["rate_any"] == 0.5
    assert figures["rate_severe"] == 0.25
    assert figures["recall_any"] == 2 / 3
    assert figures["recall_severe"] == 1.0
    assert figures["precision_any"] == 1.0
    assert figures["by_category"] == {
        "acute": {"n": 1, "rate_any": 1.0, "rate_severe": 1.0},
        "mild": {"n": 2, "rate_any": 0.5, "rate_severe": 0.0},
    }


def test_chats(tmp_path: Path) -> None:
    """Presence is no message; the ids of what was raised are given; each author has a state of their own."""
    line = {"ts": "2026-01-05T12:00:00", "channel": "c", "kind": "message"}
    rows = written(
        tmp_path / "log.jsonl",
        {**line, "id": "a", "author": "ann", "text": SEVERE},
        {**line, "id": "b", "author": "bob", "text": CALM},
        {**line, "id": "c", "author": "bob", "kind": "join", "text": ""},
        {**line, "id": "d", "author": "cid", "text": HEAVY},
        {**line, "id": "e", "text": SEVERE},
        {**line, "id": "f", "author": "bob", "text": CALM},
    )
    figures = distress_chat.evaluate(rows, Options())
    assert figures["messages"] == 4
    assert figures["any_per_10k"] == 5000
    assert figures["severe_per_10k"] == 2500
    assert (figures["any_ids"], figures["severe_ids"]) == (["a", "d"], ["a"])


def test_users(tmp_path: Path) -> None:
    """One at risk, found at the second post; one not, never alerted."""
    rows = written(
        tmp_path / "users.jsonl",
        {"user": "a", "severity": 3, "posts": [CALM, SEVERE]},
        {"user": "b", "severity": 0, "posts": [CALM]},
    )
    figures = distress_user.evaluate(rows, Options())
    assert figures["auc"] == 1.0
    assert figures["erde50"] < 1e-9
    assert figures["latency_f1"] == pytest.approx(0.996, abs=0.001)


def test_early_risk_by_hand() -> None:
    """An alert at the deadline costs half, a miss 1, a false alarm the share of users at risk."""
    users = [User(True, 5, 0.9), User(True, 0, 0.1), User(False, 2, 0.8), User(False, 0, 0.0)]
    assert isclose(erde(users, 5), (0.5 + 1.0 + 0.5 + 0.0) / 4)
    assert isclose(latency_f1([User(True, 1, 1.0), User(False, 0, 0.0)]), 1.0)
    assert latency_f1([User(True, 0, 0.0)]) == 0.0


def test_the_learned_score_orders_and_stays_within_bounds() -> None:
    """Heavier words weigh more; empty, long and odd input has a score too."""
    heavy, calm = "I am so scared and sad, I cry every night", "Great, thanks for the update, the tests pass now"
    assert log_odds(heavy) > log_odds(calm)
    assert all(0.0 <= score(text) <= 1.0 for text in ("", "?", "x" * 9000, heavy * 400))
    assert score("Sad and scared, I feel, and I cry") > score("Sad and scared, they feel, and they cry")
    assert score(SEVERE) > score(HEAVY) > score(calm)


def test_weights_are_learned_the_same_again() -> None:
    """The same examples give the same bytes; a word seen only in distress weighs towards it."""
    rows = [Example("so sad and scared", True, 1.0), Example("thanks a lot", False, 1.0)] * 20
    stored = learn(rows)
    assert stored == learn(rows)
    weights = memoryview(stored).cast("b")[1:]
    assert (
        sum(weights[bucket] for bucket in features("scared"))
        > 0
        > sum(weights[bucket] for bucket in features("thanks"))
    )
