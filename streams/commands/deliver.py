"""`lotse deliver`: commands from the delivery topics out to channels."""

import asyncio
from contextlib import nullcontext
from typing import Annotated

import msgspec
import typer

from sinks.embedded_store import NoEmbeddedStoreError, embedded_store
from streams.delivery.channels import in_use, open_analytics, open_channels
from streams.delivery.process import DeliveryProcess, store
from streams.errors import UNREACHABLE, UserError
from streams.settings import Settings, load_settings
from streams.telemetry.logs import set_up_logs

HEALTH = "127.0.0.1:9465"  # unless told otherwise: beside a worker on the same machine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(deliver)


def deliver(
    channel: Annotated[
        list[str] | None, typer.Option(help="Where to; may be repeated. Without: all of LOTSE_CHANNELS, else console.")
    ] = None,
) -> None:
    """Deliver commands, each once, until told to stop."""
    loaded = load_settings()
    settings = loaded.settings
    if loaded.sources["health_address"] == "default":
        settings = msgspec.structs.replace(settings, health_address=HEALTH)
    set_up_logs("deliver", settings)
    try:
        with nullcontext(settings.redis) if settings.redis else embedded_store() as redis:
            asyncio.run(_run(settings, channel or [], redis))
    except NoEmbeddedStoreError as error:
        raise UserError(str(error), UNREACHABLE) from None


async def _run(settings: Settings, asked: list[str], redis: str) -> None:
    client = store(redis)
    router, names = in_use(settings, asked)
    channels, analytics = open_channels(names, settings, client), open_analytics(names, settings)
    await DeliveryProcess(settings, channels, router, client, analytics).run()
