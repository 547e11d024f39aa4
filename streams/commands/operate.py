"""`lotse worker`, `lotse topics`, `lotse catalog publish`, `lotse config`: to run a deployment."""

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streams.catalog_versions import publish_by
from streams.commands.content import ChosenCatalog, catalog_app, chosen
from streams.commands.history import JsonOption, loaded
from streams.errors import NO
from streams.runtime.exits import end_cleanly_while_starting
from streams.settings import load_settings, shown
from streams.telemetry.logs import MemberHashes, set_up_logs
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
config_app = typer.Typer(no_args_is_help=True, help="Settings.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(worker)
    app.add_typer(topics_app, name="topics")
    app.add_typer(config_app, name="config")


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


@catalog_app.command()
def publish(
    catalog: ChosenCatalog = None,
    author: Annotated[str, typer.Option("--author", help="Who publishes it; lotse catalog history shows it.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, in a few words.")] = "",
    json: JsonOption = False,
) -> None:
    """Publish the catalog whole; running workers obey it within seconds."""
    settings = load_settings().settings
    content_hash = publish_by(settings, loaded(chosen(catalog)).bundle, author, reason)
    typer.echo(orjson.dumps({"hash": content_hash}).decode() if json else f"published {content_hash}")


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
