"""`lotse addresses`: where members can be reached on platforms that their ids do not name."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import orjson
import typer
from redis.exceptions import RedisError

from sinks.addresses import KINDS, AddressBook
from sinks.platforms.mail import is_address
from streams.commands.options import JsonOption
from streams.delivery.process import store
from streams.errors import NO, UNREACHABLE, UserError
from streams.history.lines import given
from streams.settings import load_settings

addresses_app = typer.Typer(no_args_is_help=True, help="Addresses of members; kept in Redis and nowhere else.")
COLUMNS = ["member", "kind", "address"]
FAULTS_SHOWN = 10
_T = TypeVar("_T")


class Row(NamedTuple):
    """One address: `member` is a key <community>/<member>."""

    member: str
    kind: str
    address: str


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(addresses_app, name="addresses")


@addresses_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV with the columns member, kind, address; - reads standard input.")],
) -> None:
    """Note addresses (kinds: email, slack, discourse, circle); an empty one forgets it. Nothing is noted if a line is wrong."""
    rows = read_rows(Path(given(str(file))))

    async def note(book: AddressBook) -> None:
        for row in rows:
            await book.note(*row)

    _with_book(note)
    typer.echo(f"{len(rows)} addresses noted")


@addresses_app.command()
def show(member: Annotated[str, typer.Argument(help="<community>/<member>")], json: JsonOption = False) -> None:
    """Show where a member can be reached."""

    async def look(book: AddressBook) -> dict[str, str]:
        found = {kind: await book.find(member, kind) for kind in KINDS}
        return {kind: address for kind, address in found.items() if address}

    found = _with_book(look)
    if json:
        typer.echo(orjson.dumps(found).decode())
    else:
        typer.echo("\n".join(f"{kind}: {address}" for kind, address in found.items()) or "no address is known")
    raise typer.Exit(0 if found else NO)


@addresses_app.command("rm")
def forget(member: Annotated[str, typer.Argument(help="<community>/<member>")]) -> None:
    """Forget all noted addresses of a member."""
    if not _with_book(lambda book: book.forget(member)):
        raise UserError(f"no address of {member} was noted", NO)
    typer.echo("forgotten")


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a file. Raises `UserError` that names the lines that are wrong."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = list(csv.reader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"{file}: cannot be read as CSV in UTF-8 ({told})") from None
    if not lines or lines[0] != COLUMNS:
        raise UserError(f"{file}: expected the first line {','.join(COLUMNS)}")
    faults = [f"line {number}: {fault}" for number, line in enumerate(lines[1:], 2) if line and (fault := _fault(line))]
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN} more"] if len(faults) > FAULTS_SHOWN else []
        raise UserError(f"{file}: nothing was noted\n  " + "\n  ".join(faults[:FAULTS_SHOWN] + more))
    return [Row(*line) for line in lines[1:] if line]


def _fault(line: list[str]) -> str:
    if len(line) != len(COLUMNS):
        return f"expected {len(COLUMNS)} columns, found {len(line)}"
    member, kind, address = line
    if not member.partition("/")[0] or not member.partition("/")[2]:
        return f"member: expected <community>/<member>, found {member!r}"
    if kind not in KINDS:
        return f"kind: expected one of {', '.join(KINDS)}, found {kind!r}"
    if address and kind == "email" and not is_address(address):
        return "address: expected one e-mail address"
    return ""


def _with_book(ask: Callable[[AddressBook], Awaitable[_T]]) -> _T:
    settings = load_settings().settings
    if not settings.redis:
        raise UserError("addresses are kept in Redis: set LOTSE_REDIS")

    async def asked() -> _T:
        async with store(settings.redis) as redis:
            return await ask(AddressBook(redis, settings.app))

    try:
        return asyncio.run(asked())
    except RedisError as error:
        raise UserError(
            f"no store answers ({type(error).__name__}); is Redis running, is LOTSE_REDIS right?", UNREACHABLE
        ) from None
