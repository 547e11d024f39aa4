"""`lotse playbooks promote` and `rollback`, `lotse catalog history`: how far a playbook may go, and back."""

from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import orjson
import typer
from rich.console import Console
from rich.table import Table

from processors.playbooks.resources import Bundle
from resource_catalog.approval import EYES, digest_of
from resource_catalog.loader import Loaded
from resource_catalog.maturity_file import with_maturity
from resource_catalog.playbook_file import MATURITIES, PlaybookFile
from streams.backtest.promotion import Counted, Tried, counted, tried
from streams.catalog.publication import (
    Said,
    all_approvers,
    into_the_file,
    own,
    put_in_force,
    rises,
    wants_two,
)
from streams.catalog.publication import (
    approve as approve_in,
)
from streams.catalog.versions import (
    changed,
    earlier,
    publish_by,
    specs_of,
    stop_what_was_given,
    versions,
    with_playbook_of,
)
from streams.commands.backtest import read_events
from streams.commands.content import ChosenCatalog, catalog_app, chosen, playbooks_app
from streams.commands.history import loaded as load_or_tell
from streams.commands.options import JsonOption
from streams.errors import NO, UNREACHABLE, UserError
from streams.settings import load_settings

AuthorOption = Annotated[str, typer.Option("--author", help="Who decides it; it stands in the published catalog.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a few words, for whoever asks later.")]
PlaybookArgument = Annotated[str, typer.Argument(help="Id of the playbook.")]


class Row(NamedTuple):
    """One publication; `time` in epoch seconds, `changed` the playbooks that became others."""

    version: str
    time: float
    author: str
    reason: str
    changed: list[str]


def register(_app: typer.Typer) -> None:
    """Nothing more: the commands stand under `lotse playbooks` and `lotse catalog`, which are there by now."""


@playbooks_app.command()
def promote(
    playbook: PlaybookArgument,
    to: Annotated[str, typer.Option("--to", help="off, shadow, suggest, canary or live.")],
    author: AuthorOption,
    reason: ReasonOption,
    history: Annotated[list[Path] | None, typer.Option("--history", help="Try it on these histories first.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Of what runs now: the last so many days.")] = 28,
    share: Annotated[
        float, typer.Option("--share", min=0.001, max=0.999, help="For canary: the share of members.")
    ] = 0.1,
    approved_by: Annotated[
        list[str] | None,
        typer.Option("--approved-by", help="Who approved it beside the author; help in distress wants two."),
    ] = None,
    community: Annotated[str, typer.Option(help="Name of the community of chat lines.")] = "history",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    publish: Annotated[bool, typer.Option("--publish/--no-publish", help="Publish it, too.")] = True,
    catalog: ChosenCatalog = None,
    json: JsonOption = False,
) -> None:
    """Let a playbook go further, or less far: shows what is known of it, asks, writes it into your catalog, publishes."""
    directory = own(chosen(catalog))
    _one_of("--to", to, MATURITIES)
    loaded = load_or_tell(directory)
    file = _file(loaded, playbook)
    approvers = all_approvers(file, to, author, approved_by or [])
    up = rises(file.playbook.maturity, to)
    trial = (
        tried(loaded.bundle, read_events(history, community, from_topic=False, days=days), _ids(file))
        if history
        else None
    )
    running = _running(file, days) if publish else None
    if up and to in ("canary", "live") and trial is None and running is None:
        raise UserError(
            f"{playbook}: nothing is known of what it would do; try it with --history FILE, or let it count in shadow first"
        )
    if not json:
        _show(file, to, trial, running)
    if up and not yes and not _agreed(f"{file.id}: from {file.playbook.maturity} to {to}?"):
        raise typer.Exit(NO)
    version = put_in_force(
        load_settings().settings, directory, file.id, with_maturity(directory, file, to, share, approvers),
        Said(author, f"{file.id} to {to}: {reason}"), approvers if wants_two(file, to) else (), publish=publish, stops=not up,
    )  # fmt: skip
    if json:
        told = {
            "playbook": file.id,
            "from": file.playbook.maturity,
            "to": to,
            "version": version,
            "tried": trial,
            "counted": running,
        }
        typer.echo(msgspec.json.encode(told).decode())
    else:
        typer.echo(
            f"{file.id} is {to}"
            + (f", published as {version[:12]}" if version else "; not published yet: lotse catalog publish")
        )


@playbooks_app.command()
def approve(
    playbook: PlaybookArgument,
    by: Annotated[str, typer.Option("--by", help="Your name.")],
    catalog: ChosenCatalog = None,
    json: JsonOption = False,
) -> None:
    """Approve a playbook for people in distress as it stands in your catalog: two must, or it is not published."""
    directory = own(chosen(catalog))
    file = _file(load_or_tell(directory), playbook)
    names = approve_in(directory, file, by)
    told = {"playbook": file.id, "approved_by": names, "approved": digest_of(file.playbooks)}
    enough = len(names) >= EYES
    typer.echo(
        orjson.dumps(told).decode()
        if json
        else f"{file.id} ({file.playbook.maturity}) is approved by {', '.join(names)}"
        + ("" if enough else "; one more must")
    )


