"""`lotse pages`: what members reach from their messages, and the guides."""

import msgspec
import typer

from streams.pages.server import PageServer
from streams.servers import broker_access, store_access
from streams.settings import load_settings
from streams.telemetry.logs import set_up_logs

HEALTH = "127.0.0.1:9467"  # unless told otherwise: beside worker, delivery and gateway on the same machine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(pages)


def pages() -> None:
    """Serve guides, actions, preferences and surveys on LOTSE_PAGES_ADDRESS, until told to stop."""
    loaded = load_settings()
    settings = loaded.settings
    if loaded.sources["health_address"] == "default":
        settings = msgspec.structs.replace(settings, health_address=HEALTH)
    broker_access.require(settings.bootstrap)
    if settings.redis:
        store_access.require(settings.redis)
    set_up_logs("pages", settings)
    PageServer(settings).run()
