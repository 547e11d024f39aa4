"""The command line of the evaluation: JSON for machines, a table for people, one message for mistakes."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.errors import UserError

ROWS = b'{"text": "How do I mount this partition?", "label": 2}\n{"text": "thanks a lot", "label": 0}\n{"text": "eh", "label": null}'


def test_figures_for_machines_and_for_people(tmp_path: Path) -> None:
    """One object with the task's keys; the same figures in a table."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(ROWS)
    told = CliRunner().invoke(app, ["evaluate", "question", "--data", str(path), "--json"])
    assert orjson.loads(told.stdout) == {"f1_any": 1.0, "f1_help": 1.0, "precision_help": 1.0, "recall_help": 1.0}
    assert "f1_help" in CliRunner().invoke(app, ["evaluate", "question", "--data", str(path)]).stdout


@pytest.mark.parametrize(
    ("task", "content", "expected"), [("queston", ROWS, "no such task"), ("question", b"{}", "no usable line")]
)
def test_a_mistake_is_one_message(tmp_path: Path, task: str, content: bytes, expected: str) -> None:
    """An unknown task lists those there are; a file of nothing says what a line should hold."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(path)])
    assert isinstance(result.exception, UserError)
    assert result.exception.code == 2
    assert expected in str(result.exception)


@pytest.mark.parametrize("task", ["all", "onboarding", "resource-search"])
def test_a_catalog_that_cannot_be_read_is_one_message(tmp_path: Path, task: str) -> None:
    """A directory that is not there, and one whose pages have problems; one's own lies over the starter content, as everywhere."""
    path, own = tmp_path / "rows.jsonl", tmp_path / "own"
    rows: list[dict[str, object]] = [
        {"ts": "2026-01-05", "author": "ann", "text": "hello", "member": "ann", "event": "registered"},
        {"question": "How do I begin?", "answers": []},
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(path), "--catalog", str(own)])
    assert isinstance(result.exception, UserError)
    assert "no such directory" in str(result.exception)
    (own / "playbooks").mkdir(parents=True)
    change = own / "playbooks" / "a.yaml"
    change.write_text("id: onboarding.values\nmaturity: offf\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(path), "--catalog", str(own)])
    assert isinstance(result.exception, UserError)
    assert f"{change}:2:11: maturity: expected one of" in str(result.exception)
    change.write_text("id: onboarding.values\nmaturity: off\n", encoding="utf-8")
    assert told(tmp_path, task, rows, "--catalog", str(own))


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), (b"\xff", "expected UTF-8 text"), (b"a: [", "no valid YAML")]
)
def test_a_journey_that_cannot_be_read_is_one_message(tmp_path: Path, content: bytes | None, said: str) -> None:
    """With its place."""
    path, journey = tmp_path / "rows.jsonl", tmp_path / "journey.yaml"
    path.write_bytes(b'{"ts": "2026-01-05", "member": "ann", "event": "registered"}')
    if content is not None:
        journey.write_bytes(content)
    result = CliRunner().invoke(app, ["evaluate", "onboarding", "--data", str(path), "--journey", str(journey)])
    assert isinstance(result.exception, UserError)
    assert str(result.exception).startswith(f"{journey}:1:")
    assert said in str(result.exception)


def told(tmp_path: Path, task: str, rows: list[dict[str, object]], *options: str) -> dict[str, float | None]:
    """The figures of a task over rows."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(path), "--json", *options])
    assert result.exception is None, result.exception
    figures: dict[str, float | None] = orjson.loads(result.stdout)
    return figures


MOUNT, AGAIN, CAKE = (
    "How do I mount the frobnicator partition?",
    "How can I mount a frobnicator partition?",
    "Which flour is best for cake?",
)


def test_pairs_are_told_apart(tmp_path: Path) -> None:
    """Re-asks of one member and of two are figures of their own; without cross-member pairs those are empty."""
    rows: list[dict[str, object]] = [
        {"kind": "same-member", "a": {"text": MOUNT}, "b": {"text": AGAIN}, "label": 1},
        {"kind": "same-member", "a": {"text": MOUNT}, "b": {"text": CAKE}, "label": 0},
        {"kind": "same-member", "a": {"text": CAKE}, "b": {"text": CAKE}, "label": None},
    ]
    figures = told(tmp_path, "reask", rows)
    assert [figures[key] for key in ("ap", "recall_at_p90", "precision", "recall")] == [1.0] * 4
    assert figures["cross_member_ap"] is None
    pairs: list[dict[str, object]] = [
        {"q1": MOUNT, "q2": AGAIN, "duplicate": 1}, {"q1_title": MOUNT, "q1_body": "", "q2_title": CAKE, "q2_body": "", "duplicate": 0},
    ]  # fmt: skip
    assert told(tmp_path, "duplicate-pairs", pairs) == {
        "auc": 1.0,
        "recall_at_p95": 1.0,
        "recall": 1.0,
        "false_merge_rate": 0.0,
    }


def test_candidates_are_ranked_by_likeness_and_the_given_rank_where_asked(tmp_path: Path) -> None:
    """The similar one comes first although the forum gave it last; a query without one counts 0; a far rank can cost it its place."""

    def rows(*ranks: int) -> list[dict[str, object]]:
        texts, labels = (CAKE, AGAIN, CAKE), ("Irrelevant", "PerfectMatch", "Irrelevant")
        return [
            {
                "qid": query,
                "rank": rank,
                "q_subject": "",
                "q_text": MOUNT,
                "c_subject": "",
                "c_text": text,
                "label": label,
            }
            for query, rank, text, label in zip("aab", ranks, texts, labels, strict=True)
        ]

    assert told(tmp_path, "similar-questions", rows(1, 2, 1)) == {"map": 0.5, "mrr": 0.5, "p_at_1": 0.5}
    assert told(tmp_path, "similar-questions", rows(1, 10**12, 1), "--with-rank")["map"] == 0.25


def test_never_answered_is_scored_on_marked_lines(tmp_path: Path) -> None:
    """Two marked questions, one answered; the alert comes within ten minutes."""

    def line(number: int, minute: int, author: str, text: str, **more: object) -> dict[str, object]:
        return {
            "id": f"w:{number}",
            "ts": f"2026-01-05T12:{minute:02}:00Z",
            "channel": "c",
            "author": author,
            "kind": "message",
            "text": text,
            **more,
        }

    figures = told(
        tmp_path,
        "unanswered",
        [
            line(1, 0, "ann", MOUNT, annotated=True, replies_to=[], question=True),
            line(2, 1, "ben", CAKE, annotated=True, replies_to=[], question=True),
            line(3, 2, "cem", "ann: use the frob option", annotated=True, replies_to=["w:1"]),
            {"id": "w:4", "ts": None, "author": "dan", "kind": "message", "text": "no time"},
            line(5, 30, "dan", "ben is away", kind="quit"),
        ],
    )
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)
    assert figures["median_delay_s"] is not None
    assert figures["median_delay_s"] <= 600
