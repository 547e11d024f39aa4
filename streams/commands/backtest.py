"""`lotse backtest`: playbooks tried on history, before anybody is messaged."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from processors.events import Event
from processors.playbooks.resources import Bundle
from processors.vocabulary import VOCABULARY
from resource_catalog.loader import SHIPPED
from streams.backtest.page import page
from streams.backtest.recorded import recorded
from streams.backtest.report import Report
from streams.backtest.run import backtest as run
from streams.codec import Codec
from streams.commands.history import loaded, read_all
from streams.commands.options import CatalogOption, JsonOption
from streams.errors import UserError
from streams.settings import load_settings
from streams.telemetry.tables import counts


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backtest)


def backtest(
    playbooks: Annotated[list[str] | None, typer.Argument(help="Ids of playbooks, tried as if they were live.")] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option(
            "--history", help="Histories: chat lines or CloudEvents, JSON lines, plain or gz; - reads standard input."
        ),
    ] = None,
    from_topic: Annotated[
        bool, typer.Option("--from-topic", help="Take the member log of the broker instead.")
    ] = False,
    days: Annotated[int, typer.Option("--days", min=1, help="With --from-topic: the last so many days.")] = 28,
    every: Annotated[bool, typer.Option("--all", help="All live playbooks, as they run now.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report with plots to this file.")] = None,
    catalog: CatalogOption = SHIPPED,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    json: JsonOption = False,
) -> None:
    """Try playbooks on history: who would have got what, how often, which caps hit, and what it changes."""
    bundle = loaded(catalog).bundle
    tried = _tried(bundle, playbooks or [], every=every)
    events = read_events(history or [], community, from_topic=from_topic, days=days)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=json or not console.is_terminal) as progress:
        task = progress.add_task("folding", total=len(events) * (1 if every else 2))
        report = run(events, bundle, tried, lambda folded: progress.advance(task, folded))
    if html is not None:
        _write(html, page(report))
    if json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        for table in tables(report):
            Console().print(table)
        for said in lacking(bundle, tried, events):
            typer.echo(said)


def lacking(bundle: Bundle, tried: frozenset[str], events: Iterable[Event]) -> list[str]:
    """Say which playbooks could not begin, since the history holds no event of a kind that they wait for; signals are drawn from any."""
    held = {event.type for event in events}
    said = []
    for one in bundle.playbooks:
        kinds = {one.trigger, *one.also}
        if one.id in tried and kinds <= VOCABULARY.keys() and not kinds & held:
            said.append(
                f"{one.id} waits for {' or '.join(sorted(kinds))}, which this history does not hold: it says nothing about this playbook"
            )
    return said


def tables(report: Report) -> Iterable[Table]:
    """Yield the report as tables."""
    totals = Table(title="Backtest", show_header=False)
    for name in (
        "events",
        "events_per_s",
        "members",
        "sends",
        "all_sends",
        "sends_per_member_week_max",
        "over_trigger_rate",
    ):
        totals.add_row(name.replace("_", " "), str(getattr(report, name)))
    yield totals
    own = Table(title="Tried", show_header=False, show_lines=True)
    for name, one in report.playbooks.items():
        near = ", ".join(f"{other} ({count})" for other, count in one.overlap.items())
        sent = f"sent {one.sends} to {one.members} members, to one {one.member_week_max} in a week at most"
        collided = f"{one.collisions} wanted within an hour of another playbook" if one.collisions else ""
        lines = (f"{name}: wanted {one.wanted}, {sent}", collided, f"within a day of {near}" if near else "")
        own.add_row(escape("\n".join(filter(None, lines))))
    yield own
    yield counts("Held back or dropped, by reason", report.reasons)
    yield counts("Added to what runs now", report.difference.added)
    yield counts("Displaced of what runs now", report.difference.gone)
    read = Table(title="To read", show_header=False, show_lines=True)
    for sample in report.samples:
        because = f"\nbecause {sample.because}" if sample.because else ""
        read.add_row(escape(f"{sample.playbook} to {sample.member}\n{sample.title}: {sample.text}{because}"))
    yield read


LISTED = "resource_catalog/playbooks, and the playbooks/ of your own catalog, hold one file each"


def _tried(bundle: Bundle, names: list[str], *, every: bool) -> frozenset[str]:
    """Return the ids to try. Raises `UserError` for one that the catalog does not hold."""
    known = {one.id: one for one in bundle.playbooks}
    if every == bool(names):
        raise UserError("say which playbooks to try, or --all for all live ones; not both")
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise UserError(f"the catalog has no playbook {name}; " + (f"did you mean {near[0]}?" if near else LISTED))
    return frozenset(names or [name for name, one in known.items() if one.maturity in ("live", "canary")])


def read_events(history: list[Path], community: str, *, from_topic: bool, days: int) -> list[Event]:
    """Return events in time order, of histories or of the last days of the broker's member log. Raises `UserError`."""
    if from_topic == bool(history):
        raise UserError("say where the history comes from: --history FILE, or --from-topic; not both")
    if history:
        return read_all(history, community)
    settings = load_settings().settings
    return recorded(settings.bootstrap, Codec(settings.control()), days)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); name another file with --html") from None
