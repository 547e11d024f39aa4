"""`lotse config`: the settings in force, and where each comes from."""

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streams.commands.options import JsonOption
from streams.settings import load_settings, shown
from streams.telemetry.logs import MemberHashes

config_app = typer.Typer(no_args_is_help=True, help="Settings.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(config_app, name="config")


@config_app.command()
def show(
    redacted: Annotated[bool, typer.Option("--redacted", help="Secrets are never shown; this says so.")] = True,  # noqa: ARG001
    json: JsonOption = False,
) -> None:
    """Show each setting with its value and source; secrets only as set or not set."""
    read = load_settings()
    rows = [(name, shown(name, str(getattr(read.settings, name))), source) for name, source in read.sources.items()]
    if json:
        typer.echo(orjson.dumps({name: {"value": value, "source": source} for name, value, source in rows}).decode())
        return
    table = Table("setting", "value", "source")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@config_app.command()
def log_name(member: Annotated[str, typer.Argument(help="community/member")]) -> None:
    """Print the word that stands for a member in the logs of this deployment."""
    typer.echo(MemberHashes(load_settings().settings.control().decode()).of(member))
