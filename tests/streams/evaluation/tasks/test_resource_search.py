"""The task resource-search: both ways of being wrong are counted apart."""

from pathlib import Path

import orjson
import pytest

from streams.errors import UserError
from streams.evaluation.task import Options
from streams.evaluation.tasks import resource_search

TITLES = ("How do I change my password?", "Where can I download an invoice?")


def figures(path: Path, *rows: dict[str, object]) -> dict[str, object]:
    """Evaluate rows."""
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return dict(resource_search.evaluate([path], Options()))


def test_right_wrong_and_none_are_counted(tmp_path: Path) -> None:
    """Each answerable question is asked twice, the second time without its answer; what is given then is wrong."""
    found = figures(
        tmp_path / "rows.jsonl",
        {"question": "How can I change my password?", "answers": [TITLES[0]]},
        {"faq": TITLES[1], "paraphrase": "Where do I download my invoice?"},
        {"question": "Where could one see the aurora borealis?", "answers": [TITLES[1]]},  # not found
        {
            "question": "How do I change the password?",
            "answers": [],
        },  # found, though the file says that nothing answers
        {"question": "Which kernel do I need for my laptop?", "answers": []},
    )
    assert found == {
        "questions": 5, "answerable": 3, "precision": 2 / 3, "recall": 2 / 3, "wrong": 0, "none_precision": 0.8,
        "none_recall": 0.8, "answered_without": 1,
    }  # fmt: skip


def test_an_id_of_the_catalog_is_an_answer(tmp_path: Path) -> None:
    """No resource is made of it."""
    row = {"question": "How can I report a post?", "answers": ["report-something"]}
    assert figures(tmp_path / "rows.jsonl", row)["recall"] == 1.0


def test_a_file_without_questions_is_an_error(tmp_path: Path) -> None:
    """It says what was expected."""
    with pytest.raises(UserError, match="question and answers"):
        figures(tmp_path / "rows.jsonl", {"text": "?"})
