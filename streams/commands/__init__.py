"""The subcommands of `lotse`, one module a topic; a module is loaded when a command of it is called."""

from importlib.metadata import version
from typing import Annotated

import typer

from processors.version import VERSION
from streams.commands.lazy import LazyGroup
from streams.errors import EXIT_CODES_TOLD

# In the order in which `lotse --help` lists their commands; after a change: make generate.
MODULES = (
    "history",
    "content",
    "publish",
    "operate",
    "config",
    "inspect",
    "deliver",
    "control",
    "doctor",
    "state",
    "privacy",
    "evaluate",
    "backtest",
    "sources",
    "measure",
    "capacity",
    "gaps",
    "gateway",
    "identity",
    "imports",
    "calendar",
    "circle",
    "pages",
    "catalog_health",
    "authoring",
    "journeys",
    "maturity",
    "suggestions",
    "weekly",
    "addresses",
    "greetbot",
    "check_events",
    "conformance",
    "console",
)

app = typer.Typer(
    name="lotse",
    cls=LazyGroup,
    help="Brings members of online communities the right resource at the right moment, and is careful about not sending.",
    epilog=EXIT_CODES_TOLD,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"lotse {version('lotse')}, core {VERSION}")
        raise typer.Exit


@app.callback()
def lotse(
    _shown: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version, and that of the core."),
    ] = False,
) -> None:
    """Have a group, to which `index.json` gives the commands."""
