"""`lotse gateway`: the HTTP doors; `lotse gateway key`: who may use them without a platform's signature."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sinks.embedded_store import NoEmbeddedStoreError, embedded_store
from streams.commands.options import JsonOption
from streams.errors import NO, UNREACHABLE, UserError
from streams.gateway.api_keys import RATE, ApiKeys
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect
from streams.servers import broker_access, store_access
from streams.settings import Settings, load_settings
from streams.telemetry.logs import set_up_logs

HEALTH = "127.0.0.1:9466"  # unless told otherwise: beside a worker and a delivery on the same machine
NAME_MAX = 100
gateway_app = typer.Typer(help="The HTTP doors through which platforms and scripts send.")
key_app = typer.Typer(no_args_is_help=True, help="API keys for /events and for doors without a signature.")
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    gateway_app.add_typer(key_app, name="key")
    app.add_typer(gateway_app, name="gateway")


@gateway_app.callback(invoke_without_command=True)
def gateway(context: typer.Context) -> None:
    """Serve the doors until told to stop. Settings: lotse config show."""
    if context.invoked_subcommand is not None:
        return
    import uvloop  # noqa: PLC0415  (loads what only this needs)

    from streams.gateway.server import Gateway  # noqa: PLC0415

    loaded = load_settings()
    settings = loaded.settings
    if loaded.sources["health_address"] == "default":
        settings = msgspec.structs.replace(settings, health_address=HEALTH)
    set_up_logs("gateway", settings)

    broker_access.require(settings.bootstrap)
    if settings.redis:
        store_access.require(settings.redis)

    async def serve(redis: str) -> None:
        await Gateway(settings, redis).run()

    try:
        with nullcontext(settings.redis) if settings.redis else embedded_store() as redis:
            uvloop.run(serve(redis))
    except NoEmbeddedStoreError as error:
        raise UserError(str(error), UNREACHABLE) from None


@key_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is for, such as: our shop.")],
    community: Annotated[str, typer.Option(help="Which community it speaks for; else LOTSE_COMMUNITY.")] = "",
    rate: Annotated[int, typer.Option(min=1, max=10_000_000, help="Events a second that it may send.")] = RATE,
    json: JsonOption = False,
) -> None:
    """Make a key and show it, this once."""
    settings = load_settings().settings
    town = community or settings.community
    if "/" in town or town.startswith("@") or not 0 < len(name) <= NAME_MAX:
        raise UserError("expected a name of 1 to 100 characters, and a community without / that does not begin with @")
    key, text = _with_keys(settings, lambda keys: keys.add(name, town, rate, time.time()))
    if json:
        typer.echo(orjson.dumps({"id": key.id, "key": text, "community": town, "rate": rate}).decode())
        return
    typer.echo(text)
    typer.echo(f"id {key.id}, community {town}; it is not shown again", err=True)


@key_app.command("ls")
def ls(json: JsonOption = False) -> None:
    """Show which keys there are, not what they are."""
    keys = _with_keys(load_settings().settings, lambda keys: keys.all())
    rows = [
        {"id": key.id, "name": key.name, "community": key.community, "rate": key.rate,
         "created": datetime.fromtimestamp(key.created, UTC).isoformat(timespec="seconds")}
        for key in keys
    ]  # fmt: skip
    if json:
        typer.echo(orjson.dumps(rows).decode())
        return
    table = Table("id", "name", "community", "events a second", "created")
    for row in rows:
        table.add_row(*(escape(str(row[field])) for field in ("id", "name", "community", "rate", "created")))
    Console().print(table)


@key_app.command("rm")
def rm(key: Annotated[str, typer.Argument(help="Its id, as `lotse gateway key ls` shows it.")]) -> None:
    """Remove a key: within seconds it opens nothing."""
    if not _with_keys(load_settings().settings, lambda keys: keys.remove(key)):
        raise UserError(f"no key {key}; see: lotse gateway key ls", NO)
    typer.echo(f"removed {key}")


def _with_keys(settings: Settings, work: Callable[[ApiKeys], Coroutine[Any, Any, T]]) -> T:
    if not settings.redis:
        raise UserError("LOTSE_REDIS: keys are kept in Redis; set its URL, the same as for the gateway")

    async def run() -> T:
        redis = connect(settings.redis)
        try:
            return await work(ApiKeys(redis, settings.app))
        finally:
            await redis.aclose()

    try:
        return asyncio.run(run())
    except RefusedError:
        raise UserError("no store answers; is Redis running, is LOTSE_REDIS right?", UNREACHABLE) from None
