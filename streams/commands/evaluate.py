"""`lotse evaluate`: the shipped detectors, measured on data that somebody names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from resource_catalog.loader import SHIPPED
from streams.commands.options import CatalogOption, JsonOption
from streams.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(evaluate)


def evaluate(
    task: Annotated[str, typer.Argument(help="What to measure; a wrong word lists them all.")],
    data: Annotated[
        list[Path], typer.Option("--data", help="JSON lines, plain or gz; - reads standard input. May be given again.")
    ],
    with_rank: Annotated[
        bool, typer.Option("--with-rank", help="similar-questions: use the rank that the forum's search gave.")
    ] = False,
    journey: Annotated[
        Path | None, typer.Option("--journey", help="onboarding: a file with the steps of the journey.")
    ] = None,
    catalog: CatalogOption = SHIPPED,
    json: JsonOption = False,
) -> None:
    """Run a shipped detector over labelled data and print its figures."""
    from streams.evaluation.task import Options  # noqa: PLC0415  (loads what only this command needs)
    from streams.evaluation.tasks import TASKS  # noqa: PLC0415

    if task not in TASKS:
        known = "\n".join(f"  {name:18} {one.READS}" for name, one in sorted(TASKS.items()))
        raise UserError(f"{task}: no such task; expected one of\n{known}")
    figures = TASKS[task].evaluate(data, Options(with_rank, journey, catalog))
    if json:
        typer.echo(orjson.dumps(figures, option=orjson.OPT_NON_STR_KEYS).decode())
    else:
        Console().print(_table(task, figures))


def _table(task: str, figures: Mapping[str, Any]) -> Table:
    table = Table("figure", "value", title=task)
    for name, value in figures.items():
        if isinstance(value, Mapping):
            for part, inner in value.items():
                table.add_row(f"{name}: {part}", _shown(inner))
        else:
            table.add_row(name, _shown(value))
    return table


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "  ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return f"{len(value)}: {', '.join(map(str, value[:10]))}{' ...' if len(value) > 10 else ''}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
