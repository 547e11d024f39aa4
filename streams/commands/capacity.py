"""`lotse plan`: what a deployment of a given size needs, and which assumptions that rests on."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from streams.capacity.plan import MEANINGS, Assumptions, UnitCosts
from streams.capacity.plan import plan as make_plan
from streams.commands.options import JsonOption
from streams.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    members: Annotated[int, typer.Option("--members", min=1, max=10**10, help="Members, of all communities together.")],
    events_per_s: Annotated[
        float, typer.Option("--events-per-s", min=0.001, max=1e9, help="Events a second, on the mean of a day.")
    ],
    bench: Annotated[
        Path | None,
        typer.Option("--bench", help="Unit costs measured on your machine: build/bench.json of make bench."),
    ] = None,
    assume: Annotated[
        list[str] | None, typer.Option("--assume", help="An assumption, NAME=NUMBER; the answer lists all. Repeatable.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Plan partitions, workers, memory, recovery and cost for so many members and events, from measured unit costs."""
    made = make_plan(members, events_per_s, _costs(bench), _assumptions(assume or []))
    if json:
        typer.echo(msgspec.json.encode(made).decode())
        return
    table = Table(title="A deployment of this size", show_header=False)
    for name, value in msgspec.structs.asdict(made).items():
        if name not in ("limits", "costs", "assumptions"):
            table.add_row(name.replace("_", " "), f"{value:,}")
    rests = Table("assumed or measured", "", "what it is", title="It rests on")
    for part in (made.costs, made.assumptions):
        for name, value in msgspec.structs.asdict(part).items():
            rests.add_row(name, f"{value:,}", MEANINGS[name])
    console = Console()
    console.print(table)
    console.print(rests)
    for limit in made.limits:
        console.print(f"Mind: {limit}")


def _costs(bench: Path | None) -> UnitCosts:
    if bench is None:
        return UnitCosts()
    try:
        found = msgspec.json.decode(
            bench.read_bytes(), type=dict[str, float | int | str | dict[str, object] | list[object] | None]
        )
    except OSError as error:
        raise UserError(f"{bench} cannot be read ({error.strerror}); make bench writes build/bench.json") from None
    except msgspec.DecodeError as error:
        raise UserError(f"{bench} is no result of make bench ({error})") from None
    known = {
        name: value
        for name in UnitCosts.__struct_fields__
        if isinstance(value := found.get(name), int | float) and value > 0
    }
    return msgspec.convert(known, UnitCosts)


def _assumptions(given: list[str]) -> Assumptions:
    values: dict[str, float] = {}
    for one in given:
        name, equals, number = one.partition("=")
        if name not in Assumptions.__struct_fields__ or not equals:
            raise UserError(f"--assume {one}: NAME=NUMBER with one of {', '.join(Assumptions.__struct_fields__)}")
        try:
            values[name] = float(number)
        except ValueError:
            raise UserError(f"--assume {one}: {number!r} is no number") from None
        if not 0 < values[name] < 1e12:
            raise UserError(f"--assume {one}: a number above 0")
    return msgspec.convert(values, Assumptions, strict=False)
