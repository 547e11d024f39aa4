"""`lotse verify`, `lotse explain`, `lotse topics tail`, `lotse dlq`: to look at what happened."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import orjson
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from processors.decisions import Decision
from streams.catalog_feed import CatalogFeed
from streams.codec import Codec
from streams.commands.history import JsonOption
from streams.commands.operate import topics_app
from streams.dead_letters import headers_of, letters, replay
from streams.errors import NO, UserError
from streams.log_reader import read_topic
from streams.settings import load_settings
from streams.topics import DECISIONS, TOPICS
from streams.verify import verify as prove

dlq_app = typer.Typer(no_args_is_help=True, help="Dead letters: records that were no events, kept with their reason.")


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
    for topic, record in letters(load_settings().settings.bootstrap):
        kind = (topic, headers_of(record).get("lotse-reason", "unknown"))
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
    for name, record in letters(load_settings().settings.bootstrap):
        if name == topic and record.offset == offset:
            for header, value in headers_of(record).items():
                typer.echo(f"{header}: {value}")
            typer.echo(f"key: {record.key!r}\nvalue: {record.value!r}")
            return
    raise UserError(f"no dead letter at {topic} offset {offset}; lotse dlq ls counts them", NO)


@dlq_app.command("replay")
def replay_letters(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    json: JsonOption = False,
) -> None:
    """Write dead letters of the member log, that decode by now, back to it; each once, however often this is run."""
    settings = load_settings().settings
    judged = replay(settings.bootstrap, Codec(settings.control()), dry_run=dry_run)
    counts = Counter(one.fate for one in judged)
    if json:
        named = {"replayed": counts["ready"], "skipped": counts["skipped"], "other_topic": counts["other_topic"]}
        rest = {"still_undecodable": counts["still_undecodable"], "dry_run": dry_run, "letters": judged}
        typer.echo(msgspec.json.encode(named | rest).decode())
        return
    done = "would be written back" if dry_run else "written back"
    for one in judged:
        typer.echo(f"{one.letter}  {done if one.fate == 'ready' else one.fate.replace('_', ' ')}  ({one.why})")
    typer.echo(
        f"{counts['ready']} {done}, {counts['skipped']} skipped (written back before), "
        f"{counts['still_undecodable']} still no events, {counts['other_topic']} of other topics"
    )


def _json(value: bytes | None) -> str:
    try:
        return orjson.dumps(orjson.loads(value or b"null")).decode()
    except orjson.JSONDecodeError:
        return orjson.dumps((value or b"").decode(errors="replace")).decode()


def _when(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")
