"""`lotse console`: pages for those who run a community: what was decided, why, and what is too much."""

import time
from typing import Annotated

import msgspec
import typer

from streams.console.accounts import Accounts, Role, accounts_path
from streams.console.server import ConsoleServer
from streams.errors import UserError
from streams.servers.broker_access import require
from streams.settings import load_settings
from streams.telemetry.logs import set_up_logs

HEALTH = "127.0.0.1:9468"  # unless told otherwise: beside worker, delivery, gateway and pages on the same machine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(console)


def console(
    invite: Annotated[
        str, typer.Option("--invite", help="Only print a link by which somebody makes an account of this role.")
    ] = "",
) -> None:
    """Serve the console on LOTSE_CONSOLE_ADDRESS until told to stop; the first start prints a link for the first account."""
    loaded = load_settings()
    settings = loaded.settings
    if not invite:
        if loaded.sources["health_address"] == "default":
            settings = msgspec.structs.replace(settings, health_address=HEALTH)
        require(settings.bootstrap)
        set_up_logs("console", settings)
        ConsoleServer(settings).run()
        return
    if invite not in list(Role):
        raise UserError(f"--invite: expected one of {', '.join(Role)}, found {invite}")
    accounts = Accounts(accounts_path(settings.console_db), time.time)
    token = accounts.invite(Role(invite))
    accounts.note("", "account.invited", f"{invite}, on the command line")
    typer.echo(f"{settings.console_url or f'http://{settings.console_address}'}/join/{token}")
