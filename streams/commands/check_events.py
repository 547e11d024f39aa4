"""`lotse check-events`: for producers: would each line of a file be taken as an event, and if not, why."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, NamedTuple

import orjson
import typer

from processors.vocabulary import ANNOUNCED, CONTROL, VOCABULARY
from streams.codec import Codec, UndecodableError
from streams.commands.options import JsonOption
from streams.errors import NO, UserError
from streams.history.lines import HistoryError, lines_of
from streams.printing import printable
from streams.settings import new_key

SHOWN = 50  # refused lines printed; --json tells all


class Checked(NamedTuple):
    """A line: `reason` is empty where it is taken, else a word of the dead letters' list; `unknown` a type that is passed over."""

    line: int
    reason: str = ""
    detail: str = ""
    unknown: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check-events")(check_events)


def check_events(
    file: Annotated[str, typer.Argument(help="One CloudEvent (JSON) a line, plain or gz; - reads standard input.")],
    announcements: Annotated[
        bool, typer.Option(help="For the announcements topic: the subject is a community.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Read each line as the topic's reader would, its subject being the key. Exit 1 if any would be a dead letter."""
    found = [check(number, line, announcements=announcements) for number, line in _lines(file)]
    refused, unknown = [one for one in found if one.reason], Counter(one.unknown for one in found if one.unknown)
    if json:
        lines = [{"line": one.line, "reason": one.reason, "detail": one.detail} for one in refused]
        told = {"ok": len(found) - len(refused), "refused": lines, "unknown_types": dict(unknown)}
        typer.echo(orjson.dumps(told).decode())
    else:
        for one in refused[:SHOWN]:
            typer.echo(printable(f"{file}:{one.line}: {one.reason}: {one.detail}"))
        if len(refused) > SHOWN:
            typer.echo(f"({len(refused) - SHOWN} further lines are refused)")
        for kind, times in unknown.items():
            typer.echo(printable(f"passed over: {times} of type {kind}, which Lotse does not know{_near(kind)}"))
        typer.echo(f"{len(found) - len(refused)} ok, {len(refused)} refused")
    raise typer.Exit(NO if refused else 0)


def check(number: int, line: bytes, *, announcements: bool = False) -> Checked:
    """Read a line as an event whose key is its subject."""
    codec = Codec(new_key().encode())
    try:
        key = _key_of(line)
        event = codec.decode_announcement(key, line) if announcements else codec.decode(key, line)
    except UndecodableError as error:
        return Checked(number, error.reason, str(error).removeprefix(f"{error.reason}: "))
    if announcements and event.type not in ANNOUNCED:
        return Checked(number, "type", f"one of {', '.join(sorted(ANNOUNCED))}; found {event.type}")
    return Checked(number, unknown="" if event.type in VOCABULARY else event.type)


def _key_of(line: bytes) -> bytes:
    """Return the subject. Raises `UndecodableError` where there is none, or where only Lotse itself may write such an event."""
    try:
        envelope = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UndecodableError("json", str(error)) from None
    if not isinstance(envelope, dict):
        raise UndecodableError("schema", "a JSON object, one CloudEvent")
    if envelope.get("type") in CONTROL:
        raise UndecodableError("forged", f"{envelope['type']} is written by Lotse alone")
    subject = envelope.get("subject")
    if not isinstance(subject, str) or not subject:
        raise UndecodableError("key", "a subject: <community>/<member>, which is the record's key too")
    return subject.encode()


def _near(kind: str) -> str:
    """Return the nearest type that there is, as the end of a sentence."""
    near = get_close_matches(kind, VOCABULARY, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines. Raises `UserError` where the file cannot be read, or holds none."""
    number = 0
    try:
        for number, line in lines_of(Path(file)):
            yield number, line
    except HistoryError as error:
        raise UserError(str(error)) from None
    if not number:
        raise UserError(f"{file}: no event in it; expected one CloudEvent (JSON) a line")
