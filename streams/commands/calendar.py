"""`lotse calendar sync`: a community's calendar as announcements."""

import time
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from streams.calendars.events import CalendarError, Occurrence, occurrences, window
from streams.calendars.sync import Told, announce, content_of
from streams.commands.options import JsonOption
from streams.errors import UserError
from streams.history.lines import given
from streams.settings import load_settings

AHEAD_DAYS = 7.0
calendar_app = typer.Typer(no_args_is_help=True, help="Calendars: what comes near is announced.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(calendar_app, name="calendar")


@calendar_app.callback()
def calendar() -> None:
    """Calendars: what comes near is announced."""


@calendar_app.command()
def sync(
    place: Annotated[
        str,
        typer.Argument(metavar="URL|FILE", help="An iCalendar: https://, webcal:// or a file; - reads standard input."),
    ],
    ahead: Annotated[
        float, typer.Option(min=0.04, max=365, help="How many days before it begins a thing is announced.")
    ] = AHEAD_DAYS,
    timezone: Annotated[str, typer.Option(help="Zone of times without one, such as Europe/Berlin.")] = "UTC",
    community: Annotated[str, typer.Option(help="Name of the community; else LOTSE_COMMUNITY.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is near; announce nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Announce what begins within the next days, each once; run it each hour. A new time of something is announced anew."""
    settings, now = load_settings().settings, time.time()
    town = community or settings.community
    if "/" in town or town.startswith("@"):
        raise UserError(f"--community {town}: expected a name without / that does not begin with @")
    try:
        found = list(occurrences(content_of(given(place)), *window(now, ahead), _zone(timezone)))
    except CalendarError as error:
        raise UserError(f"{place.partition('?')[0]}: {error}") from None
    events = {one.announcement(town, now).id: one for one in found}
    fresh = []
    if not dry_run:
        told = Told(settings)
        fresh = told.fresh([one.announcement(town, now) for one in events.values()])
        if fresh:
            announce(settings, fresh)
            told.note(fresh)
    _show(list(events.values()), {events[one.id] for one in fresh}, json=json)


def _show(found: list[Occurrence], fresh: set[Occurrence], *, json: bool) -> None:
    if json:
        rows = [
            {"title": one.title, "starts": _at(one), "interests": list(one.interests), "announced": one in fresh}
            for one in found
        ]
        typer.echo(orjson.dumps({"near": len(found), "announced": len(fresh), "events": rows}).decode())
        return
    table = Table("starts", "what", "interests", "announced now")
    for one in found:
        table.add_row(_at(one), escape(one.title), ", ".join(map(escape, one.interests)), "yes" if one in fresh else "")
    Console().print(table)


def _at(one: Occurrence) -> str:
    return datetime.fromtimestamp(one.starts, UTC).isoformat()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UserError(f"--timezone {name}: no such zone; expected a name such as Europe/Berlin") from None
