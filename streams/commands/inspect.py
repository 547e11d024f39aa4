"""`lotse verify`, `lotse explain`, `lotse topics tail`, `lotse dlq`: to look at what happened."""

from collections import Counter, deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import orjson
import typer
from rich.console import Console
from rich.table import Table

from processors.decisions import Decision, Verdict, read_decision
from streams.agents.records import partition_of
from streams.catalog.feed import CatalogFeed
from streams.codec import Codec
from streams.commands.operate import topics_app
from streams.commands.options import JsonOption
from streams.dead_letters import headers_of, letters, replay
from streams.errors import NO, UserError
from streams.explanation.story import because, headline, story, told
from streams.printing import line_of, member_key, printable
from streams.proof.counterfactual import TRIED, Compared, what_if
from streams.proof.snapshot import Snapshot
from streams.proof.verify import Verified
from streams.proof.verify import verify as prove
from streams.servers.log_reader import partition_count, probe, read_last, read_partition, read_topic
from streams.settings import load_settings
from streams.telemetry.progress import progress
from streams.telemetry.tables import bars
from streams.topics import ACTIVITY, DECISIONS, SAFETY, TOPICS

dlq_app = typer.Typer(no_args_is_help=True, help="Dead letters: records that were no events, kept with their reason.")
KINDS = {Verdict.SEND: "sent", Verdict.HOLD: "held", Verdict.DROP: "not sent"}
DLQ_TOPICS = [spec.name for spec in TOPICS if spec.name.endswith(".dlq")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(verify)
    app.command()(explain)
    app.add_typer(dlq_app, name="dlq")


def verify(
    start: Annotated[
        Path | None, typer.Option("--from", help="A snapshot to begin at, where retention has cut the log's beginning.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Fold the recorded log again and prove that decisions.v1 is exactly what it implies. Exit 1 if it is not."""
    settings = load_settings().settings
    codec = Codec(settings.control())
    snapshot = Snapshot(start) if start is not None else None
    probe(settings.bootstrap)
    if snapshot is not None:
        snapshot.check(settings, codec, partition_count(settings.bootstrap, ACTIVITY))
    feed = CatalogFeed(settings.bootstrap).load()
    with progress("folding", quiet=json) as report:
        result = prove(settings.bootstrap, settings.app, codec, feed, report, snapshot)
    if json:
        typer.echo(orjson.dumps({**msgspec.to_builtins(result), "proved": result.proved}).decode())
    else:
        _show_proof(result)
    raise typer.Exit(0 if result.proved else NO)


def _show_proof(result: Verified) -> None:
    table = Table("partition", "offsets", "written from (UTC)", "until (UTC)", title="Span of the member log")
    for number, (first, after) in result.span.items():
        offsets = f"{first} to {after - 1}" if after > first else "none"
        table.add_row(number, offsets, *(time[:19].replace("T", " ") for time in result.times[number]))
    console = Console()
    console.print(table)
    for name in ("events", "decisions", "missing", "unexpected", "different", "duplicates"):
        console.print(f"{name:>10}  {getattr(result, name)}", highlight=False)
    for number, code in result.stopped.items():
        typer.echo(f"partition {number} stops where version {code} of the core takes over from {result.code}")
    if result.empty:
        typer.echo("NOT proved: the span is empty, nothing could be held against anything")
    elif result.proved:
        typer.echo("proved: decisions.v1 is exactly what this span of the log implies")
    else:
        typer.echo("NOT proved: decisions.v1 is not what this span of the log implies")


def explain(
    member: Annotated[str, typer.Argument(help="<community>/<member>")],
    most: Annotated[int, typer.Option("--max", min=1, help="How many of the last decisions to tell.")] = 50,
    number: Annotated[
        str,
        typer.Option(
            "--if",
            metavar="NUMBER=VALUE",
            help=f"Decide again with another number of the policy (times in days): {', '.join(TRIED)}.",
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Tell a member's story: what was decided about them and why, and what would have had to differ."""
    key = member_key(member)
    settings = load_settings().settings
    decisions, unread = _decisions(settings.bootstrap, key)
    found = story(decisions)
    if unread:
        typer.echo(f"lotse: decisions about {member} of another version, which cannot be read: {unread}", err=True)
    if not found:
        raise UserError(f"nothing was decided about {member} in what {DECISIONS} still holds", NO)
    if number:
        field, value = _changed(number)
        _tell_changes(number, what_if(settings, member, found, field, value, patient=True), json=json)
    elif json:
        typer.echo(orjson.dumps([told(one) for one in found], default=str).decode())
    else:
        tell(member, found, most, Console())


def _changed(number: str) -> tuple[str, float]:
    field, _, value = number.partition("=")
    try:
        return field.strip(), float(value)
    except ValueError:
        raise UserError(f"--if: expected NUMBER=VALUE such as budget_week=4, found {number!r}") from None


def _tell_changes(number: str, compared: Compared, *, json: bool) -> None:
    """Print which occasions would have ended otherwise, and how far that can be known."""
    changes = compared.changes()
    sure = {"same": len(compared.same), "recorded": compared.recorded, "whole": compared.whole}
    if json:
        pairs = [[told(one) if one else None for one in pair] for pair in changes]
        typer.echo(orjson.dumps({**sure, "changes": pairs}, default=str).decode())
        return
    console = Console()
    console.print(
        f"{number}: {len(changes)} occasions would have ended otherwise. Times are UTC.", markup=False, highlight=False
    )
    for before, after in changes:
        for word, one in (("was", before), ("would be", after)):
            line = f"{_when(one.time)}  {headline(one)} {because(one)}" if one else "nothing"
            console.print(f"{word:>9}  {line}", markup=False, highlight=False, soft_wrap=True)
    told_again = f"{sure['same']} of {sure['recorded']} recorded decisions come out the same without the change"
    gone = "" if compared.whole else "; the beginning of the log is gone"
    console.print(f"({told_again}{gone}; what the member did is taken as it was)", markup=False, highlight=False)


def _decisions(bootstrap: str, key: bytes) -> tuple[list[Decision], int]:
    """Return the decisions about a member, and how many cannot be read."""
    number = partition_of(key, partition_count(bootstrap, DECISIONS))
    found, unread = list[Decision](), 0
    for record in read_partition(bootstrap, DECISIONS, number):
        if record.key != key:
            continue
        try:
            found.append(read_decision(record.key, record.value))
        except (msgspec.DecodeError, UnicodeDecodeError):
            unread += 1
    return found, unread


def tell(member: str, decisions: list[Decision], most: int, console: Console) -> None:
    """Print a story: in a line, as bars, and decision by decision."""
    kinds = [(one.time, KINDS[one.verdict]) for one in decisions]
    counts = Counter(kind for _, kind in kinds)
    said = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS.values() if counts[kind])
    console.print(f"{member}: {said}. Times are UTC.", markup=False, highlight=False)
    console.print(bars(kinds))
    if len(decisions) > most:
        console.print(f"({len(decisions) - most} earlier decisions are left out; --max shows more)", highlight=False)
    for one in decisions[-most:]:
        console.print(f"\n{_when(one.time)}  {headline(one)}", markup=False, highlight=False, soft_wrap=True)
        console.print(f"    {because(one)}", markup=False, highlight=False, soft_wrap=True)


@topics_app.command()
def tail(
    topic: Annotated[str, typer.Argument(help="A topic of the plan.")],
    member: Annotated[str, typer.Option(help="Only records of this key: <community>/<member>.")] = "",
    most: Annotated[int, typer.Option("--max", min=1, max=10_000, help="How many records at most.")] = 10,
    text: Annotated[bool, typer.Option("--text", help="Show what members wrote, too.")] = False,
) -> None:
    """Print the last records of a topic in order of time, one JSON object a line; what members wrote is left out."""
    shown = [spec.name for spec in TOPICS if spec.name != SAFETY]  # who was in need is for the safety reviewers alone
    if topic not in shown:
        raise UserError(f"{topic}: no topic that is shown; expected one of {', '.join(shown)}")
    bootstrap = load_settings().settings.bootstrap
    if member:
        key = member_key(member)
        records = deque((one for one in read_topic(bootstrap, topic) if one.key == key), maxlen=most)
    else:
        records = deque(read_last(bootstrap, topic, most))
    for record in sorted(records, key=lambda one: (one.timestamp, one.partition, one.offset))[-most:]:
        typer.echo(line_of(record, text=text))


@dlq_app.command()
def ls(json: JsonOption = False) -> None:
    """Count dead letters by topic and reason, with the offset of the newest."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for topic, record in letters(load_settings().settings.bootstrap):
        kind = (topic, headers_of(record).get("lotse-reason", "unknown"))
        counts[kind] = (counts.get(kind, (0, 0))[0] + 1, record.offset)
    if json:
        rows = [
            {"topic": topic, "reason": reason, "count": count, "newest": newest}
            for (topic, reason), (count, newest) in sorted(counts.items())
        ]
        typer.echo(orjson.dumps(rows).decode())
        return
    for (topic, reason), (count, newest) in sorted(counts.items()):
        typer.echo(f"{topic}  {printable(reason)}  {count}, the newest at offset {newest}")
    if not counts:
        typer.echo("no dead letters")


@dlq_app.command()
def show(
    topic: Annotated[str, typer.Argument(help="A dead-letter topic, as lotse dlq ls names it.")],
    offset: Annotated[int, typer.Argument(min=0, help="Where it stands there, as lotse dlq ls shows it.")],
) -> None:
    """Show one dead letter: why, where from, and its raw bytes (which may hold what a member wrote)."""
    if topic not in DLQ_TOPICS:
        raise UserError(f"{topic}: no dead-letter topic; expected one of {', '.join(DLQ_TOPICS)}")
    found = read_partition(load_settings().settings.bootstrap, topic, 0, offset + 1, offset)
    record = next((one for one in found if one.offset == offset), None)
    if record is None:
        raise UserError(f"no dead letter at {topic} offset {offset}; lotse dlq ls says which there are", NO)
    for header, value in headers_of(record).items():
        typer.echo(f"{header}: {printable(value)}")
    typer.echo(f"key: {record.key!r}\nvalue: {record.value!r}")


@dlq_app.command("replay")
def replay_letters(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Also what may have been delivered; it may then come twice.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Write dead letters back that decode by now (member log) or may still go (deliveries); each once, however often this is run."""
    settings = load_settings().settings
    judged = replay(settings.bootstrap, Codec(settings.control()), dry_run=dry_run, unknown=unknown)
    counts = Counter(one.fate for one in judged)
    if json:
        named = {"replayed": counts["ready"], "skipped": counts["skipped"], "other_topic": counts["other_topic"]}
        rest = {"still_undecodable": counts["still_undecodable"], "dry_run": dry_run, "letters": judged}
        rest |= {"expired": counts["expired"], "unknown": counts["unknown"]}
        typer.echo(msgspec.json.encode(named | rest).decode())
        return
    done = "would be written back" if dry_run else "written back"
    for one in judged:
        typer.echo(f"{one.letter}  {done if one.fate == 'ready' else one.fate.replace('_', ' ')}  ({one.why})")
    typer.echo(
        f"{counts['ready']} {done}, {counts['skipped']} skipped (written back before), "
        f"{counts['still_undecodable']} still no events, {counts['expired']} expired, "
        f"{counts['unknown']} that may have been delivered, {counts['other_topic']} of other topics"
    )


def _json(value: bytes | None) -> str:
    try:
        return orjson.dumps(orjson.loads(value or b"null")).decode()
    except orjson.JSONDecodeError:
        return orjson.dumps((value or b"").decode(errors="replace")).decode()


def _when(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")
