"""`lotse kill-switch` and `lotse silence`: operators' orders, in force for deliveries at once and for decisions with the log."""

import time
from typing import Annotated, Literal

import msgspec
import orjson
import typer
from rich.console import Console
from rich.table import Table

from processors.orders import Order
from resource_catalog.problems import parse_duration
from streams.catalog.ordering import give, standing
from streams.codec import Codec
from streams.commands.options import JsonOption
from streams.control import read_orders
from streams.errors import NO, UserError
from streams.settings import Settings, load_settings

kill_switch_app = typer.Typer(no_args_is_help=True, help="Stop everything, at once.")
silence_app = typer.Typer(no_args_is_help=True, help="Stop a playbook, a theme or a community, at once.")

AuthorOption = Annotated[str, typer.Option("--author", help="Who orders it; members of the team see the name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a few words, for whoever asks later.")]
LifeOption = Annotated[str, typer.Option("--for", help="How long, such as 30m, 8h, 7d; without it, until taken back.")]
CommunityOption = Annotated[str, typer.Option("--community", help="One community; without it, all.")]
PlaybookOption = Annotated[str, typer.Option("--playbook", help="One playbook, by its id.")]
ThemeOption = Annotated[str, typer.Option("--theme", help="One theme.")]
LIFE_MAX = 1_000 * 365 * 86_400.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(kill_switch_app, name="kill-switch")
    app.add_typer(silence_app, name="silence")


@kill_switch_app.command("on")
def switch_on(
    author: AuthorOption, reason: ReasonOption, community: CommunityOption = "*", life: LifeOption = ""
) -> None:
    """Stop all deliveries, also of what waits in a queue, and all decisions to send; help in distress too."""
    order = _order("kill_switch", author, reason, community, life=life)
    _write(load_settings().settings, order)


@kill_switch_app.command("off")
def switch_off(author: AuthorOption, reason: ReasonOption, community: CommunityOption = "*") -> None:
    """Take a kill switch back. Exit 1 if there is none."""
    _take_back(_order("kill_switch", author, reason, community, on=False))


@silence_app.command()
def add(
    author: AuthorOption,
    reason: ReasonOption,
    playbook: PlaybookOption = "*",
    theme: ThemeOption = "*",
    community: CommunityOption = "*",
    life: LifeOption = "",
) -> None:
    """Silence what is named; what is not named counts for any."""
    if (playbook, theme, community) == ("*", "*", "*"):
        raise UserError(
            "silence add: expected at least one of --playbook, --theme, --community; to stop all: lotse kill-switch on"
        )
    order = _order("silence", author, reason, community, playbook, theme, life)
    _write(load_settings().settings, order)


@silence_app.command()
def rm(
    author: AuthorOption,
    reason: ReasonOption,
    playbook: PlaybookOption = "*",
    theme: ThemeOption = "*",
    community: CommunityOption = "*",
) -> None:
    """Take a silence back, named as it was added. Exit 1 if there is none."""
    _take_back(_order("silence", author, reason, community, playbook, theme, on=False))


@silence_app.command()
def ls(json: JsonOption = False) -> None:
    """List what is in force: kill switches and silences, with author, reason and end."""
    settings = load_settings().settings
    found = standing(settings)
    if json:
        typer.echo(orjson.dumps([msgspec.to_builtins(one) for one in found]).decode())
        return
    if not found:
        typer.echo("nothing is stopped")
        return
    table = Table("what", "community", "playbook", "theme", "until", "author", "reason")
    for one in found:
        until = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.until)) if one.until else "taken back"
        table.add_row(one.kind.replace("_", " "), one.community, one.playbook, one.theme, until, one.author, one.reason)
    Console().print(table)


def _order(
    kind: Literal["kill_switch", "silence"],
    author: str,
    reason: str,
    community: str,
    playbook: str = "*",
    theme: str = "*",
    life: str = "",
    *,
    on: bool = True,
) -> Order:
    """Return the order that the options say. Raises `UserError` that names the option at fault."""
    now = time.time()
    return Order(
        kind=kind,
        on=on,
        author=_named("--author", author),
        reason=_named("--reason", reason),
        at=now,
        until=now + _seconds(life) if life else 0.0,
        community=_part("--community", community),
        playbook=_part("--playbook", playbook),
        theme=_part("--theme", theme),
    )


def _take_back(order: Order) -> None:
    settings = load_settings().settings
    standing = read_orders(settings.bootstrap, Codec(settings.control())).standing(order.at)
    if order.key not in {one.key for one in standing}:
        typer.echo(f"no such {order.kind.replace('_', ' ')} is in force; see: lotse silence ls")
        raise typer.Exit(NO)
    _write(settings, order)


def _write(settings: Settings, order: Order) -> None:
    content_hash = give(settings, order)
    typer.echo(f"{order.kind.replace('_', ' ')} {'on' if order.on else 'off'}: deliveries obey within seconds")
    if content_hash:
        typer.echo(f"decisions obey as the log reaches catalog {content_hash}")
    else:
        typer.echo("no catalog is published yet; the first one will carry it")


def _named(option: str, text: str) -> str:
    if not text.strip():
        raise UserError(f"{option}: expected a few words")
    return text.strip()


def _part(option: str, text: str) -> str:
    if not text or "/" in text:
        raise UserError(f"{option}: expected a name without a slash, found {text!r}")
    return text


def _seconds(life: str) -> float:
    seconds = parse_duration(life)
    if not seconds or seconds > LIFE_MAX:
        raise UserError(f"--for: expected a duration such as 30m, 8h, 7d or '2 hours'; found {life!r}")
    return seconds
