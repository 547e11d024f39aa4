"""`lotse import` as a person uses it: exact counts, faults with their place, one message for a mistake."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import in_process
from tests.support.in_process import Done

ROW = json.dumps({"ts": "2026-01-31T12:00:00Z", "author": "ann", "text": "hello"})


def lotse(*words: str) -> Done:
    """Run `lotse import`."""
    return in_process.lotse("import", *words)


def test_counts_and_rejects_are_told(tmp_path: Path) -> None:
    """For people and for machines; bad lines are no failure, and are kept."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f"{ROW}\n{{\n{ROW}\n", encoding="utf-8")
    done = lotse("jsonl", str(source), "--out", str(out))
    assert done.returncode == 0
    assert "3 read: 2 written, 0 skipped, 1 rejected" in done.stdout
    kept = json.loads((tmp_path / "out.jsonl.rejects.jsonl").read_text(encoding="utf-8"))
    assert kept["where"].endswith("in.jsonl:2")
    again = lotse("jsonl", str(source), "--out", str(tmp_path / "b.jsonl"), "--json")
    told = json.loads(again.stdout)
    assert (told["read"], told["written"], told["skipped"], told["rejected"]) == (3, 2, 0, 1)
    assert told["rejects"] == str(tmp_path / "b.jsonl.rejects.jsonl")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("slak", "x", "--out", "y"), "no format slak"),
        (("jsonl", "x"), "where to?"),
        (("jsonl", "-", "-", "--out", "y"), "standard input is read but once"),
        (("jsonl", "nothing-here", "--out", "{}/y"), "no such file"),
        (("irc", "x", "--out", "y", "--mapping", "m.yaml"), "only for csv, jsonl"),
        (("jsonl", "x", "--out", "y", "--community", "a/b"), "--community a/b"),
    ],
)
def test_a_mistake_is_one_message(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    """What, and how to mend it; exit 2."""
    done = lotse(*(word.replace("{}", str(tmp_path)) for word in words))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert told in done.stderr


@pytest.mark.parametrize("content", ["", "{ no json\n"])
def test_a_file_of_another_kind_is_no_success(content: str, tmp_path: Path) -> None:
    """Counts are told all the same; exit 2, and the question whether it is of that format."""
    source = tmp_path / "in.jsonl"
    source.write_text(content, encoding="utf-8")
    done = lotse("jsonl", str(source), "--out", str(tmp_path / "out.jsonl"))
    assert done.returncode == 2
    assert "nothing in it could be read as jsonl" in done.stderr
    assert "0 written" in done.stdout


def test_an_export_may_come_by_standard_input(tmp_path: Path) -> None:
    """`zcat export.jsonl.gz | lotse import jsonl - --out ...`; what is rejected has its place."""
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "streams.cli", "import", "jsonl", "-", "--out", str(out), "--json"]
    done = subprocess.run(command, input=f"{ROW}\n{{\n".encode(), capture_output=True, timeout=120, check=True)
    told = json.loads(done.stdout)
    assert (told["read"], told["written"], told["rejected"]) == (2, 1, 1)
    assert json.loads((tmp_path / "out.jsonl.rejects.jsonl").read_bytes())["where"].endswith("standard-input:2")
