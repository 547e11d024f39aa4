"""`lotse doctor`: is all there that a deployment needs, and what to do where it is not."""

import asyncio
import platform
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import orjson
import redis
import typer
from rich.console import Console

from processors.playbooks.catalog import Catalog
from resource_catalog.layers import load_layered
from resource_catalog.problems import CatalogError
from sinks.channel import Receipt
from streams.commands.options import JsonOption
from streams.delivery.channels import NotToldError, in_use, open_analytics, open_channels
from streams.errors import NO, UserError
from streams.servers import broker_access, store_access
from streams.servers.log_reader import probe, read_last
from streams.servers.store import connect
from streams.settings import Settings, load_settings
from streams.topic_plan import compare
from streams.topics import ACTIVITY, CATALOG

CLOCK_MAX_S = 60.0
OURS = ("console", "in_app")  # behind these there is no platform
KEYS = {
    "slack": "LOTSE_SLACK_TOKEN",
    "discourse": "LOTSE_DISCOURSE_KEY and LOTSE_DISCOURSE_USER",
    "email": "LOTSE_EMAIL_USER, LOTSE_EMAIL_PASSWORD and LOTSE_EMAIL_TLS",
    "circle": "LOTSE_CIRCLE_TOKEN, LOTSE_CIRCLE_HEADLESS_TOKEN and LOTSE_CIRCLE_BOT",
    "hubspot": "LOTSE_HUBSPOT_TOKEN",
    "kit": "LOTSE_KIT_KEY",
    "staff": "the keys of what LOTSE_STAFF_PLACE names",
}  # what a refusal may be about
NOWHERE = "redis://127.0.0.1:1/0"  # to open channels with; none asks it
FLUSH = (
    "if it is ever flushed: commands that are read again go out twice, platforms' ids are members of their own again, noted addresses and "
    "the in-app inbox are gone; decisions and opt-outs are on Kafka and stay"
)


