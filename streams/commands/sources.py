"""`lotse map`: what a platform's payloads would write, without any server."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from processors.events import Event
from streams.codec import YEAR_2000, Codec
from streams.commands.options import JsonOption
from streams.errors import WRONG, UserError
from streams.gateway.documents import NoJsonError, TooDeepError, parse
from streams.gateway.mapping import Mapping
from streams.gateway.mapping_file import read_mapping
from streams.gateway.payloads import Delivery, Mapped
from streams.gateway.reading import time_of
from streams.gateway.sources import ALIASES, SOURCES, read
from streams.history.lines import given

REASONS_SHOWN = 5
PRESSED = "a button with a signed token: only the gateway, which holds the key, can read it"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("map")(map_files)


def map_files(
    source: Annotated[str, typer.Argument(help=f"One of {', '.join(SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Payloads: JSON, JSON lines, or a form; - reads standard input.")],
    header: Annotated[
        list[str] | None, typer.Option("--header", help="A header of the request, NAME=VALUE; may be repeated.")
    ] = None,
    community: Annotated[str, typer.Option(help="Name of the community.")] = "community",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="A mapping file (YAML): what else payloads mean.")
    ] = None,
    received: Annotated[
        str | None,
        typer.Option("--received", help="When it arrived (ISO 8601), for payloads without a time; else the file's."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the events that payloads of a platform give: what would be written. Exit 2 if a file is no JSON at all."""
    door = _source(source)
    headers, rules, at = _headers(header or []), read_mapping(mapping) if mapping else None, _received(received)
    if not community or "/" in community or community.startswith("@"):
        raise UserError(f"--community {community}: expected a name without / that does not begin with @")
    unreadable = False
    for file in files:
        shown, readable = _map(
            Path(given(str(file))), Delivery(source=door, community=community, received=at, headers=headers), rules
        )
        unreadable |= not readable
        if json:
            typer.echo(orjson.dumps(shown).decode())
        else:
            Console().print(_table(shown))
    raise typer.Exit(WRONG if unreadable else 0)


def _map(file: Path, delivery: Delivery, mapping: Mapping | None) -> tuple[dict[str, Any], bool]:
    """Return what is shown of a file, and whether it could be read."""
    try:
        content = file.read_bytes()
        changed = file.stat().st_mtime
        documents = parse(content, delivery.headers.get("content-type", ""))
    except (OSError, NoJsonError) as error:
        reason = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else str(error)
        return {"file": str(file), "events": [], "ignored": None, "error": reason}, isinstance(error, TooDeepError)
    arrived = delivery.received or time_of(changed) or YEAR_2000
    headers = {**documents.headers, **delivery.headers}
    sent = Delivery(source=delivery.source, community=delivery.community, received=arrived, headers=headers)
    return _shown(file, delivery.source, read(documents.bodies, sent, mapping), documents.faults), True


def _shown(file: Path, source: str, mapped: Mapped, faults: list[str]) -> dict[str, Any]:
    return {
        "file": str(file),
        "events": [_cloud_event(event, source) for event in mapped.events],
        "ignored": _told([*mapped.ignored, *(PRESSED for _ in mapped.presses)]),
        "error": _told([*faults, *mapped.errors]),
    }


def _cloud_event(event: Event, source: str) -> dict[str, Any]:
    """Return the event as the member log holds it, but for the seal of outcomes, which only a deployment can give."""
    written: dict[str, Any] = orjson.loads(Codec(b"").encode(event, f"/in/{source}"))
    written.pop("seal", None)
    return written


def _told(reasons: list[str]) -> str | None:
    """Return reasons in one text, each once with how often it came; None where there are none."""
    counts = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons[:1000])}
    told = [f"{reason} ({count} times)" if count > 1 else reason for reason, count in counts.items()]
    more = [f"and {len(told) - REASONS_SHOWN} more"] if len(told) > REASONS_SHOWN else []
    return "; ".join(told[:REASONS_SHOWN] + more) or None


def _table(shown: dict[str, Any]) -> Table:
    table = Table("type", "member", "time", "data", title=escape(shown["file"]), title_justify="left")
    for event in shown["events"]:
        data = ", ".join(f"{name}: {str(value)[:60]}" for name, value in event["data"].items())
        table.add_row(event["type"], escape(event["subject"]), event["time"], escape(data))
    for name in ("ignored", "error"):
        if shown[name]:
            table.add_row(f"({name})", "", "", escape(shown[name]))
    return table


def _source(name: str) -> str:
    """Return the source of this name. Raises `UserError` that names the nearest."""
    known = [*SOURCES, *ALIASES]
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise UserError(
            f"no source {name}; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(SOURCES)}")
        )
    return ALIASES.get(name, name)


def _headers(given: list[str]) -> dict[str, str]:
    headers = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            name, sign, value = one.partition(":")
        if not sign or not name.strip():
            raise UserError(f"--header {one}: expected NAME=VALUE")
        headers[name.strip().lower()] = value.strip()
    return headers


def _received(given: str | None) -> float:
    """Return when payloads arrived in epoch seconds, 0 where nothing is said. Raises `UserError`."""
    if given is None:
        return 0.0
    found = time_of(given)
    if found is None:
        raise UserError(f"--received {given}: expected ISO 8601 between 2000 and 2100, such as 2026-01-31T12:00:00Z")
    return found
