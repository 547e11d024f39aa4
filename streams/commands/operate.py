"""`lotse worker`, `lotse topics`, `lotse catalog publish`, `lotse config`: to run a deployment."""

import time
from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import typer
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError
from rich.console import Console
from rich.table import Table

from streams.catalog_feed import publish as publish_bundle
from streams.codec import Codec
from streams.commands.content import catalog_app
from streams.commands.history import CatalogOption, JsonOption, loaded
from streams.errors import NO, UNREACHABLE, UserError
from streams.settings import SECRETS, Settings, load_settings
from streams.topics import TOPICS, TopicSpec

topics_app = typer.Typer(no_args_is_help=True, help="Topics: what should be, what is.")
config_app = typer.Typer(no_args_is_help=True, help="Settings.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(worker)
    app.add_typer(topics_app, name="topics")
    app.add_typer(config_app, name="config")


def worker() -> None:
    """Run a detection worker until it is told to stop. Settings: lotse config show."""
    from streams.app import create_worker  # noqa: PLC0415  (loads Faust, which only this command needs)

    create_worker(load_settings().settings).run()


@topics_app.command()
def plan(json: JsonOption = False) -> None:
    """Say which topics are missing or differ. Exit 1 if any."""
    settings = load_settings().settings
    differences = compare(settings)
    if json:
        typer.echo(orjson.dumps([{"topic": name, "state": state} for name, state in differences]).decode())
    else:
        for name, state in differences:
            typer.echo(f"{name}: {state}")
        typer.echo("as planned" if not differences else "run: lotse topics apply")
    raise typer.Exit(NO if differences else 0)


@topics_app.command()
def apply() -> None:
    """Create the topics that are missing."""
    created = create_missing(load_settings().settings)
    typer.echo(f"{len(created)} created" + (f": {', '.join(created)}" if created else ""))


@catalog_app.command()
def publish(catalog: CatalogOption = Path(), json: JsonOption = False) -> None:
    """Publish the catalog whole; running workers obey it within seconds."""
    settings = load_settings().settings
    bundle = loaded(settings.catalog if catalog == Path() else catalog).bundle
    content_hash = publish_bundle(
        settings.bootstrap, bundle, Codec(settings.control()), settings.partitions, time.time()
    )
    typer.echo(orjson.dumps({"hash": content_hash}).decode() if json else f"published {content_hash}")


@config_app.command()
def show(
    redacted: Annotated[bool, typer.Option("--redacted", help="Secrets are never shown; this says so.")] = True,  # noqa: ARG001
    json: JsonOption = False,
) -> None:
    """Show each setting with its value and source; secrets only as set or not set."""
    read = load_settings()
    rows = [(name, _shown(name, getattr(read.settings, name)), source) for name, source in read.sources.items()]
    if json:
        typer.echo(orjson.dumps({name: {"value": value, "source": source} for name, value, source in rows}).decode())
        return
    table = Table("setting", "value", "source")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def compare(settings: Settings) -> list[tuple[str, str]]:
    """Return (topic, what is wrong) for each topic that is missing or has another number of partitions."""
    with _Admin(settings) as admin:
        found = {one["name"]: len(one["partitions"]) for one in admin.describe_topics(list(admin.list_topics()))}
    differences = []
    for spec in TOPICS:
        wanted = spec.partitions or settings.partitions
        if spec.name not in found:
            differences.append((spec.name, "missing"))
        elif found[spec.name] != wanted:
            differences.append(
                (
                    spec.name,
                    f"has {found[spec.name]} partitions, expected {wanted}: members would change their partition",
                )
            )
    return differences


def create_missing(settings: Settings) -> list[str]:
    """Create missing topics; return their names. Raises `UserError` where the broker refuses."""
    with _Admin(settings) as admin:
        there = set(admin.list_topics())
        missing = [spec for spec in TOPICS if spec.name not in there]
        for spec in missing:
            try:
                admin.create_topics([_new(spec, settings)])
            except TopicAlreadyExistsError:
                continue
            except KafkaError as error:
                raise UserError(
                    f"topic {spec.name}: the broker refused it ({type(error).__name__})", UNREACHABLE
                ) from None
    return [spec.name for spec in missing]


class _Admin:
    """A Kafka admin client; a broker that does not answer is one clear message."""

    def __init__(self, settings: Settings) -> None:
        self._bootstrap = settings.bootstrap

    def __enter__(self) -> KafkaAdminClient:
        try:
            self._client = KafkaAdminClient(
                bootstrap_servers=self._bootstrap, request_timeout_ms=10_000, bootstrap_timeout_ms=10_000
            )
        except (KafkaError, OSError) as error:
            raise UserError(
                f"no broker answers at {self._bootstrap} ({type(error).__name__}); is it running, is LOTSE_BOOTSTRAP right?",
                UNREACHABLE,
            ) from None
        return self._client

    def __exit__(self, *_: object) -> None:
        self._client.close()


def _new(spec: TopicSpec, settings: Settings) -> NewTopic:
    return NewTopic(
        spec.name, spec.partitions or settings.partitions, settings.replication, topic_configs=spec.config()
    )


def _shown(name: str, value: object) -> str:
    if name in SECRETS:
        return "(set)" if value else "(not set)"
    return str(msgspec.to_builtins(value, enc_hook=str))
