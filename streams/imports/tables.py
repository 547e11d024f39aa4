"""CSV and JSON lines of any shape by a mapping file; without one, rows that have the neutral format's own names."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from processors.events import Event
from streams.gateway.mapping import Mapping, apply
from streams.gateway.payloads import Delivery, Ignored, Invalid, PayloadError
from streams.gateway.reading import first
from streams.imports.archives import FILE_MAX, PIECE, parts
from streams.imports.items import RAW_MAX, Item, Rejected, Skipped, row

CELL_MAX = 1 << 20
SOURCE = "import"


def read_csv(path: Path, mapping: Mapping | None, community: str) -> Iterator[Item]:
    """Yield what the rows of CSV files give."""
    csv.field_size_limit(CELL_MAX)
    for part in parts(path, (".csv", ".tsv", ".txt")):
        content = part.content.decode("utf-8-sig", "replace")
        first_line = content.partition("\n")[0]
        delimiter = max(",;\t", key=first_line.count)
        reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)
        try:
            for cells in reader:
                where = f"{part.name}:{reader.line_num}"
                if None in cells or None in cells.values():
                    yield Rejected(
                        where, "more or fewer cells than the header has", str(list(cells.values()))[:RAW_MAX]
                    )
                else:
                    yield _row(where, dict(cells), mapping, community)
        except csv.Error as error:
            yield Rejected(f"{part.name}:{reader.line_num}", f"no CSV ({error})")


def read_lines(path: Path, mapping: Mapping | None, community: str) -> Iterator[Item]:
    """Yield what JSON lines give, plain or gz."""
    for part in parts(path, (".jsonl", ".ndjson", ".json", ".gz")):
        content, fault = _unpacked(part.content) if part.name.endswith(".gz") else (part.content, "")
        if fault:
            yield Rejected(part.name, fault)
        for number, line in enumerate(content.splitlines(), 1):
            if not line.strip():
                continue
            where = f"{part.name}:{number}"
            try:
                found = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                yield Rejected(where, f"no JSON ({error})", line[:RAW_MAX].decode(errors="replace"))
                continue
            if isinstance(found, dict):
                yield _row(where, found, mapping, community)
            else:
                yield Rejected(where, "expected a JSON object", str(found)[:RAW_MAX])


def _unpacked(packed: bytes) -> tuple[bytes, str]:
    """Return what stands in a gz, all of its members, as far as it can be read, and why not further."""
    found = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as reader:
            while piece := reader.read1(PIECE):
                found += piece
                if len(found) > FILE_MAX:
                    return bytes(found[:FILE_MAX]), f"larger than {FILE_MAX >> 20} MiB once unpacked"
    except (OSError, EOFError, zlib.error) as error:
        return bytes(found), f"no gz that can be read to its end ({type(error).__name__})"
    return bytes(found), ""


def _row(where: str, given: dict[str, Any], mapping: Mapping | None, community: str) -> Item:
    if mapping is not None:
        return _mapped(where, given, mapping, community)
    when, author = (
        first(given, "ts", "time", "timestamp", "created_at"),
        first(given, "author", "member", "user_id", "user"),
    )
    return row(
        where, time=when, author=author, raw=orjson.dumps(given).decode(), channel=given.get("channel"), thread=given.get("thread"),
        number=first(given, "id") or where, words=first(given, "text", "body", "message"), kind=str(given.get("kind") or "message"),
    )  # fmt: skip


def _mapped(where: str, given: dict[str, Any], mapping: Mapping, community: str) -> Item:
    raw = orjson.dumps(given).decode()[:RAW_MAX]
    delivery = Delivery(source=SOURCE, community=community, received=0.0, body=given)
    try:
        (found,) = list(apply(mapping, delivery)) or [Ignored("no rule of the mapping fits")]
    except PayloadError as error:
        return Rejected(where, str(error), raw)
    except ValueError:
        return Rejected(where, "expected one event of a row; leave out each:", raw)
    if isinstance(found, Ignored):
        return Rejected(where, found.reason, raw) if "names no member" in found.reason else Skipped(found.reason)
    if isinstance(found, Invalid):
        return Rejected(where, found.message, raw)
    if not isinstance(found, Event) or not found.time:
        return Rejected(where, "no time between 2000 and 2100 where the mapping says", raw)
    return found
