"""`lotse worker`, `lotse topics`: to run a deployment."""

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streams.commands.options import JsonOption
from streams.errors import NO
from streams.runtime.exits import end_cleanly_while_starting
from streams.settings import load_settings
from streams.telemetry.logs import set_up_logs
from streams.topic_plan import (
    PARTITIONS_ARE_FIXED,
    REPLICATION_IS_MOVED,
    Difference,
    apply_plan,
    compare,
    create_missing,
)

__all__ = ["compare", "create_missing", "register"]

topics_app = typer.Typer(no_args_is_help=True, help="Topics: what should be, what is.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(worker)
    app.add_typer(topics_app, name="topics")


def worker() -> None:
    """Run a detection worker until it is told to stop. Settings: lotse config show."""
    end_cleanly_while_starting()
    from streams.app import create_worker  # noqa: PLC0415  (loads Faust, which only this command needs)

    settings = load_settings().settings
    set_up_logs("worker", settings)
    create_worker(settings).run()


@topics_app.command()
def plan(json: JsonOption = False) -> None:
    """Compare the topics with what they should be: partitions, replication, cleanup, retention. Exit 1 if anything differs."""
    differences = compare(load_settings().settings)
    if json:
        typer.echo(orjson.dumps([one._asdict() for one in differences]).decode())
        raise typer.Exit(NO if differences else 0)
    _show(differences)
    if not differences:
        typer.echo("as planned")
    elif any(one.fixed for one in differences):
        typer.echo(PARTITIONS_ARE_FIXED)
    elif not all(one.by_hand for one in differences):
        typer.echo("run: lotse topics apply")
    if any(one.by_hand for one in differences):
        typer.echo(REPLICATION_IS_MOVED)
    raise typer.Exit(NO if differences else 0)


@topics_app.command()
def apply(json: JsonOption = False) -> None:
    """Create the topics that are missing, and alter settings that differ. A number of partitions is never altered."""
    done = apply_plan(load_settings().settings)
    if json:
        typer.echo(orjson.dumps([one._asdict() for one in done]).decode())
        return
    _show(done)
    typer.echo(f"{len(done)} applied" if done else "nothing to do: as planned")


def _show(differences: list[Difference]) -> None:
    if not differences:
        return
    table = Table("topic", "what", "found", "planned")
    for one in differences:
        table.add_row(one.topic, one.what, one.found, one.planned)
    Console().print(table)
