"""`lotse doctor`: is all there that a deployment needs, and what to do where it is not."""

import time
from collections.abc import Callable
from typing import NamedTuple

import orjson
import redis
import typer
from rich.console import Console

from processors.catalog import Catalog
from resource_catalog.loader import load
from resource_catalog.problems import CatalogError
from streams.commands.history import JsonOption
from streams.commands.operate import compare
from streams.errors import NO, UserError
from streams.log_reader import read_topic
from streams.settings import Settings, load_settings
from streams.topics import CATALOG

CLOCK_MAX_S = 60.0


class Finding(NamedTuple):
    """One thing looked at; `advice` says what to do where it is not well."""

    what: str
    well: bool
    found: str
    advice: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(json: JsonOption = False) -> None:
    """Look at broker, topics, store, catalog, secret and clock. Exit 1 if something is not well."""
    settings = load_settings().settings
    looks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("broker and topics", _topics), ("store", _store), ("catalog", _catalog), ("control key", _key), ("clock", _clock),
    )  # fmt: skip
    findings = [_look(what, look, settings) for what, look in looks]
    if json:
        typer.echo(orjson.dumps([one._asdict() for one in findings]).decode())
    else:
        for one in findings:
            Console().print(
                f"{'[green]well[/]    ' if one.well else '[red]not well[/]'}  {one.what}: {one.found}", highlight=False
            )
            if one.advice:
                typer.echo(f"          {one.advice}")
    raise typer.Exit(0 if all(one.well for one in findings) else NO)


def _look(what: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except UserError as error:
        return Finding(what, well=False, found=str(error))


def _topics(settings: Settings) -> Finding:
    differences = compare(settings)
    if differences:
        found = ", ".join(f"{name} {state}" for name, state in differences[:5])
        return Finding("broker and topics", well=False, found=found, advice="run: lotse topics apply")
    return Finding("broker and topics", well=True, found=f"{settings.bootstrap}, all topics as planned")


def _store(settings: Settings) -> Finding:
    if not settings.redis:
        return Finding(
            "store",
            well=True,
            found="none named: the embedded store, for trying out only",
            advice="set LOTSE_REDIS for a real deployment",
        )
    client = redis.Redis.from_url(settings.redis, socket_timeout=5)
    try:
        policy = str(client.config_get("maxmemory-policy").get("maxmemory-policy"))
    except redis.RedisError as error:
        return Finding(
            "store",
            well=False,
            found=f"no answer ({type(error).__name__})",
            advice="is Redis running, is LOTSE_REDIS right?",
        )
    if policy != "noeviction":
        advice = "set maxmemory-policy noeviction: an evicted record means that a message is delivered twice"
        return Finding("store", well=False, found=f"may evict ({policy})", advice=advice)
    return Finding("store", well=True, found="answers, keeps what it is given")


def _catalog(settings: Settings) -> Finding:
    try:
        bundle = load(settings.catalog).bundle
    except CatalogError as error:
        return Finding("catalog", well=False, found=f"{len(error.problems)} problems", advice="run: lotse catalog lint")
    published = {(record.key or b"").decode(errors="replace") for record in read_topic(settings.bootstrap, CATALOG)}
    if Catalog(bundle).hash not in published:
        return Finding(
            "catalog", well=False, found="sound, but not the one published", advice="run: lotse catalog publish"
        )
    return Finding(
        "catalog", well=True, found=f"{len(bundle.resources)} resources, {len(bundle.playbooks)} playbooks, published"
    )


def _key(settings: Settings) -> Finding:
    settings.control()
    return Finding("control key", well=True, found="set")


def _clock(settings: Settings) -> Finding:
    """Compare this clock with the broker's: the timestamp of the catalog's last record cannot lie in the future."""
    newest = max((record.timestamp for record in read_topic(settings.bootstrap, CATALOG)), default=0) / 1000
    if newest - time.time() > CLOCK_MAX_S:
        return Finding(
            "clock",
            well=False,
            found=f"{newest - time.time():.0f} s behind the broker",
            advice="set this machine's clock (NTP)",
        )
    return Finding("clock", well=True, found="not behind the broker")