class Finding(NamedTuple):
    """One thing looked at; `advice` says what to do where it is not well."""

    what: str
    well: bool
    found: str
    advice: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    ask: Annotated[
        bool,
        typer.Option("--ask", help="Ask each platform too whether it takes our keys; nothing is sent to anybody."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Look at broker, topics, stores, catalog, secret, channels and clock, and say what to do. Exit 1 if something is not well."""
    settings = load_settings().settings
    findings = look(settings) + (_platforms(settings) if ask else [])
    if json:
        typer.echo(orjson.dumps([one._asdict() for one in findings]).decode())
    else:
        console = Console()
        for one in findings:
            console.print("[green]well[/]    " if one.well else "[red]not well[/]", end="  ")
            console.print(f"{one.what}: {one.found}", markup=False, highlight=False, soft_wrap=True)
            if one.advice:
                typer.echo(f"          {one.advice}")
    raise typer.Exit(0 if all(one.well for one in findings) else NO)


def look(settings: Settings) -> list[Finding]:
    """Return what was found; without a broker, what lies on it is not looked at."""
    findings = [_held("broker", _broker, settings)]
    if findings[0].well:
        findings += [_held("topics", _topics, settings), _held("catalog", _catalog, settings)]
    else:
        findings.append(_held("catalog", _content, settings))
    looks = (
        ("store", _store), ("state", _state), ("control key", _key), ("channels", _channels), ("clock", _clock),
        ("python", _python),
    )  # fmt: skip
    return findings + [_held(what, one, settings) for what, one in looks]


def _held(what: str, one: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return one(settings)
    except UserError as error:
        return Finding(what, well=False, found=str(error))


def _broker(settings: Settings) -> Finding:
    try:
        probe(settings.bootstrap)
    except UserError as error:
        return Finding("broker", well=False, found=str(error), advice="start Kafka, or set LOTSE_BOOTSTRAP")
    broker_access.require(settings.bootstrap)
    return Finding("broker", well=True, found=f"answers at {settings.bootstrap}")


def _topics(settings: Settings) -> Finding:
    differences = compare(settings)
    if not differences:
        return Finding("topics", well=True, found="as planned")
    found = ", ".join(f"{one.topic} {one.what} {one.found}" for one in differences[:5])
    more = f" and {len(differences) - 5} more" if len(differences) > 5 else ""
    fixed = any(one.fixed for one in differences)
    advice = "run: lotse topics plan" if fixed else "run: lotse topics apply"
    return Finding("topics", well=False, found=found + more, advice=advice)


def _store(settings: Settings) -> Finding:
    if not settings.redis:
        found, advice = "none named: the embedded store, for trying out only", "set LOTSE_REDIS for a real deployment"
        return Finding("store", well=True, found=found, advice=advice)
    how = store_access.options(settings.redis)
    client = redis.Redis.from_url(settings.redis, **how, socket_timeout=5, socket_connect_timeout=5)
    try:
        client.ping()
    except redis.RedisError as error:
        return Finding("store", well=False, found=store_access.said(error, settings.redis))
    try:
        policy = str(client.config_get("maxmemory-policy").get("maxmemory-policy"))
        on_disk = client.config_get("appendonly").get("appendonly") == "yes" or bool(
            client.config_get("save").get("save")
        )
    except redis.RedisError:  # a managed Redis does not say
        advice = "see that maxmemory-policy is noeviction: an evicted record means that a message is delivered twice"
        return Finding("store", well=True, found="answers; whether it may evict it does not say", advice=advice)
    finally:
        client.close()
    if policy != "noeviction":
        advice = "set maxmemory-policy noeviction: an evicted record means that a message is delivered twice"
        return Finding("store", well=False, found=f"may evict ({policy})", advice=advice)
    if not on_disk:
        found = "answers, evicts nothing, and loses all when it ends: it writes nothing to disk"
        return Finding("store", well=True, found=found, advice=f"set appendonly yes; {FLUSH}")
    return Finding("store", well=True, found="answers, evicts nothing, writes to disk", advice=FLUSH)


def _state(settings: Settings) -> Finding:
    if settings.store == "memory":
        return Finding("state", well=True, found="in memory, restored from the changelogs")
    try:
        probed = Path(settings.store_dir) / ".lotse-doctor"
        probed.parent.mkdir(parents=True, exist_ok=True)
        probed.write_bytes(b"")
        probed.unlink()
    except OSError as error:
        found = f"{settings.store_dir} cannot be written ({error.strerror})"
        return Finding(
            "state", well=False, found=found, advice="give the worker's user the directory of LOTSE_STORE_DIR"
        )
    return Finding("state", well=True, found=f"on disk in {settings.store_dir}")


def _content(settings: Settings) -> Finding:
    """Look at the catalog directory alone."""
    try:
        bundle = load_layered(settings.catalog).bundle
    except CatalogError as error:
        return Finding("catalog", well=False, found=f"{len(error.problems)} problems", advice="run: lotse catalog lint")
    found = f"{len(bundle.resources)} resources, {len(bundle.playbooks)} playbooks"
    return Finding("catalog", well=True, found=found)


def _catalog(settings: Settings) -> Finding:
    content = _content(settings)
    if not content.well:
        return content
    published = [record.key for record in read_last(settings.bootstrap, CATALOG, 1)]
    wanted = Catalog(load_layered(settings.catalog).bundle).hash.encode()
    if published != [wanted]:
        found = "sound, but nothing is published" if not published else "sound, but another was published last"
        return Finding("catalog", well=False, found=found, advice="run: lotse catalog publish")
    return Finding("catalog", well=True, found=f"{content.found}, published")


def _key(settings: Settings) -> Finding:
    settings.control()
    return Finding("control key", well=True, found="set")


def _channels(settings: Settings) -> Finding:
    """See that each channel of the deployment has its settings. Whether a platform takes them, `--ask` says."""
    if not settings.channels:
        found, advice = (
            "none named: each process takes what its --channel says",
            "set LOTSE_CHANNELS, the same for all processes",
        )
        return Finding("channels", well=True, found=found, advice=advice)
    settings.control()
    _, names = in_use(settings, [])
    try:
        asyncio.run(_opened(settings, names))
    except NotToldError as error:
        advice = "see that lotse deliver is told; here it need not be, where such settings are for its eyes alone"
        return Finding("channels", well=True, found=str(error), advice=advice)
    return Finding("channels", well=True, found=f"{', '.join(names)}: all have their settings")


def _platforms(settings: Settings) -> list[Finding]:
    """Ask the platform behind each channel of the deployment; none where channels are not named, or not well (see `_channels`)."""
    try:
        _, names = in_use(settings, [])
        answers = asyncio.run(_asked(settings, names))
    except UserError:
        return []
    return [_answered(name, receipt) for name, receipt in answers.items()]


def _answered(name: str, receipt: Receipt | None) -> Finding:
    what, keys = f"platform of {name}", KEYS.get(name, "its settings")
    if receipt is None:
        return Finding(what, well=True, found="cannot be asked without sending something")
    if receipt.result == "delivered":
        return Finding(what, well=True, found="answers, and takes our keys")
    if receipt.result == "failed":
        return Finding(what, well=False, found=f"refuses us ({receipt.detail})", advice=f"see {keys}")
    advice = "see its address among the settings, and whether this machine may go there"
    return Finding(what, well=False, found=f"gives no usable answer ({receipt.detail})", advice=advice)


async def _asked(settings: Settings, names: list[str]) -> dict[str, Receipt | None]:
    """Return what each platform says, asked side by side; a channel without a platform is left out."""
    client = connect(settings.redis or NOWHERE, 1.0)
    channels = [one for one in open_channels(names, settings, client) if one.name not in OURS]
    try:
        return dict(
            zip((one.name for one in channels), await asyncio.gather(*(one.check() for one in channels)), strict=True)
        )
    finally:
        for one in channels:
            await one.close()
        await client.aclose()


async def _opened(settings: Settings, names: list[str]) -> None:
    client = connect(settings.redis or NOWHERE, 1.0)
    try:
        for channel in open_channels(names, settings, client):
            await channel.close()
        open_analytics(names, settings)
    finally:
        await client.aclose()


def _clock(settings: Settings) -> Finding:
    """Hold this clock against others: Redis's own, and the newest record of the log, which it cannot be behind."""
    aheads = {"Redis": _ahead_of_redis(settings), "the newest record of the log": _behind_log(settings)}
    for name, ahead in aheads.items():
        if ahead is not None and abs(ahead) > CLOCK_MAX_S:
            found = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {name}"
            return Finding("clock", well=False, found=found, advice="let NTP set the clocks of all machines")
    seen = " and ".join(name for name, ahead in aheads.items() if ahead is not None)
    return Finding("clock", well=True, found=f"held against {seen}" if seen else "nothing to hold it against")


def _python(_settings: Settings) -> Finding:
    """See whether this Python was built with profiles; what it can do is the same without."""
    version, told = platform.python_version(), sysconfig.get_config_var("CONFIG_ARGS")
    # A system's own tells at times of another of its builds, and is optimised.
    if not told or "--enable-optimizations" in told or sys.base_prefix == "/usr":
        return Finding("python", well=True, found=version)
    advice = "a worker folds some 15 % more with a Python that was built with --enable-optimizations, as distributions' and images' are"
    return Finding("python", well=True, found=f"{version}, built without optimisations", advice=advice)


def _ahead_of_redis(settings: Settings) -> float | None:
    if not settings.redis:
        return None
    try:
        with redis.Redis.from_url(
            settings.redis, **store_access.options(settings.redis), socket_timeout=5, socket_connect_timeout=5
        ) as client:
            seconds, micros = client.time()
    except redis.RedisError:
        return None
    return time.time() - float(seconds) - float(micros) / 1e6


def _behind_log(settings: Settings) -> float | None:
    """Return a negative number of seconds, 0 where this clock is later than the log; None without a log."""
    try:
        newest = max((record.timestamp for record in read_last(settings.bootstrap, ACTIVITY, 1)), default=None)
    except UserError:
        return None
    return None if newest is None else min(0.0, time.time() - newest / 1000)