@playbooks_app.command()
def rollback(
    playbook: PlaybookArgument,
    author: AuthorOption,
    reason: ReasonOption,
    to: Annotated[str, typer.Option("--to", help="A version of lotse catalog history; else the last other one.")] = "",
    catalog: ChosenCatalog = None,
    json: JsonOption = False,
) -> None:
    """Take a playbook back to what was published before; what it gave meanwhile is not delivered any more, within seconds."""
    settings = load_settings().settings
    found = versions(settings.bootstrap)
    then = earlier(found, playbook, to)
    bundle = with_playbook_of(found[-1].bundle, then.bundle, playbook)
    stop_what_was_given(settings, playbook, author, reason)
    version = publish_by(settings, bundle, author, f"rollback of {playbook} to {then.name}: {reason}")
    (spec, *_) = specs_of(then.bundle, playbook)
    note = into_the_file(chosen(catalog), playbook, spec.maturity, spec.canary)
    if json:
        typer.echo(
            orjson.dumps(
                {"playbook": playbook, "to": then.hash, "version": version, "maturity": spec.maturity}
            ).decode()
        )
        return
    typer.echo(
        f"{playbook} is as in {then.name} ({spec.maturity}), published as {version[:12]}; deliveries obey within seconds"
    )
    typer.echo(note)


@catalog_app.command()
def history(json: JsonOption = False) -> None:
    """List what was published: version, time, author, reason, and the playbooks that became others."""
    rows: list[Row] = []
    before = Bundle()
    for one in versions(load_settings().settings.bootstrap):
        differing = changed(before, one.bundle) if rows else []
        rows.append(Row(one.hash, one.time, one.bundle.author, one.bundle.note, differing))
        before = one.bundle
    if json:
        typer.echo(orjson.dumps([row._asdict() for row in rows]).decode())
        return
    table = Table("version", "published", "author", "reason", "playbooks changed")
    for row in rows:
        when = datetime.fromtimestamp(row.time).astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(row.version[:12], when, row.author, row.reason, ", ".join(row.changed))
    Console().print(table)


def _agreed(question: str) -> bool:
    """Ask on standard error; `typer.confirm` would make one thing of Ctrl-C and a no. Raises `UserError` where nobody can answer."""
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    try:
        return input().strip().casefold() in ("y", "yes")
    except EOFError:
        raise UserError("nobody answered; --yes goes on without asking") from None


def _running(file: PlaybookFile, days: int) -> Counted | None:
    """Return what runs now says; None where no broker is there."""
    try:
        return counted(load_settings().settings, _ids(file), days)
    except UserError as error:
        if error.code != UNREACHABLE:
            raise
        raise UserError(
            f"{error}\nwithout a broker: --no-publish writes it into your catalog alone", UNREACHABLE
        ) from None


def _show(file: PlaybookFile, to: str, trial: Tried | None, running: Counted | None) -> None:
    table = Table("", "tried on history", "counted where it runs", title=f"{file.id}: {file.playbook.maturity} -> {to}")
    rows: list[tuple[str, object, object]] = [
        ("days", trial and trial.days, running and running.days),
        ("wanted", trial and trial.wanted, running and running.shadow),
        ("sends", trial and trial.sends, running and running.sends),
        ("members reached", trial and f"{trial.members} ({trial.reach:.1%})", running and running.members),
        (
            "over-trigger rate (per 1,000 sends)",
            trial and trial.over_trigger_rate,
            running and running.over_trigger_rate,
        ),
        ("collisions with other playbooks", trial and trial.collisions, None),
        ("most to one member in a week", trial and trial.sends_per_member_week_max, None),
        ("held back by", trial and _told(trial.caps), running and _told(running.at_fault)),
        ("takes the place of", trial and _told(trial.displaced), None),
    ]
    for name, one, other in rows:
        table.add_row(name, *("-" if value is None else str(value) for value in (one, other)))
    Console().print(table)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"


def _file(loaded: Loaded, name: str) -> PlaybookFile:
    known = {one.id: one for one in loaded.playbooks}
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise UserError(f"the catalog has no playbook {name}" + (f"; did you mean {near[0]}?" if near else ""))
    return known[name]


def _ids(file: PlaybookFile) -> frozenset[str]:
    return frozenset(one.id for one in file.playbooks)


def _one_of(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        near = get_close_matches(value, choices, 1)
        raise UserError(
            f"{option}: expected one of {', '.join(choices)}, found {value}"
            + (f"; did you mean {near[0]}?" if near else "")
        )
