"""`lotse replay`: a community's own history through the whole pipeline."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from processors.events import Event
from processors.playbooks.catalog import Catalog
from resource_catalog.layers import load_layered
from resource_catalog.loader import SHIPPED, Loaded
from resource_catalog.problems import CatalogError
from streams.commands.options import CatalogOption, JsonOption
from streams.errors import UserError
from streams.history.lines import HistoryError
from streams.history.offline import replay_offline
from streams.history.reader import read_history
from streams.telemetry.live_view import LiveView
from streams.telemetry.tables import summary_tables

OnceOption = Annotated[bool, typer.Option("--once", help="End when the log is drained.")]
SpeedOption = Annotated[
    float, typer.Option("--speed", min=0.0, help="Simulated seconds a second; 0 = the whole in about a minute.")
]


DEMO = SHIPPED / "histories" / "mailing-lists-2002.jsonl.gz"
DEMO_S = 60.0  # the months of a history pass in about a minute, unless --speed says otherwise


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(replay)
    app.command()(demo)


def demo(
    once: OnceOption = False, json: JsonOption = False, speed: SpeedOption = 0.0, catalog: CatalogOption = SHIPPED
) -> None:
    """Replay real mailing lists of 2002 through the whole pipeline; needs no server."""
    _through_deployment([DEMO], catalog, "lists-2002", speed, once=once, json=json)


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(help="Histories in the neutral format (JSON lines, plain or gz); - reads standard input."),
    ],
    offline: Annotated[bool, typer.Option("--offline", help="Fold without any broker.")] = False,
    once: OnceOption = False,
    json: JsonOption = False,
    speed: SpeedOption = 0.0,
    commands_out: Annotated[
        Path | None, typer.Option("--commands-out", help="With --offline: write the commands, one JSON object a line.")
    ] = None,
    catalog: CatalogOption = SHIPPED,
    community: Annotated[str, typer.Option(help="Name of the community.")] = "history",
) -> None:
    """Replay histories: what would have been sent, to whom, and why not."""
    if not offline:
        _through_deployment(files, catalog, community, speed, once=once, json=json)
        return
    ruling, events = compiled(catalog), read_all(files, community)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=json or not console.is_terminal) as progress:
        task = progress.add_task("replaying", total=len(events))
        summary = replay_offline(
            events, ruling, commands_out=commands_out, on_event=lambda _event: progress.advance(task)
        )
    _show(summary, json=json)


def _through_deployment(
    files: list[Path], catalog: Path, community: str, speed: float, *, once: bool, json: bool
) -> None:
    from streams.history.online import deployment, replay_online  # noqa: PLC0415  (loads what only this needs)

    bundle, events = loaded(catalog).bundle, read_all(files, community)
    speed = speed or max(1.0, (events[-1].time - events[0].time) / DEMO_S)
    console = Console(stderr=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (
        deployment(lambda text: console.print(text) if not json else None, catalog, str(files[0])) as running,
        LiveView(console, running.commands_log, len(events), quiet=json) as view,
    ):
        if not once and not json and console.is_terminal:  # whoever only looks at the end needs no page
            console.print(f"the console, for as long as this runs: {running.console_link()}")
        summary = replay_online(running, events, bundle, speed, view.event, view.wait)
        view.finish()
        _show(summary, json=json)
        if not once and not json and console.is_terminal:
            console.print("Ctrl-C ends it; until then: the broker answers at " + running.settings.bootstrap)
            signal.pause()


def _show(summary: dict[str, object], *, json: bool) -> None:
    if json:
        typer.echo(orjson.dumps(summary).decode())
        return
    for table in summary_tables(summary):
        Console().print(table)


def loaded(directory: Path) -> Loaded:
    """Return a catalog directory as it is in force, over the starter content; every problem of its content is one message."""
    try:
        return load_layered(directory)
    except CatalogError as error:
        raise UserError(f"the catalog has problems:\n{error}") from None


def compiled(directory: Path) -> Catalog:
    """Return the compiled catalog of a directory."""
    return Catalog(loaded(directory).bundle)


def read_all(files: list[Path], community: str) -> list[Event]:
    """Return the events of all files in time order."""
    try:
        events = [event for file in files for event in read_history(file, community)]
    except HistoryError as error:
        raise UserError(str(error)) from None
    return sorted(events, key=lambda event: event.time) if len(files) > 1 else events
