"""`lotse circle poll`: what is new on Circle, through the gateway, within the plan's requests."""

import asyncio
import time
from typing import Annotated

import orjson
import typer
from redis.exceptions import RedisError

from sinks.platforms.http import HttpClient
from streams.circle.poller import ANSWER_MAX, LISTS, Done, Poller, chosen
from streams.circle.quota import Quota
from streams.commands.options import JsonOption
from streams.errors import UNREACHABLE, UserError
from streams.gateway.doors import read_doors
from streams.servers import store, store_access
from streams.settings import Settings, load_settings
from streams.telemetry.logs import set_up_logs

STORE_S = 5.0
circle_app = typer.Typer(no_args_is_help=True, help="Circle: polled where it does not push.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(circle_app, name="circle")


@circle_app.callback()
def circle() -> None:
    """Circle: polled where it does not push."""


@circle_app.command()
def poll(
    what: Annotated[
        list[str] | None,
        typer.Option("--what", help=f"Which lists, of {', '.join(LISTS)}; may be repeated. All without."),
    ] = None,
    door: Annotated[str, typer.Option(help="The gateway's door that takes it, by its name.")] = "circle",
    to: Annotated[str, typer.Option(help="Where the gateway is; http://LOTSE_GATEWAY_ADDRESS without.")] = "",
    since: Annotated[
        float, typer.Option(min=0, max=28, help="The first time: how many days back to begin; 0 begins now.")
    ] = 0.0,
    once: Annotated[bool, typer.Option("--once", help="One round, then end; for cron.")] = False,
    json: JsonOption = False,
) -> None:
    """Read new members, posts and comments from Circle's Admin API into the gateway, within LOTSE_CIRCLE_MONTH requests a month.

    Without --once it goes on until told to stop, in rounds that spread over the month what may be spent.
    """
    settings, lists = load_settings().settings, chosen(what or [])
    doors = read_doors(settings)
    if door not in doors or doors[door].source != "circle":
        raise UserError(f"--door {door}: no door of that name that reads Circle; see LOTSE_GATEWAY_DOORS")
    if not settings.circle_token or not settings.redis or not doors[door].secrets:
        raise UserError(
            f"expected LOTSE_CIRCLE_TOKEN (type Admin V2), LOTSE_REDIS (how far was read), and LOTSE_GATEWAY_SECRETS with {door}=..."
        )
    set_up_logs("circle", settings)
    address = to or f"http://{settings.gateway_address.replace('0.0.0.0', '127.0.0.1')}"  # noqa: S104  (listening on all is no address to call)
    try:
        done = asyncio.run(
            _poll(settings, f"{address.rstrip('/')}/in/{door}", doors[door].secrets[-1], doors[door].community, lists,
                  time.time() - since * 86400, once=once)
        )  # fmt: skip
    except RedisError as error:
        raise UserError(store_access.said(error, settings.redis), UNREACHABLE) from None
    if json:
        typer.echo(orjson.dumps(done._asdict()).decode())
    else:
        typer.echo(f"{done.events} events written, {done.passed_over} records passed over")


async def _poll(
    settings: Settings, door: str, secret: str, community: str, what: tuple[str, ...], since: float, *, once: bool
) -> Done:
    redis = store.connect(settings.redis, STORE_S)
    circle = HttpClient(
        f"{settings.circle_url}/api/admin/v2",
        {"Authorization": f"Bearer {settings.circle_token}"},
        answer_max=ANSWER_MAX,
    )
    taker = HttpClient(door, {"X-Webhook-Secret": secret})
    quota = Quota(redis, settings.app, settings.circle_month)
    poller = Poller(circle, taker, redis, settings.app, quota, community, since=since)
    try:
        if once:
            return await poller.round(what)
        await poller.run(what)
        return Done()
    finally:
        await circle.close()
        await taker.close()
        await redis.aclose()
