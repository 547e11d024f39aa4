"""An import counts each part once, keeps what it rejects, and goes on where it was cut short, with the same bytes in the end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.errors import UserError
from streams.history.reader import read_history
from streams.imports import run as importing
from streams.imports.run import Import, run

PARTS = 2_500


def work(folder: Path, name: str = "out.jsonl", lines: int = PARTS) -> Import:
    """Return an import of a file with good, bad and strange lines."""
    source = folder / "in.jsonl"
    if not source.exists():
        good = [
            json.dumps({"ts": f"2026-01-31T12:00:{n % 60:02}Z", "author": f"m{n % 7}", "text": f"words {n}"})
            for n in range(lines)
        ]
        good[10], good[1999] = "{", "[]"
        source.write_text("\n".join(good), encoding="utf-8")
    out = folder / name
    return Import(format="jsonl", files=[source], out=out, rejects=folder / f"{name}.rejects.jsonl", community="town")


def stop_at(count: int) -> Callable[[int], None]:
    """Return a report that breaks off the run."""

    def report(done: int) -> None:
        if done == count:
            raise KeyboardInterrupt

    return report


def test_every_part_is_counted_once_and_what_is_rejected_is_kept(tmp_path: Path) -> None:
    """Where, why, and its beginning; the rest is a history."""
    counts, resumed = run(work(tmp_path), lambda _done: None)
    assert (counts.read, counts.written, counts.skipped, counts.rejected, resumed) == (PARTS, PARTS - 2, 0, 2, False)
    rejects = [
        json.loads(line) for line in (tmp_path / "out.jsonl.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [one["where"].rpartition(":")[2] for one in rejects] == ["11", "2000"]
    assert sum(counts.why.values()) == 2
    posts = [one for one in read_history(tmp_path / "out.jsonl", "town") if one.type == "post.created"]
    assert len(posts) == PARTS - 2


@pytest.mark.parametrize("at", [1, 999, 1000, 1001, 2100, PARTS])
def test_a_run_that_was_cut_short_goes_on(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it was: the same bytes, the same counts, nothing twice."""
    monkeypatch.setattr(importing, "SAVED_EACH", 500)
    whole, _ = run(work(tmp_path, "whole.jsonl"), lambda _done: None)
    with pytest.raises(KeyboardInterrupt):
        run(work(tmp_path), stop_at(at))
    assert not (tmp_path / "out.jsonl").exists()
    counts, resumed = run(work(tmp_path), lambda _done: None)
    assert resumed == (at >= 500)
    assert counts == whole
    for ending in ("", ".rejects.jsonl"):
        assert (tmp_path / f"out.jsonl{ending}").read_bytes() == (tmp_path / f"whole.jsonl{ending}").read_bytes()
    assert not list(tmp_path.glob("*.part*"))


def test_what_is_there_is_not_overwritten_and_another_import_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a word on how to mend it."""
    monkeypatch.setattr(importing, "SAVED_EACH", 500)
    with pytest.raises(KeyboardInterrupt):
        run(work(tmp_path), stop_at(1200))
    with (tmp_path / "in.jsonl").open("a", encoding="utf-8") as source:
        source.write("\n{}\n")
    with pytest.raises(UserError, match="another import"):
        run(work(tmp_path), lambda _done: None)
    run(work(tmp_path, "fresh.jsonl"), lambda _done: None)
    with pytest.raises(UserError, match="is there already"):
        run(work(tmp_path, "fresh.jsonl"), lambda _done: None)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Before anything is written."""
    gone = Import(format="jsonl", files=[tmp_path / "no"], out=tmp_path / "o", rejects=tmp_path / "r", community="town")
    with pytest.raises(UserError, match="no such file"):
        run(gone, lambda _done: None)
