"""`lotse suggestions`: what waits for a person's yes: list, send, say otherwise, drop."""

import time
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resource_catalog.wording_fields import TEXT_MAX
from streams.catalog.feed import last_published
from streams.commands.options import JsonOption
from streams.delivery.suggestions import Suggestion, answer, read_waiting
from streams.errors import UserError
from streams.printing import printable
from streams.settings import Settings, load_settings

SHORT = 12
suggestions_app = typer.Typer(no_args_is_help=True, help="Messages that wait for somebody of the team.")
IdArgument = Annotated[
    str, typer.Argument(help="Its id as `lotse suggestions ls` shows it; the first digits are enough.")
]
AuthorOption = Annotated[str, typer.Option("--author", help="Who decides it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for whoever asks later.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(suggestions_app, name="suggestions")


@suggestions_app.command()
def ls(json: JsonOption = False) -> None:
    """List what waits: for whom, of which playbook, what it would say, how long it will wait."""
    found = _waiting(load_settings().settings)
    if json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    if not found:
        typer.echo("nothing waits")
        return
    table = Table("id", "for", "playbook", "says", "waits until")
    for one in found:
        until = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.until))
        says = f"{one.title}: {one.text}" if one.title else one.resource
        table.add_row(
            one.command[:SHORT], *(escape(printable(cell)) for cell in (one.member, one.playbook, says)), until
        )
    Console().print(table)


@suggestions_app.command()
def send(suggestion: IdArgument, author: AuthorOption, reason: ReasonOption = "") -> None:
    """Send it as it is. Every other check still counts: quiet hours, budgets, the member's own wishes."""
    _answer(suggestion, "sent", author, reason)


@suggestions_app.command()
def edit(
    suggestion: IdArgument,
    text: Annotated[str, typer.Option("--text", help=f"What to say instead, at most {TEXT_MAX} characters.")],
    author: AuthorOption,
    reason: ReasonOption = "",
) -> None:
    """Send it in other words."""
    if not 1 <= len(text.strip()) <= TEXT_MAX:
        raise UserError(f"--text: expected 1 to {TEXT_MAX} characters, found {len(text.strip())}")
    _answer(suggestion, "edited", author, reason, text.strip())


@suggestions_app.command()
def drop(suggestion: IdArgument, author: AuthorOption, reason: ReasonOption = "") -> None:
    """Do not send it."""
    _answer(suggestion, "dropped", author, reason)


def _answer(name: str, kind: str, author: str, reason: str, text: str = "") -> None:
    if not author.strip():
        raise UserError("--author: expected a name")
    settings = load_settings().settings
    found = [one for one in _waiting(settings) if one.command.startswith(name)]
    if len(found) != 1:
        raise UserError(
            f"{name}: {len(found)} suggestions begin so; give more digits"
            if found
            else f"no suggestion {name} waits; see lotse suggestions ls"
        )
    answer(settings, found[0], kind, author.strip(), reason.strip(), text)
    typer.echo(f"{found[0].playbook} for {printable(found[0].member)}: {kind}")


def _waiting(settings: Settings) -> list[Suggestion]:
    return read_waiting(settings, last_published(settings.bootstrap))
