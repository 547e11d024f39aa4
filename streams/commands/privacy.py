"""`lotse erase`, `lotse export`, `lotse consents`: what a member may ask for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import orjson
import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from streams.commands.options import JsonOption
from streams.errors import NO, UNREACHABLE, UserError
from streams.printing import member_key, printable
from streams.privacy import consents as consent_ledger
from streams.privacy.erase import Eraser, Receipt
from streams.privacy.export import export as export_person
from streams.servers import store_access
from streams.servers.store import connect
from streams.settings import Settings, load_settings

Member = Annotated[str, typer.Argument(help="<community>/<member>, or a platform's id that is linked to one.")]
STORE_S = 5.0  # for an answer of the store
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(erase)
    app.command()(export)
    app.command()(consents)


def erase(
    member: Member,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for the workers to forget, and for what is being delivered.", min=0)
    ] = 60.0,
    json: JsonOption = False,
) -> None:
    """Forget a member in every store, and print a receipt. Exit 1 if something that should be gone is still there.

    What they do later begins anew. Raw events go with the retention of their topics; the receipt says by when.
    """
    member_key(member)
    settings = load_settings().settings
    receipt = _with_store(settings, lambda redis: Eraser(settings, redis, wait_s=wait).erase(member))
    undone = [row for row in receipt.left if not row.gone_by]
    if json:
        typer.echo(orjson.dumps(receipt_of(receipt)).decode())
    else:
        _print(receipt)
    raise typer.Exit(NO if undone else 0)


def export(member: Member) -> None:
    """Print everything that is known of a member as JSON: for them alone, since it holds their words. Exit 1 if nothing is."""
    member_key(member)
    settings = load_settings().settings
    found = _with_store(settings, lambda redis: export_person(settings, redis, member))
    if not any(value for name, value in found.items() if name not in ("member", "keys", "exported_at")):
        raise UserError(f"nothing is known about {member}", NO)
    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


def consents(
    member: Annotated[str, typer.Argument(help="<community>/<member>; all members if none is named.")] = "",
    json: JsonOption = False,
) -> None:
    """Print who agreed to what and when, or took it back, as far back as the log reaches."""
    keys = (member_key(member).decode(),) if member else ()
    entries = list(consent_ledger.ledger(load_settings().settings.bootstrap, keys))
    if json:
        typer.echo(orjson.dumps([one._asdict() for one in entries]).decode())
    else:
        for one in entries:
            typer.echo(printable(f"{one.time}  {one.member}  {one.type} {one.kind}  ({one.source} {one.id})"))
    raise typer.Exit(0 if entries else NO)


def receipt_of(receipt: Receipt) -> dict[str, object]:
    """Return a receipt as JSON: `stores` with what was found, erased and left in each; `left` those that hold something."""
    stores = [{**row._asdict(), "left": row.left} for row in receipt.rows]
    left = [{"store": row.store, "records": row.left, "gone_by": row.gone_by, "note": row.note} for row in receipt.left]
    return {"member": receipt.person.keys[0], "keys": list(receipt.person.keys), "found": sum(row.erased for row in receipt.rows),
            "stores": stores, "left": left}  # fmt: skip


def _print(receipt: Receipt) -> None:
    typer.echo("erased: " + ", ".join(receipt.person.keys) if receipt.new else "nothing was there to erase")
    for row in receipt.rows:
        until = f", {row.left} left until {row.gone_by} at the latest" if row.gone_by else ""
        kept = f", {row.left} left" if row.left and not row.gone_by else ""
        note = f" ({row.note})" if row.note and row.found else ""
        typer.echo(f"  {row.store}: {row.found} found, {row.erased} erased{until}{kept}{note}")


def _with_store(settings: Settings, work: Callable[[Redis | None], Awaitable[T]]) -> T:
    async def run() -> T:
        redis = connect(settings.redis, STORE_S) if settings.redis else None
        try:
            return await work(redis)
        finally:
            if redis is not None:
                await redis.aclose()

    try:
        return asyncio.run(run())
    except RedisError as error:
        raise UserError(store_access.said(error, settings.redis), UNREACHABLE) from None
