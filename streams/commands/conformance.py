"""`lotse conformance`: for authors of delivery services: does the service keep what a delivery service promises."""

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from processors.commands import CHANNELS
from streams.commands.options import JsonOption
from streams.conformance.checks import CHECKS
from streams.conformance.receiver import receiving
from streams.errors import NO, UserError
from streams.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(conformance)


def conformance(
    channel: Annotated[str, typer.Option(help="Whose topic the service reads: delivery.<channel>.v1.")] = "in_app",
    receiver: Annotated[
        str, typer.Option(help="Where the kit takes what the service sends, as its platform would.")
    ] = "127.0.0.1:9499",
    patience: Annotated[float, typer.Option(min=5, max=600, help="Seconds that the service may take.")] = 30.0,
    only: Annotated[list[str] | None, typer.Option(help="Only this check; may be repeated.")] = None,
    json: JsonOption = False,
) -> None:
    """Send commands to a service that runs on a broker for trials, and hold what it does against what it must. Exit 1 if a check fails."""
    if channel not in CHANNELS:
        raise UserError(f"--channel: expected one of {', '.join(CHANNELS)}, found {channel}")
    unknown = set(only or ()) - {one.name for one in CHECKS}
    if unknown:
        raise UserError(f"--only: no check {min(unknown)}; there are {', '.join(one.name for one in CHECKS)}")
    from streams.conformance.run import Kit  # noqa: PLC0415  (loads what only a run needs)

    settings = load_settings().settings
    chosen = [one for one in CHECKS if not only or one.name in only]
    with receiving(receiver) as (arrivals, url):
        if not json:
            typer.echo(
                f"the service's receiver is {url}; it reads delivery.{channel}.v1 on {settings.bootstrap}", err=True
            )
        kit = Kit(settings.bootstrap, settings.control(), channel, arrivals, patience)
        verdicts = kit.run(chosen, lambda names: typer.echo(f"trying: {names}", err=True))
    failed = [one for one in verdicts if one.fault]
    if json:
        typer.echo(orjson.dumps({"passed": len(verdicts) - len(failed), "failed": len(failed),
                                 "checks": [one._asdict() for one in verdicts]}).decode())  # fmt: skip
    else:
        table = Table("check", "", "what must be, and what was found")
        for one in verdicts:
            found = f"{one.says}\n[red]{one.fault}[/]" if one.fault else one.says
            table.add_row(one.check, "[red]failed[/]" if one.fault else "[green]passed[/]", found)
        Console().print(table)
        typer.echo(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    raise typer.Exit(NO if failed else 0)
