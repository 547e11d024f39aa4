"""`lotse catalog health` and `lotse catalog index`: what of the content wants a look, and the directory of all of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from processors.decisions import read_decision
from processors.playbooks.catalog import Catalog
from resource_catalog.health import health as findings_of
from resource_catalog.health.content import Content
from resource_catalog.health.findings import LEVELS, Finding, gravest_first
from resource_catalog.health.links import external
from resource_catalog.health.online import LINKS_MAX, Asked, ask
from resource_catalog.health.reach import themes
from resource_catalog.health.usage import OUTCOME, Usage, usage_of
from resource_catalog.index_page import NAME, index_page
from resource_catalog.loader import Loaded
from streams.codec import Codec, UndecodableError
from streams.commands.content import ChosenCatalog, catalog_app, chosen
from streams.commands.history import loaded as load_or_tell
from streams.commands.history import read_all
from streams.commands.options import JsonOption
from streams.errors import NO, UserError
from streams.printing import printable
from streams.servers.log_reader import read_topic
from streams.settings import load_settings
from streams.topics import ACTIVITY, DECISIONS

COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def register(_app: typer.Typer) -> None:
    """Nothing more: the commands stand under `lotse catalog`, which is there by now."""


@catalog_app.command()
def health(
    catalog: ChosenCatalog = None,
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", help="Histories that show what is used: what would be sent, outcomes."),
    ] = None,
    from_topic: Annotated[
        bool, typer.Option("--from-topic", help="Take decisions and outcomes of the broker instead.")
    ] = False,
    online: Annotated[
        bool,
        typer.Option(
            "--online", help=f"Ask other places whether links to them still lead somewhere ({LINKS_MAX} at most)."
        ),
    ] = False,
    at: Annotated[
        datetime | None, typer.Option("--at", formats=["%Y-%m-%d"], help="The day to look from; else today (UTC).")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for warnings too.")] = False,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    json: JsonOption = False,
) -> None:
    """What of the content is stale, expired, unowned, dead, double, missing, misplaced, unused, never helpful. Exit 1 for errors.

    Without --online no other place is asked: links inside the catalog are followed, others only counted.
    """
    if history and from_topic:
        raise UserError("--history and --from-topic: expected one of them")
    loaded = load_or_tell(chosen(catalog))
    day = (at or datetime.now(UTC)).date()
    content = Content.of(loaded, day, _usage(loaded, history, community, from_topic=from_topic))
    outside = external(content)
    asked = ask(outside) if online else Asked(0, len(outside), [])
    found = gravest_first([*findings_of(content), *asked.findings])
    if json:
        typer.echo(_json(content, found, asked))
    else:
        _show(content, found, asked)
    levels = {one.level for one in found}
    raise typer.Exit(NO if "error" in levels or (strict and "warning" in levels) else 0)


@catalog_app.command()
def index(
    catalog: ChosenCatalog = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if the page is not up to date.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Write INDEX.md into the catalog: the one directory of all its resources."""
    directory = chosen(catalog)
    content = Content.of(load_or_tell(directory), date(2000, 1, 1))
    page, path = index_page(content, directory), directory / NAME
    try:
        fresh = path.is_file() and path.read_text(encoding="utf-8") == page
        if not (fresh or check):
            path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be read or written ({error.strerror})") from None
    if json:
        typer.echo(msgspec.json.encode({"path": str(path), "fresh": fresh, "resources": len(content.current)}).decode())
    elif check:
        typer.echo(f"{path} is up to date" if fresh else f"{path} is not up to date; run: lotse catalog index")
    else:
        typer.echo(f"{path}: {len(content.current)} resources")
    raise typer.Exit(NO if check and not fresh else 0)


def _usage(loaded: Loaded, history: list[Path] | None, community: str, *, from_topic: bool) -> Usage | None:
    if history:
        return usage_of(read_all(history, community), Catalog(loaded.bundle))
    if not from_topic:
        return None
    settings = load_settings().settings
    usage, codec = Usage(), Codec(settings.control())
    for record in read_topic(settings.bootstrap, DECISIONS):
        try:
            usage.decided(read_decision(record.key, record.value))
        except msgspec.DecodeError:
            continue
    for kind, command, time in _outcomes(settings.bootstrap, codec):
        usage.told(kind, command, time)
    return usage


def _outcomes(bootstrap: str, codec: Codec) -> Iterable[tuple[str, str, float]]:
    """Yield the outcomes of the member log: kind, command, time; forged ones count for nothing."""
    for record in read_topic(bootstrap, ACTIVITY):
        try:
            event = codec.decode(record.key, record.value)
        except UndecodableError:
            continue
        command = getattr(event.data, "command", "")
        if event.type.startswith(OUTCOME) and command:
            yield event.type.removeprefix(OUTCOME), command, event.time


def _json(content: Content, found: list[Finding], asked: Asked) -> str:
    usage = content.usage
    report = {
        "day": content.day.isoformat(),
        "resources": len(content.current),
        "findings": [one._asdict() for one in found],
        "counts": {level: sum(one.level == level for one in found) for level in LEVELS},
        "themes": themes(content),
        "links": {"outside": asked.asked + asked.left_out, "asked": asked.asked},
        "usage": {"days": usage.days, "sent": sum(one.sent for one in usage.of.values())} if usage else None,
    }
    return msgspec.json.encode(report).decode()


def _show(content: Content, found: list[Finding], asked: Asked) -> None:
    console = Console()
    for one in found:
        console.print(_line(one), highlight=False, soft_wrap=True)
    table = Table("theme", "resources", "languages", "offered by", *(["sent"] if content.usage else []), title="Themes")
    for theme in themes(content):
        sent = [str(theme.sent)] if content.usage else []
        cells = (
            theme.theme,
            ", ".join(theme.resources),
            ", ".join(theme.locales),
            ", ".join(theme.playbooks) or "-",
            *sent,
        )
        table.add_row(*(escape(printable(cell)) for cell in cells))
    console.print(table)
    counts = ", ".join(f"{sum(one.level == level for one in found)} {level}s" for level in LEVELS)
    links = (
        f"{asked.asked} links to other places asked"
        if asked.asked
        else f"{asked.left_out} links to other places not asked"
    )
    typer.echo(f"{len(content.current)} resources, looked at from {content.day}: {counts}; {links}")


def _line(finding: Finding) -> str:
    text = escape(printable(str(finding)))
    return text.replace(f"{finding.level}:", f"[{COLOURS[finding.level]}]{finding.level}[/]:", 1)
