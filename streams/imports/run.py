"""Runs an import: every part of every file is written, skipped or rejected, and counted; a run that was cut short goes on.

While it runs there are `OUT.part` and `OUT.part.state`: how many parts of which files are done, and how long the files
were then. A run that finds them cuts the files back to there and passes over what is done.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import orjson

from processors.events import Event
from streams.codec import Codec
from streams.errors import UserError
from streams.gateway.mapping import Mapping
from streams.imports import FORMATS
from streams.imports.items import Item, Rejected, Row, Skipped

SAVED_EACH = 5_000  # parts between two notes of the state
REASONS_MAX = 50


class Counts(msgspec.Struct):
    """What became of the parts; `read` is the sum of the three others."""

    read: int = 0
    written: int = 0
    skipped: int = 0
    rejected: int = 0
    why: dict[str, int] = {}

    def because(self, reason: str) -> None:
        """Count a reason; of very many different ones the rest is one."""
        name = reason if reason in self.why or len(self.why) < REASONS_MAX else "other"
        self.why[name] = self.why.get(name, 0) + 1


class State(msgspec.Struct):
    """How far a run is: of these files (`inputs` is a hash of names, sizes and options), and the sizes of what is written."""

    inputs: str
    counts: Counts
    out: int = 0
    rejects: int = 0


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What to import, and where to."""

    format: str
    files: list[Path]
    out: Path
    rejects: Path
    community: str
    mapping: Mapping | None = None

    @property
    def part(self) -> Path:
        """The file that is written while the import runs."""
        return self.out.with_name(self.out.name + ".part")

    @property
    def note(self) -> Path:
        """Where the state is kept meanwhile."""
        return self.out.with_name(self.out.name + ".part.state")


def run(work: Import, report: Callable[[int], None]) -> tuple[Counts, bool]:
    """Import, and return what became of the parts, and whether it went on from an earlier run. Raises `UserError`."""
    if work.out.exists():
        raise UserError(f"{work.out}: is there already; choose another name, or take it away")
    state = _earlier(work)
    resumed = state.counts.read > 0
    try:
        with work.part.open("ab") as out, work.rejects.open("ab") as rejects:
            out.truncate(state.out)
            rejects.truncate(state.rejects)
            _write(work, state, out, rejects, report)
        work.part.rename(work.out)
        work.note.unlink(missing_ok=True)
        if not state.counts.rejected:
            work.rejects.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{error.filename or work.out}: cannot be written ({error.strerror})") from None
    return state.counts, resumed


def _write(work: Import, state: State, out: BinaryIO, rejects: BinaryIO, report: Callable[[int], None]) -> None:
    codec, counts, done = Codec(b""), state.counts, state.counts.read
    for number, item in enumerate(_items(work), 1):
        if number <= done:
            report(number)
            continue
        counts.read += 1
        if isinstance(item, Row | Event):
            out.write((_line(item, codec)) + b"\n")
            counts.written += 1
        elif isinstance(item, Skipped):
            counts.skipped += 1
            counts.because(item.reason)
        else:
            rejects.write(orjson.dumps(item._asdict()) + b"\n")
            counts.rejected += 1
            counts.because(item.reason)
        if not number % SAVED_EACH:
            _save(work, state, out, rejects)
        report(number)
    _save(work, state, out, rejects)


def _items(work: Import) -> Iterator[Item]:
    read = FORMATS[work.format]
    for path in work.files:
        if not path.exists():
            raise UserError(f"{path}: there is no such file")
        for item in read(path, work.mapping, work.community):
            yield item._replace(where=f"{path}: {item.where}") if isinstance(item, Rejected) else item


def _line(item: Row | Event, codec: Codec) -> bytes:
    if isinstance(item, Row):
        return orjson.dumps(item.fields)
    return codec.encode(item, "/import")


def _save(work: Import, state: State, out: BinaryIO, rejects: BinaryIO) -> None:
    out.flush()
    rejects.flush()
    state.out, state.rejects = out.tell(), rejects.tell()
    fresh = work.note.with_name(work.note.name + ".new")
    fresh.write_bytes(msgspec.json.encode(state))
    fresh.replace(work.note)


def _earlier(work: Import) -> State:
    about = [work.format, work.community, repr(work.mapping), *(f"{one}:{_size(one)}" for one in work.files)]
    inputs = hashlib.blake2b("\x1f".join(about).encode(), digest_size=16).hexdigest()
    fresh = State(inputs, Counts())
    if not work.note.exists() or not work.part.exists():
        work.part.unlink(missing_ok=True)
        work.rejects.unlink(missing_ok=True)
        return fresh
    try:
        state = msgspec.json.decode(work.note.read_bytes(), type=State)
    except msgspec.DecodeError:
        raise UserError(f"{work.note}: cannot be read; take it and {work.part} away to begin anew") from None
    if state.inputs != inputs:
        raise UserError(f"{work.part}: is of another import; take it and {work.note} away to begin anew")
    return state


def _size(path: Path) -> str:
    return str(path.stat().st_size) if path.is_file() else "folder"
