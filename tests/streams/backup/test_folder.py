"""A backup's folder: what is written is read; what is none, or not whole, or another deployment's is one message."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from streams.backup.folder import FORMAT, MANIFEST, Folder, Kept, Manifest
from streams.codec import Codec
from streams.errors import UserError
from streams.proof.snapshot import Part
from tests.support import in_process

KEY = "a control key for tests"
MADE = Manifest(
    FORMAT, Codec(KEY.encode()).deployment(), "kept", "1", "2026-01-05T12:00:00+00:00", {"t": {0: 2}}, {"t": 1}, {}, 1
)


class Record(NamedTuple):
    """A record as a consumer gives it."""

    offset: int
    key: bytes | None
    value: bytes | None
    topic: str = "t"
    partition: int = 0
    timestamp: int = 1_700_000_000_000
    headers: tuple[tuple[str, bytes], ...] = ()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Records with what is no text, tombstones, headers; states; the manifest last. For its owner alone."""
    folder = Folder(tmp_path / "backup")
    folder.make()
    records = [Record(3, b"k", b"\xff\x00"), Record(5, None, None, headers=(("h", b"\x01"),))]
    assert folder.keep("t", 0, records) == 2
    folder.keep_states((Part("members", 0, 7, b"shared", 1), {b"town/ann": b"\x00state"}))
    with pytest.raises(UserError, match="not a whole one"):
        folder.manifest()
    folder.finish(MADE)
    assert folder.manifest() == MADE
    assert list(folder.records("t", 0)) == [
        Kept(0, 3, 1_700_000_000_000, b"k", b"\xff\x00"), Kept(0, 5, 1_700_000_000_000, None, None, (("h", b"\x01"),)),
    ]  # fmt: skip
    assert folder.states("members", 0) == (Part("members", 0, 7, b"shared", 1), {b"town/ann": b"\x00state"})
    assert folder.path.stat().st_mode & 0o077 == 0


def test_a_damaged_part_is_one_message(tmp_path: Path) -> None:
    """A file that is cut off, or gone; a folder of a later format."""
    folder = Folder(tmp_path)
    folder.keep("t", 0, [Record(3, b"k", b"value" * 100)])
    path = tmp_path / "t.0.gz"
    path.write_bytes(path.read_bytes()[:-9])
    for name in ("t", "gone"):
        with pytest.raises(UserError, match=f"{name}.0.gz is damaged or gone"):
            list(folder.records(name, 0))
    (tmp_path / MANIFEST).write_bytes(msgspec.json.encode({"format": FORMAT + 1}))
    with pytest.raises(UserError, match="has format"):
        folder.manifest()


def test_what_is_no_backup_is_one_message(tmp_path: Path) -> None:
    """Nothing there, a folder with something else in it, another deployment's: before any broker is asked."""
    missing = in_process.lotse("topics", "restore", str(tmp_path / "none"), LOTSE_CONTROL_KEY=KEY)
    assert (missing.returncode, "is no backup of lotse" in missing.stderr) == (2, True)
    (tmp_path / "letter.txt").write_text("something of somebody's")
    with pytest.raises(UserError, match="expected a folder that is empty"):
        Folder(tmp_path).make()
    folder = Folder(tmp_path / "good")
    folder.make()
    folder.finish(MADE)
    other = in_process.lotse(
        "topics", "restore", str(folder.path), LOTSE_CONTROL_KEY="another key of somebody else", LOTSE_APP="kept"
    )
    assert (other.returncode, "is of another deployment" in other.stderr) == (2, True)
