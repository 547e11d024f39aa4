"""`lotse replay`: a community's own history through the whole pipeline."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from processors.catalog import Catalog
from processors.events import Event
from resource_catalog.loader import SHIPPED, load
from resource_catalog.problems import CatalogError
from streams.errors import UserError
from streams.history.offline import replay_offline
from streams.history.reader import HistoryError, read_history
from streams.telemetry.tables import summary_tables

CatalogOption = Annotated[Path, typer.Option("--catalog", help="Catalog directory: resources, playbooks, policies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(replay)


def replay(
    files: Annotated[list[Path], typer.Argument(help="Histories in the neutral format (JSON lines, plain or gz).")],
    offline: Annotated[bool, typer.Option("--offline", help="Fold without any broker.")] = False,
    json: JsonOption = False,
    commands_out: Annotated[
        Path | None, typer.Option("--commands-out", help="Write the commands, one JSON object a line.")
    ] = None,
    catalog: CatalogOption = SHIPPED,
    community: Annotated[str, typer.Option(help="Name of the community.")] = "history",
) -> None:
    """Replay histories: what would have been sent, to whom, and why not."""
    if not offline:
        raise UserError("replay: only --offline is there in this version; add --offline")
    ruling, events = compiled(catalog), read_all(files, community)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=json or not console.is_terminal) as progress:
        task = progress.add_task("replaying", total=len(events))
        summary = replay_offline(
            events, ruling, commands_out=commands_out, on_event=lambda _event: progress.advance(task)
        )
    if json:
        typer.echo(orjson.dumps(summary).decode())
    else:
        for table in summary_tables(summary):
            Console().print(table)


def compiled(directory: Path) -> Catalog:
    """Return the catalog of a directory; every problem of its content is one message."""
    try:
        return Catalog(load(directory).bundle)
    except CatalogError as error:
        raise UserError(f"the catalog has problems:\n{error}") from None


def read_all(files: list[Path], community: str) -> list[Event]:
    """Return the events of all files in time order."""
    try:
        events = [event for file in files for event in read_history(file, community)]
    except HistoryError as error:
        raise UserError(str(error)) from None
    return sorted(events, key=lambda event: event.time) if len(files) > 1 else events
