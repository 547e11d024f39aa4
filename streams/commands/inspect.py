"""`lotse verify`, `lotse explain`, `lotse topics tail`, `lotse dlq`: to look at what happened."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import orjson
import typer
from kafka import KafkaProducer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from processors.decisions import Decision
from streams.catalog_feed import CatalogFeed
from streams.codec import Codec, UndecodableError
from streams.commands.history import JsonOption
from streams.commands.operate import topics_app
from streams.errors import NO, UserError
from streams.log_reader import read_topic
from streams.settings import load_settings
from streams.topics import DECISIONS, TOPICS
from streams.verify import verify as prove

dlq_app = typer.Typer(no_args_is_help=True, help="Dead letters: records that were no events, kept with their reason.")
DLQ_TOPICS = [spec.name for spec in TOPICS if spec.name.endswith(".dlq")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(verify)
    app.command()(explain)
    app.add_typer(dlq_app, name="dlq")


def verify(json: JsonOption = False) -> None:
    """Fold the recorded log again and prove that decisions.v1 is exactly what it implies. Exit 1 if it is not."""
    settings = load_settings().settings
    feed = CatalogFeed(settings.bootstrap).load()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=json or not console.is_terminal) as progress:
        task = progress.add_task("folding", total=None)
        result = prove(
            settings.bootstrap,
            settings.app,
            Codec(settings.control()),
            feed,
            lambda count: progress.advance(task, count),
        )
    if json:
        typer.echo(msgspec.json.encode(result).decode())
    else:
        for name, value in msgspec.to_builtins(result).items():
            typer.echo(f"{name}: {value}")
        typer.echo("proved" if result.proved else "NOT proved")
    raise typer.Exit(0 if result.proved else NO)


def explain(
    member: Annotated[str, typer.Argument(help="<community>/<member>")],
    json: JsonOption = False,
) -> None:
    """Tell a member's story: every decision about them, with its reason and what would have had to differ."""
    settings = load_settings().settings
    decoder = msgspec.json.Decoder(Decision)
    found = {
        one.id: one
        for record in read_topic(settings.bootstrap, DECISIONS)
        if record.key == member.encode()
        for one in (decoder.decode(record.value),)
    }
    story = sorted(found.values(), key=lambda one: (one.time, one.playbook, one.attempt))
    if json:
        typer.echo(msgspec.json.encode(story).decode())
        return
    if not story:
        raise UserError(f"nothing was ever decided about {member}; expected <community>/<member>", NO)
    table = Table(
        "when (UTC)", "playbook", "decision", "reason", "it would have taken", title=f"Decisions about {member}"
    )
    for one in story:
        table.add_row(_when(one.time), one.playbook, one.verdict, one.reason, one.needed)
    Console().print(table)


@topics_app.command()
def tail(
    topic: Annotated[str, typer.Argument(help="A topic of the plan.")],
    last: Annotated[int, typer.Option(min=1, help="How many.")] = 10,
) -> None:
    """Print the last records of a topic, one JSON object a line."""
    if topic not in {spec.name for spec in TOPICS}:
        raise UserError(f"{topic}: no such topic; expected one of {', '.join(spec.name for spec in TOPICS)}")
    for record in list(read_topic(load_settings().settings.bootstrap, topic))[-last:]:
        typer.echo(
            f'{{"partition":{record.partition},"offset":{record.offset},"key":{_json(record.key)},"value":{_json(record.value)}}}'
        )


@dlq_app.command()
def ls(json: JsonOption = False) -> None:
    """Count dead letters by topic and reason."""
    counts: dict[tuple[str, str], int] = {}
    for topic, record in _letters():
        kind = (topic, _headers(record).get("lotse-reason", "unknown"))
        counts[kind] = counts.get(kind, 0) + 1
    if json:
        typer.echo(
            orjson.dumps(
                [
                    {"topic": topic, "reason": reason, "count": count}
                    for (topic, reason), count in sorted(counts.items())
                ]
            ).decode()
        )
        return
    for (topic, reason), count in sorted(counts.items()):
        typer.echo(f"{topic}  {reason}  {count}")
    if not counts:
        typer.echo("no dead letters")


@dlq_app.command()
def show(topic: str, offset: int) -> None:
    """Show one dead letter: why, where from, and its raw bytes."""
    for name, record in _letters():
        if name == topic and record.offset == offset:
            for header, value in _headers(record).items():
                typer.echo(f"{header}: {value}")
            typer.echo(f"key: {record.key!r}\nvalue: {record.value!r}")
            return
    raise UserError(f"no dead letter at {topic} offset {offset}; lotse dlq ls counts them", NO)


@dlq_app.command("replay")
def replay_letters(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    json: JsonOption = False,
) -> None:
    """Write dead letters of the member log, that decode by now, back to their topic."""
    settings = load_settings().settings
    codec = Codec(settings.control())
    ready, still = [], 0
    for _, record in _letters():
        try:
            codec.decode(record.key, record.value)
        except UndecodableError:
            still += 1
            continue
        ready.append((_headers(record).get("lotse-topic", ""), record))
    if ready and not dry_run:
        producer = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")
        for topic, record in ready:
            producer.send(topic, key=record.key, value=record.value).get(20)
        producer.close()
    done = "would be written back" if dry_run else "written back"
    typer.echo(
        orjson.dumps({"replayed": len(ready), "still_undecodable": still, "dry_run": dry_run}).decode()
        if json
        else f"{len(ready)} {done}, {still} still no events"
    )


def _letters() -> list[tuple[str, Any]]:
    bootstrap = load_settings().settings.bootstrap
    return [(topic, record) for topic in DLQ_TOPICS for record in read_topic(bootstrap, topic)]


def _headers(record: Any) -> dict[str, str]:
    return {name: value.decode(errors="replace") for name, value in record.headers or ()}


def _json(value: bytes | None) -> str:
    try:
        return orjson.dumps(orjson.loads(value or b"null")).decode()
    except orjson.JSONDecodeError:
        return orjson.dumps((value or b"").decode(errors="replace")).decode()


def _when(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")
