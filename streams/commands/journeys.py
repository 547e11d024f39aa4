"""`lotse journeys`: the funnel of each journey, with the step at which most stop."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from processors.playbooks.catalog import Catalog
from processors.playbooks.funnel import Funnel, funnels, journeys_of
from streams.commands.backtest import read_events
from streams.commands.content import ChosenCatalog, chosen
from streams.commands.history import loaded
from streams.commands.options import JsonOption

HOUR, DAY = 3600.0, 86400.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(journeys)


def journeys(
    history: Annotated[
        list[Path] | None, typer.Option("--history", help="Count over histories instead of the broker's member log.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Without --history: the last so many days.")] = 28,
    catalog: ChosenCatalog = None,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    json: JsonOption = False,
) -> None:
    """Show each journey: who set out, which steps were done and how soon, and where they stopped."""
    ruling = Catalog(loaded(chosen(catalog)).bundle)
    events = read_events(history or [], community, from_topic=not history, days=days)
    found = funnels(ruling, events)
    if json:
        typer.echo(msgspec.json.encode({"events": len(events), "journeys": found}).decode())
        return
    known = journeys_of(ruling, events)
    for one in found:
        if one.begun:
            Console().print(_table(one))
        else:
            begins = " or ".join(known[one.journey].begins)
            typer.echo(f"{one.title} ({one.journey}): nobody set out; it begins with {begins}")
    if not found:
        typer.echo("no journey is defined; see resource_catalog/README.md")


def _table(funnel: Funnel) -> Table:
    most = next((one.title for one in funnel.steps if one.step == funnel.drop_off), "")
    caption = f"most stop at: {most}" if most else "nobody stopped"
    title = f"{funnel.title} ({funnel.journey}): {funnel.begun} begun by {funnel.members} members, {funnel.finished} finished"
    table = Table(
        "step", "done", "of those begun", "median time", "stopped here", "under way here", title=title, caption=caption
    )
    for one in funnel.steps:
        share = f"{one.done / funnel.begun:.0%}" if funnel.begun else "-"
        cells = (one.title, str(one.done), share, _span(one.median_s), str(one.stopped), str(one.under_way))
        table.add_row(*cells)
    return table


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds / DAY:.1f} days" if seconds >= DAY else f"{seconds / HOUR:.1f} hours"
