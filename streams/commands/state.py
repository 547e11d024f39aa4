"""`lotse state`: what is known about one member, and snapshots of all that is known."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import orjson
import typer

from processors.decisions import SAFETY
from processors.member.state import NEVER, MemberState, Sent, decode_state
from processors.member_partition import Shared
from processors.playbooks.catalog import EMPTY, Catalog
from processors.version import VERSION
from streams.agents.member import MemberStage
from streams.agents.records import partition_of
from streams.catalog.feed import CatalogFeed
from streams.codec import Codec
from streams.commands.options import JsonOption
from streams.errors import NO, UserError
from streams.printing import member_key
from streams.proof.snapshot import STAGES, restore, take
from streams.servers.log_reader import partition_count
from streams.settings import load_settings
from streams.telemetry.progress import progress
from streams.topics import ACTIVITY

# What says that a member was in need is for the safety reviewers alone.
NOT_SHOWN = ("distress", "inhibited", "safety", "crisis")

state_app = typer.Typer(no_args_is_help=True, help="What the log says about members: one member, or a snapshot of all.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(state_app, name="state")


@state_app.command()
def show(member: Annotated[str, typer.Argument(help="<community>/<member>")]) -> None:
    """Print a member's state as JSON, as of the last checkpoint: times in epoch seconds, gaps in hours.

    Ids seen are left out, and so is what the safety lane knows.
    """
    settings, key = load_settings().settings, member_key(member)
    number = partition_of(key, partition_count(settings.bootstrap, ACTIVITY))
    part, states = restore(settings.bootstrap, settings.app, MemberStage.name, number)
    if key not in states:
        raise UserError(f"nothing is known about {member} (partition {number}, up to offset {part.next})", NO)
    shared = msgspec.msgpack.decode(part.shared, type=Shared) if part.shared else Shared()
    ruling = CatalogFeed(settings.bootstrap).load().get(shared.catalog) or EMPTY
    shown = visible(decode_state(states[key]), ruling)
    typer.echo(
        orjson.dumps({"partition": number, "offset": part.next, "log_time": shared.time, "state": shown}).decode()
    )


@state_app.command()
def snapshot(
    out: Annotated[Path, typer.Argument(help="The file to write; it holds personal data.")], json: JsonOption = False
) -> None:
    """Write the closed states of both stages with their offsets, for lotse verify --from."""
    settings = load_settings().settings
    with progress("reading changelogs", quiet=json) as report:
        parts = take(settings, Codec(settings.control()), out, report)
    counts = {stage: sum(part.states for part in parts if part.stage == stage) for stage in STAGES}
    size = out.stat().st_size
    if json:
        offsets = {str(part.partition): part.next for part in parts if part.stage == MemberStage.name}
        typer.echo(
            orjson.dumps({"file": str(out), "bytes": size, "code": VERSION, "states": counts, "next": offsets}).decode()
        )
    else:
        typer.echo(
            f"{out}: {' and '.join(f'{count} states of {stage}' for stage, count in counts.items())}, {size} bytes"
        )


def visible(state: MemberState, catalog: Catalog) -> dict[str, Any]:
    """Return the fields of a state for a person's eyes; nothing of the safety lane, no marks, nothing that never comes."""
    safety = {name for name, playbook in catalog.playbooks.items() if playbook.spec.lane == SAFETY}
    fields = {name: getattr(state, name) for name in state.__struct_fields__}
    fields["sends"] = [_named(one) for one in state.sends if one.lane != SAFETY]
    fields["pending"] = [
        {"playbook": one.playbook, "due": one.due, "attempt": one.attempt}
        for one in state.pending
        if one.playbook not in safety and one.playbook in catalog.playbooks
    ]
    shown = {
        name: value
        for name, value in fields.items()
        if not isinstance(value, bytes) and value != NEVER and not any(word in name for word in NOT_SHOWN)
    }
    plain: dict[str, Any] = msgspec.to_builtins(shown)
    return plain


def _named(sent: Sent) -> dict[str, Any]:
    return {name: getattr(sent, name) for name in sent.__struct_fields__}
