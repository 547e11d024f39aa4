"""The files of an export: a file, a folder, or a zip, read within bounds; bombs and ways out of the folder are refused."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from streams.errors import UserError

FILES_MAX = 200_000
FILE_MAX = 1 << 30  # bytes of one file
WHOLE_MAX = 16 << 30  # bytes of all files of a zip, unpacked
RATIO_MAX = 200  # unpacked to packed; text packs ten to thirty times
RATIO_FROM = 10 << 20  # bytes below which a ratio says nothing
PIECE = 1 << 20


class Part(NamedTuple):
    """One file of an export: its name within it, and its bytes."""

    name: str
    content: bytes


def parts(path: Path, endings: tuple[str, ...]) -> Iterator[Part]:
    """Yield the files of an export in the order of their names, those with these endings. Raises `UserError`."""
    if path.is_dir():
        names = sorted(one for one in path.rglob("*") if one.suffix.lower() in endings and one.is_file())
        for one in names:
            if not one.resolve().is_relative_to(path.resolve()):
                raise UserError(f"{one}: leads out of {path}; take the link away")
            yield Part(one.relative_to(path).as_posix(), _read(one))
    elif zipfile.is_zipfile(path):
        yield from _zipped(path, endings)
    else:
        yield Part(path.name, _read(path))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_MAX:
            raise UserError(f"{path}: larger than {FILE_MAX >> 20} MiB; split it")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def _zipped(path: Path, endings: tuple[str, ...]) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _checked(path, archive)
            for one in sorted(wanted, key=lambda member: member.filename):
                if Path(one.filename).suffix.lower() in endings:
                    yield Part(one.filename, _unpacked(path, archive, one))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise UserError(f"{path}: no zip that can be read ({error})") from None


def _checked(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    whole, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > FILES_MAX or whole > WHOLE_MAX or any(one.file_size > FILE_MAX for one in members):
        raise UserError(f"{path}: more than may be unpacked ({len(members)} files, {whole >> 20} MiB)")
    if whole > RATIO_FROM and whole > RATIO_MAX * max(packed, 1):
        raise UserError(f"{path}: a few bytes that would become {whole >> 20} MiB; no export packs so")
    for one in members:
        name = Path(one.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in one.filename:
            raise UserError(f"{path}: {one.filename}: leads out of the archive")
        if one.flag_bits & 1:
            raise UserError(f"{path}: {one.filename}: encrypted; unpack it first")
    return members


def _unpacked(path: Path, archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """Return a file's bytes, no more than its entry says: an entry may lie."""
    found, size = [], 0
    with archive.open(one) as opened:
        while piece := opened.read(PIECE):
            size += len(piece)
            if size > one.file_size:
                raise UserError(f"{path}: {one.filename}: larger than its entry says")
            found.append(piece)
    return b"".join(found)
