"""`lotse identity`: which platform's id is which member; joined by hand only where a person knows it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import orjson
import typer

from streams.commands.options import JsonOption
from streams.errors import NO, UNREACHABLE, UserError
from streams.gateway.identities import PROOFS, Identities, Link
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect
from streams.settings import load_settings

identity_app = typer.Typer(no_args_is_help=True, help="Which platform's id is which member.")
Key = Annotated[str, typer.Argument(help="A platform's id: <community>/<source>:<id>, such as town/slack:U1.")]
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(identity_app, name="identity")


@identity_app.command()
def show(key: Key, json: JsonOption = False) -> None:
    """Show to which member an id belongs, and by which proof. Exit 1 if it is a member of its own."""
    link = _with_table(lambda table: table.members([key])).get(key)
    _tell(key, link, json=json)
    raise typer.Exit(0 if link else NO)


@identity_app.command("link")
def join(
    key: Key,
    member: Annotated[str, typer.Argument(help="The member's key: <community>/<member>.")],
    proof: Annotated[str, typer.Option(help=f"How it is known: {', '.join(PROOFS)}.")] = "operator",
    json: JsonOption = False,
) -> None:
    """Join an id to a member: events from then on count for that member. What lies in the log stays where it is."""
    try:
        link = _with_table(lambda table: table.link(key, member, proof))
    except ValueError as error:
        raise UserError(str(error)) from None
    _tell(key, link, json=json)


@identity_app.command("rm")
def unlink(key: Key) -> None:
    """Take a link back: the id is a member of its own again, within half a minute. Exit 1 if there is none."""
    if not _with_table(lambda table: table.unlink(key)):
        raise UserError(f"{key}: no link", NO)
    typer.echo(f"{key} is a member of its own")


def _tell(key: str, link: Link | None, *, json: bool) -> None:
    since = datetime.fromtimestamp(link.at, UTC).isoformat(timespec="seconds") if link else None
    if json:
        held = {"member": link.member, "proof": link.proof, "confidence": link.confidence} if link else {}
        typer.echo(orjson.dumps({"key": key, **held, "since": since}).decode())
    elif link is None:
        typer.echo(f"{key} is a member of its own")
    else:
        typer.echo(f"{key} is {link.member} ({link.proof}, {link.confidence:g}, since {since})")


def _with_table(work: Callable[[Identities], Coroutine[Any, Any, T]]) -> T:
    settings = load_settings().settings
    if not settings.redis:
        raise UserError("LOTSE_REDIS: identities are kept in Redis; set its URL, the same as for the gateway")

    async def run() -> T:
        redis = connect(settings.redis)
        try:
            return await work(Identities(redis, settings.app, settings.control()))
        finally:
            await redis.aclose()

    try:
        return asyncio.run(run())
    except RefusedError:
        raise UserError("no store answers; is Redis running, is LOTSE_REDIS right?", UNREACHABLE) from None
