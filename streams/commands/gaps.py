"""`lotse gaps`: what many ask and no resource answers, and the skeleton of the page that would."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from processors.content_gaps import Gap
from processors.loop import Loop
from resource_catalog.loader import SHIPPED
from streams.commands.history import CatalogOption, JsonOption, compiled, read_all
from streams.errors import UserError
from streams.log_reader import read_topic
from streams.printing import printable
from streams.settings import load_settings
from streams.topics import GAPS

HistoryOption = Annotated[
    list[Path] | None,
    typer.Option("--history", help="Take them from histories, folded without a broker, instead of from the broker."),
]
CommunityOption = Annotated[str, typer.Option(help="Name of the community of chat lines.")]
gaps_app = typer.Typer(invoke_without_command=True, help="Content gaps: what many ask and no resource answers.")


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
    """List the open gaps, highest friction first: how many asked, how often, where. With ids, never with words."""
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


def skeleton(gap: Gap) -> str:
    """Return a Markdown resource with places to fill in; it loads as it is."""
    what = "asked" if gap.kind == "asked" else "explained"
    threads = [f"- {one}" for one in gap.threads] or ["- (no threads there; look for these posts)"]
    posts = [] if gap.threads else [f"- {one}" for one in gap.posts]
    return "\n".join(
        (
            "---",
            "title: TODO the question, in the words people use",
            "kind: how-to",
            "theme: faq",
            "summary: >-",
            "  TODO the answer in a paragraph of at most 400 characters; this is what is sent.",
            "answers:",
            "  - TODO the question as one member asked it",
            "  - TODO as another one asked it",
            "owner: TODO",
            "search: never  # TODO remove this line when the page is finished: from then on it answers",
            "---",
            f"<!-- gap {gap.id}: {what} {gap.asks} times, by {gap.members} members in four weeks, {gap.week} times this week -->",
            "TODO the steps, or the answer in full.",
            "",
            "Collected from:",
            *threads,
            *posts,
            "",
        )
    )


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
    table = Table(
        "gap", "friction", "members", "asks", "this week", "week before", "threads", title="Open content gaps"
    )
    for one in found:
        threads = escape(printable(", ".join(one.threads)))
        counts = map(str, (one.friction, one.members, one.asks, one.week, one.before))
        table.add_row(escape(printable(one.id)), *counts, threads)
    return table
