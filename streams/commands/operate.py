"""`lotse worker`, `lotse topics`: to run a deployment."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streams.codec import Codec
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
)

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


FolderOption = Annotated[
    Path, typer.Argument(help="A folder that is empty or not there yet; it will hold personal data.")
]


@topics_app.command()
def migrate(
    folder: FolderOption,
    do: Annotated[bool, typer.Option("--do", help="Do it. Without, only say what would be done.")] = False,
    json: JsonOption = False,
) -> None:
    """Move everything to LOTSE_PARTITIONS partitions: a backup into a folder, new topics, the backup put back. Every process must be stopped. Exit 1 if it cannot be done now."""
    from streams.backup.migrating import migrate as move  # noqa: PLC0415  (loads what only this needs)
    from streams.backup.migrating import plan as moves  # noqa: PLC0415  (the same)

    settings = load_settings().settings
    codec = Codec(settings.control())
    if do:
        _done(move(settings, codec, folder, lambda line: typer.echo(line, err=True)), json=json)
        return
    found = moves(settings)
    if json:
        typer.echo(orjson.dumps(found._asdict()).decode())
    else:
        typer.echo(f"from {found.found} to {found.wanted} partitions: {found.members} members' states, and records of")
        for topic, count in found.topics.items():
            typer.echo(f"  {topic}: {count}")
        for why in found.against:
            typer.echo(f"not now: {why}")
        if not found.against and found.found != found.wanted:
            typer.echo(f"run it with --do: all of it goes to {folder} first, then the topics are deleted and made anew")
    raise typer.Exit(NO if found.against or found.found == found.wanted else 0)


@topics_app.command()
def backup(folder: FolderOption, json: JsonOption = False) -> None:
    """Write states, topics and how far each group has read into a folder. Processes may go on. Back up Redis after it, not before."""
    from streams.backup.taking import take  # noqa: PLC0415  (loads what only this needs)

    settings = load_settings().settings
    manifest = take(settings, Codec(settings.control()), folder, lambda line: typer.echo(line, err=True))
    told = {"folder": str(folder), "taken": manifest.taken, "members": manifest.members, "records": manifest.records}
    typer.echo(
        orjson.dumps(told).decode()
        if json
        else f"{folder}: {manifest.members} members, {sum(manifest.records.values())} records"
    )


@topics_app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of lotse topics backup.")], json: JsonOption = False
) -> None:
    """Put a backup onto a cluster without records of ours, on LOTSE_PARTITIONS partitions. Restore Redis first; then start the processes."""
    from streams.backup.migrating import restore as put_back  # noqa: PLC0415  (loads what only this needs)

    settings = load_settings().settings
    _done(put_back(settings, Codec(settings.control()), folder, lambda line: typer.echo(line, err=True)), json=json)


def _done(snapshot: Path, *, json: bool) -> None:
    told = f"done. Start the processes with this LOTSE_PARTITIONS. Proofs begin here: lotse verify --from {snapshot}"
    typer.echo(orjson.dumps({"snapshot": str(snapshot)}).decode() if json else told)


def _show(differences: list[Difference]) -> None:
    if not differences:
        return
    table = Table("topic", "what", "found", "planned")
    for one in differences:
        table.add_row(one.topic, one.what, one.found, one.planned)
    Console().print(table)
