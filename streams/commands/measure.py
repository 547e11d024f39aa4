"""`lotse report` and `lotse simulate`: whether it helps, and whether the report tells the truth about that."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from processors.playbooks.resources import Bundle
from resource_catalog.loader import SHIPPED
from streams.commands.history import loaded, read_all
from streams.commands.options import CatalogOption, JsonOption
from streams.errors import NO, UserError
from streams.report.build import Report, from_history, from_records
from streams.report.page import html as html_page
from streams.report.page import markdown as markdown_page
from streams.report.recorded import recorded
from streams.report.words import compared, of_all, of_community, of_playbook
from streams.settings import load_settings
from streams.simulation.run import Result
from streams.simulation.run import run as run_simulation

BIAS_MAX = 0.05  # of the lift


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(report)
    app.command()(simulate)


def report(
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", help="Histories instead of the broker's topics: JSON lines, plain or gz."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="When Lotse began to help (YYYY-MM-DD); else each community's first message."),
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write the report as Markdown to this file.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report with pictures to this file.")] = None,
    catalog: CatalogOption = SHIPPED,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    json: JsonOption = False,
) -> None:
    """Tell whether it helps: per playbook and community, with intervals that hold however often one looks."""
    made = _made(history or [], loaded(catalog).bundle, community, _moment(since), quiet=json)
    for path, text in ((markdown, markdown_page), (html, html_page)):
        if path is not None:
            _write(path, text(made))
    if json:
        typer.echo(msgspec.json.encode(made).decode())
    else:
        _show(made)


def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help="How many communities.")] = 200,
    members: Annotated[int, typer.Option(min=10, max=100_000, help="Members of each.")] = 200,
    days: Annotated[int, typer.Option(min=7, max=3650, help="Days of each.")] = 60,
    first: Annotated[int, typer.Option(min=0, help="Seed of the first; the others have the numbers after it.")] = 0,
    json: JsonOption = False,
) -> None:
    """Simulate communities whose response to help is known, and hold reports against it. Exit 1 if one tells untruth."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=json or not console.is_terminal) as progress:
        task = progress.add_task("simulating", total=seeds)
        result = run_simulation(seeds, members, days, lambda: progress.advance(task), first)
    if json:
        typer.echo(msgspec.json.encode(result).decode())
    else:
        table = Table(title="Reports against the truth", show_header=False)
        for name, value in msgspec.structs.asdict(result).items():
            table.add_row(name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else f"{value:,}")
        Console().print(table)
    if not true(result):
        raise typer.Exit(NO)


def true(result: Result) -> bool:
    """Tell whether reports told the truth: intervals cover as stated, bias small, no more false wins than stated."""
    covers = min(result.coverage, result.together_coverage)
    return covers >= 1 - result.stated and result.bias_share < BIAS_MAX and result.false_win_rate <= result.stated


def _made(history: list[Path], bundle: Bundle, community: str, since: float | None, *, quiet: bool) -> Report:
    if not history:
        return from_records(*recorded(load_settings().settings), bundle, since)
    events = read_all(history, community)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("folding", total=len(events))
        return from_history(events, bundle, lambda: progress.advance(task), since)


def _moment(day: str | None) -> float | None:
    if day is None:
        return None
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise UserError(f"--since {day}: a day as YYYY-MM-DD is needed, for example 2026-03-01") from None


def _show(made: Report) -> None:
    console = Console()
    table = Table("playbook", "sent", "seen", "clicked", "helpful", "at fault", "what is known", title="Did it help?")
    for one in made.playbooks:
        fault = one.not_helpful + one.dismissed + one.wrong_moment + one.snoozed + one.opted_out
        name = f"  with {one.resource}" if one.resource else one.playbook
        table.add_row(
            name,
            *map(str, (one.sent, one.seen, one.clicked, one.helpful, fault)),
            "; ".join(of_playbook(one, made.source)),
        )
    console.print(table)
    for said in of_all(made):
        console.print(said)
    for community in made.communities:
        periods = Table("", "before", "after", title=community.community)
        for row in compared(community):
            periods.add_row(*row)
        console.print(periods)
        for said in of_community(community):
            console.print(said)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); name another file") from None
