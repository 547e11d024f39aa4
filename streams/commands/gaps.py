"""`lotse gaps`: what many need and no resource gives them, and the skeleton of the page that would."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from processors.community.content_gaps import Gap
from processors.loop import Loop
from resource_catalog.gap_draft import skeleton
from resource_catalog.loader import SHIPPED
from streams.commands.history import compiled, read_all
from streams.commands.options import CatalogOption, JsonOption
from streams.errors import UserError
from streams.printing import printable
from streams.servers.log_reader import read_topic
from streams.settings import load_settings
from streams.topics import GAPS

HistoryOption = Annotated[
    list[Path] | None,
    typer.Option("--history", help="Take them from histories, folded without a broker, instead of from the broker."),
]
CommunityOption = Annotated[str, typer.Option(help="Name of the community of chat lines.")]
gaps_app = typer.Typer(invoke_without_command=True, help="Content gaps: what many need and no resource gives them.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(gaps_app, name="gaps")


@gaps_app.callback()
def gaps(
    context: typer.Context,
    history: HistoryOption = None,
    catalog: CatalogOption = SHIPPED,
    community: CommunityOption = "history",
    json: JsonOption = False,
) -> None:
    """List the open gaps, highest friction first: how many members, how often, where.

    Asked by many, explained again and again, a step where many get stuck, searched for without a click, places where members get
    lost. With ids, never with words of one member; the words of a search are told once three members searched for them.
    """
    if context.invoked_subcommand:
        if history:
            raise UserError(f"name histories after the command: lotse gaps {context.invoked_subcommand} --history FILE")
        return
    found = _open(history, catalog, community)
    if json:
        typer.echo(msgspec.json.encode({"gaps": found}).decode())
    elif found:
        Console().print(_table(found))
    else:
        typer.echo("no open gaps")


@gaps_app.command()
def draft(
    gap: Annotated[str, typer.Argument(help="<community>/<gap>, as `lotse gaps` shows it.")],
    history: HistoryOption = None,
    catalog: CatalogOption = SHIPPED,
    community: CommunityOption = "history",
) -> None:
    """Print the skeleton of a resource for a gap, to be finished by a person."""
    found = {one.id: one for one in _open(history, catalog, community)}
    if gap not in found:
        near = get_close_matches(gap, found, 1)
        known = f"open are {', '.join(found)}" if found else "there are no open gaps"
        raise UserError(f"no open gap {gap}; " + (f"did you mean {near[0]}?" if near else known))
    typer.echo(printable_lines(skeleton(found[gap])))


def printable_lines(text: str) -> str:
    """Return text whose lines hold no character that acts on a terminal."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _open(history: list[Path] | None, catalog: Path, community: str) -> list[Gap]:
    """Return the open gaps, highest friction first."""
    gaps = _of_history(history, catalog, community) if history else _of_topic(load_settings().settings.bootstrap)
    return sorted((one for one in gaps.values() if not one.closed), key=lambda one: (-one.friction, one.opened, one.id))


def _of_history(files: list[Path], catalog: Path, community: str) -> dict[str, Gap]:
    """Return the gaps as they stand at the last event of a history."""
    loop = Loop(compiled(catalog), lambda _decision: None, lambda _command: None)
    for event in read_all(files, community):
        loop.feed(event)
    return loop.gaps


def _of_topic(bootstrap: str) -> dict[str, Gap]:
    """Return the last record of each gap. Records of another version are passed over."""
    found = {}
    for record in read_topic(bootstrap, GAPS):
        try:
            gap = msgspec.json.decode(record.value or b"", type=Gap)
        except msgspec.DecodeError:
            continue
        found[gap.id] = gap
    return found


def _table(found: list[Gap]) -> Table:
    """Return one cell a gap: columns would cut ids off, where a terminal is narrow."""
    table = Table(title="Open content gaps", show_header=False, show_lines=True)
    for one in found:
        counts = (
            f"{one.members} members, {one.asks} times, {one.week} of them this week, {one.before} in the week before"
        )
        lines = (
            f"{one.id}: friction {one.friction}; {counts}",
            _known(one),
            f"evidence: {', '.join(one.threads or one.posts[-3:])}",
        )
        table.add_row(escape("\n".join(printable(line) for line in lines if line)))
    return table


def _known(gap: Gap) -> str:
    """Return what is known of a gap in a line."""
    answer = f"answered ({gap.answered_by}) in {gap.answer_thread or gap.answer}" if gap.answered_by else ""
    page = f"there is {gap.resource}" if gap.resource else ""
    return "; ".join(filter(None, (gap.about, answer, page)))
