"""What the engine knows about itself, for the shell's startup, ready and live answers."""

import msgspec


class PartitionHealth(msgspec.Struct, frozen=True):
    """One owned source partition. Offsets are the next ones; `lag` in records, None where not known yet."""

    topic: str
    partition: int
    next: int
    committed: int
    lag: int | None
    waits_for_stage: bool


class LaneHealth(msgspec.Struct, frozen=True):
    """How far this worker has written a topic partition: `end` is the offset after its last acknowledged record."""

    topic: str
    partition: int
    end: int


class Health(msgspec.Struct, frozen=True):
    """Answers to the three probes and the facts behind them."""

    started: bool  # recovered once since the process began
    ready: bool  # assigned, recovered and folding
    live: bool  # the watchdog is content
    partitions: list[PartitionHealth]
    pending_bytes: int  # outputs and states not yet acknowledged
    written: list[LaneHealth] = []
