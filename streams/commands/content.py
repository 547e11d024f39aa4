"""`lotse catalog` and `lotse playbooks`: content, checked and tried out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from resource_catalog.checks import checked, of_directory
from resource_catalog.layers import load_layered
from resource_catalog.problems import CatalogError, Problem
from resource_catalog.scenarios import Played, play
from streams.commands.history import loaded as load_or_tell
from streams.commands.options import JsonOption
from streams.errors import NO, UserError
from streams.settings import load_settings

ChosenCatalog = Annotated[
    Path | None, typer.Option("--catalog", help="Catalog directory; else that of LOTSE_CATALOG, else the one shipped.")
]
catalog_app = typer.Typer(no_args_is_help=True, help="Resources, playbooks and policies.")
playbooks_app = typer.Typer(no_args_is_help=True, help="Playbooks.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(catalog_app, name="catalog")
    app.add_typer(playbooks_app, name="playbooks")


@catalog_app.command()
def lint(
    catalog: ChosenCatalog = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for warnings too.")] = False,
    json: JsonOption = False,
) -> None:
    """Check all content; each problem with file, line, column and what was expected. Exit 1 if there are any.

    What can be used and wants a look all the same is told as a warning; with --strict warnings end with 1 too.
    """
    problems, warnings, counted = _checked(chosen(catalog))
    if json:
        levels = [("error", one) for one in problems] + [("warning", one) for one in warnings]
        typer.echo(orjson.dumps([{"level": level, **one._asdict()} for level, one in levels]).decode())
    else:
        lines = [
            *map(str, problems),
            *(f"{one.path}:{one.line}:{one.column}: warning: {one.message}" for one in warnings),
        ]
        told = f"{counted}: no problems" + (f", {len(warnings)} warnings" if warnings else "")
        typer.echo("\n".join(lines if problems else [*lines, told]))
    raise typer.Exit(NO if problems or (strict and warnings) else 0)


def _checked(directory: Path) -> tuple[list[Problem], list[Problem], str]:
    """Return (problems, warnings, what was looked at); of a catalog over the starter content, warnings of its own files alone."""
    try:
        loaded = load_layered(directory)
    except CatalogError as error:
        return error.problems, [], ""
    errors, warnings = checked(loaded, datetime.now(UTC).date())
    counted = f"{len(loaded.bundle.resources)} resources, {len(loaded.bundle.playbooks)} playbooks"
    return errors, of_directory(warnings, directory), counted


@playbooks_app.command("test")
def run_scenarios(
    playbooks: Annotated[list[str] | None, typer.Argument(help="Ids of playbooks; without any, all.")] = None,
    catalog: ChosenCatalog = None,
    json: JsonOption = False,
) -> None:
    """Play the scenarios of playbooks. Exit 1 if one does not hold."""
    played = scenarios(chosen(catalog), playbooks or ())
    failed, silent = sum(bool(one.faults) for one in played), sum(one.expects_nothing for one in played)
    if json:
        counts = {"scenarios": len(played), "failed": failed, "expecting_nothing": silent}
        typer.echo(orjson.dumps({**counts, "played": [one._asdict() for one in played]}).decode())
    else:
        console = Console(soft_wrap=True, highlight=False)
        for one in played:
            console.print(f"{'[green]holds' if not one.faults else '[red]fails'}[/]  ", end="")
            console.print(
                f"{one.playbook}: {one.name}", *(f"\n       {fault}" for fault in one.faults), sep="", markup=False
            )
        console.print(f"{len(played)} scenarios, {silent} of them expecting nothing, {failed} failed")
    raise typer.Exit(NO if failed else 0)


def chosen(catalog: Path | None) -> Path:
    """Return the directory meant. Raises `UserError` where there is none."""
    directory = load_settings().settings.catalog if catalog is None else catalog
    if not directory.is_dir():
        raise UserError(f"{directory}: expected a directory with resources/, playbooks/ and policies/")
    return directory


def scenarios(directory: Path, wanted: Sequence[str] = ()) -> list[Played]:
    """Play the scenarios of a catalog directory, of all playbooks or of those named. Raises `UserError` for one that is not there."""
    loaded = load_or_tell(directory)
    known = {file.id: file for file in loaded.playbooks}
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise UserError(f"the catalog has no playbook {name}" + (f"; did you mean {near[0]}?" if near else ""))
    return [played for name in wanted or known for played in play(known[name], loaded.bundle)]
