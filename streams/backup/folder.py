"""What a backup is on disk: a manifest, and a file of JSON lines for each partition of each topic and each part of the states."""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from streams.errors import UserError
from streams.proof.snapshot import Part, Restored, State
from streams.runtime.stage import Record

FORMAT = 1
MANIFEST = "manifest.json"
LEVEL = 3  # of gzip, as with snapshots


class Kept(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One record as it was; `timestamp` in milliseconds since the epoch."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What the folder holds: written last, so that a folder with one is whole.

    `deployment` is a keyed hash of the control key. `ends` are, by topic and partition, the offset after the last record that is
    kept; `committed` by group, topic and partition where it goes on reading.
    """

    format: int
    deployment: str
    app: str
    code: str
    taken: str
    ends: dict[str, dict[int, int]]
    records: dict[str, int]
    committed: dict[str, dict[str, dict[int, int]]]
    members: int


class Folder:
    """A backup's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the folder, for its owner alone. Raises `UserError` where something is in it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o700)
            if any(self.path.iterdir()):
                raise UserError(f"{self.path}: expected a folder that is empty, or not there yet")
        except OSError as error:
            raise UserError(f"{self.path} cannot be written ({error.strerror})") from None

    def manifest(self) -> Manifest:
        """Return what it holds. Raises `UserError` where it is no whole backup, or of a later format."""
        try:
            raw = (self.path / MANIFEST).read_bytes()
            head = msgspec.json.decode(raw, type=_Head)
            if head.format != FORMAT:
                raise UserError(f"{self.path} has format {head.format}, this version reads {FORMAT}")
            return msgspec.json.decode(raw, type=Manifest)
        except (OSError, msgspec.DecodeError):
            raise UserError(
                f"{self.path} is no backup of lotse, or not a whole one: {MANIFEST} cannot be read"
            ) from None

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest: from here on the folder is whole."""
        written = self.path / f".{MANIFEST}"
        with written.open("wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(manifest)))
            out.flush()
            os.fsync(out.fileno())
        written.replace(self.path / MANIFEST)

    def keep(self, topic: str, partition: int, records: Iterable[Record]) -> int:
        """Write the records of a partition; return how many."""
        count = 0
        with self._writing(f"{topic}.{partition}") as out:
            for one in records:
                headers = tuple((name, bytes(value)) for name, value in one.headers or ())
                out.write(_ENCODE(Kept(partition, one.offset, one.timestamp, one.key, one.value, headers)) + b"\n")
                count += 1
        return count

    def records(self, topic: str, partition: int) -> Iterator[Kept]:
        """Yield the records of a partition in their order."""
        yield from self._lines(f"{topic}.{partition}", _KEPT)

    def keep_states(self, restored: Restored) -> None:
        """Write the closed states of a partition of a stage."""
        part, states = restored
        with self._writing(f"states.{part.stage}.{part.partition}") as out:
            out.write(_ENCODE(part) + b"\n")
            for key in sorted(states):
                out.write(_ENCODE(State(key.decode(), states[key])) + b"\n")

    def states(self, stage: str, partition: int) -> Restored:
        """Return the closed states of a partition of a stage."""
        lines = self._lines(f"states.{stage}.{partition}", _STATE)
        part, states = next(lines), {one.key.encode(): one.value for one in lines if isinstance(one, State)}
        if not isinstance(part, Part) or part.states != len(states):
            raise UserError(f"{self.path}: states.{stage}.{partition}.gz is damaged")
        return part, states

    def _writing(self, name: str) -> "_Writing":
        return _Writing(self.path / f"{name}.gz")

    def _lines(self, name: str, decoder: msgspec.json.Decoder[Any]) -> Iterator[Any]:
        try:
            with gzip.open(self.path / f"{name}.gz", "rb") as file:
                for line in file:
                    yield decoder.decode(line)
        except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
            raise UserError(f"{self.path}: {name}.gz is damaged or gone ({type(error).__name__})") from None


class _Writing:
    """A file that is on disk when the block ends."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> IO[bytes]:
        self._raw = self._path.open("wb")
        self._out = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=LEVEL, filename="", mtime=0)
        return self._out  # type: ignore[return-value]  # a file of bytes

    def __exit__(self, *_: object) -> None:
        self._out.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()


class _Head(msgspec.Struct):
    format: int = 0


_ENCODE = msgspec.json.Encoder().encode
_KEPT = msgspec.json.Decoder(Kept)
_STATE = msgspec.json.Decoder(Part | State)
