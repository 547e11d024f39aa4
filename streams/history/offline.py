"""A history folded through both stages without a broker; the same file gives the same decisions and commands."""

from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

import msgspec

from processors.commands import Command
from processors.decisions import Decision
from processors.events import Event
from processors.loop import Loop
from processors.measures import Measures
from processors.playbooks.catalog import Catalog
from streams.history.rehearsal import end_of


def replay_offline(
    events: Iterable[Event],
    catalog: Catalog,
    on_decision: Callable[[Decision], None] = lambda _decision: None,
    commands_out: Path | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> dict[str, object]:
    """Fold events (in time order) and return the summary of `Measures`; commands go to `commands_out`, a line each."""
    measures = Measures()
    commands: list[Command] = []

    def decided(decision: Decision) -> None:
        measures.decision(decision)
        on_decision(decision)

    loop = Loop(catalog, decided, commands.append)
    began, last = perf_counter(), 0.0
    for event in events:
        measures.event(event)
        loop.feed(event)
        on_event(event)
        last = event.time
    if last:
        loop.advance(end_of(last))
    if commands_out is not None:
        write_commands(commands_out, commands)
    return measures.summary(perf_counter() - began, loop.refused)


def write_commands(path: Path, commands: list[Command]) -> None:
    """Write commands as JSON lines."""
    encoder = msgspec.json.Encoder(order="deterministic")
    path.write_bytes(b"".join(encoder.encode(command) + b"\n" for command in commands))
