"""From members and events a second to partitions, workers, memory, recovery and money; every assumption is in the answer."""

from math import ceil

import msgspec

from streams.settings import Settings

DAY = 86400.0
PARTITIONS_MAX = 4096  # of the member log: a broker of KRaft holds more, but rebalances and recovery suffer
HOUR_PER_MONTH = 730.0


class UnitCosts(msgspec.Struct, frozen=True):
    """What one machine was measured to do (`make bench` writes these keys to build/bench.json).

    The figures given here are those of a two-core virtual machine with a broker on it, rounded to the careful side; yours will differ:
    measure.
    """

    pipeline_per_cpu_s: float = 15_000.0
    recovery_states_per_s: float = 200_000.0
    bytes_per_member: float = 500.0


class Assumptions(msgspec.Struct, frozen=True):
    """What is not measured but taken for granted; each can be given.

    `busy`: the share of a core that is used on an ordinary day, so that bursts and a lost worker are borne. `commands_per_event` and
    `decisions_per_event` are those of a year of a chat community. Sizes in bytes on disk, compressed. Money in a currency of your choice.
    """

    busy: float = 0.5
    peak: float = 3.0
    bytes_per_event: float = 180.0
    bytes_per_decision: float = 150.0
    decisions_per_event: float = 0.3
    commands_per_event: float = 0.02
    retention_days: float = 28.0
    replication: int = 3
    broker_events_per_s: float = 100_000.0
    members_overhead: float = 2.0
    deliveries_per_s: float = 300.0
    core_hour: float = 0.04
    gib_hour: float = 0.005
    disk_gib_month: float = 0.08


MEANINGS = {
    "pipeline_per_cpu_s": "measured: events that one core of workers takes a second, all stages",
    "recovery_states_per_s": "measured: members' states that one worker restores a second",
    "bytes_per_member": "measured: memory of a member's state, bytes",
    "busy": "share of a core that is used on an ordinary day",
    "peak": "times the mean that the busiest minutes bring",
    "bytes_per_event": "bytes of an event on disk, compressed",
    "bytes_per_decision": "bytes of a decision on disk, compressed",
    "decisions_per_event": "decisions that an event leads to (a year of a chat community)",
    "commands_per_event": "messages that an event leads to (the same)",
    "retention_days": "days that the log is kept",
    "replication": "copies of each topic",
    "broker_events_per_s": "events that one broker takes a second",
    "members_overhead": "times the memory of states, for what surrounds them",
    "deliveries_per_s": "messages that one delivery process brings a second",
    "core_hour": "price of a core for an hour",
    "gib_hour": "price of a GiB of memory for an hour",
    "disk_gib_month": "price of a GiB of disk for a month",
}
CONSOLE_KEEPS = Settings().console_decisions_max


class Plan(msgspec.Struct, frozen=True):
    """The answer. Memory in GiB, times in seconds, money a month; `limits` tells where the design ends."""

    members: int
    events_per_s: float
    partitions: int
    worker_cores: int
    workers: int
    memory_gib_per_worker: float
    recovery_s: float
    catch_up_s: float
    brokers: int
    log_gib: float
    delivery_processes: int
    cost_per_month: float
    limits: list[str]
    costs: UnitCosts
    assumptions: Assumptions


def plan(members: int, events_per_s: float, costs: UnitCosts, assumed: Assumptions) -> Plan:
    """Return the plan of a deployment.

    Cores carry the peak at most fully and the mean at `busy`; a worker is one core (the fold is one thread). Recovery is that of one
    lost worker whose partitions the others restore; catching up is what was written meanwhile, by the spare capacity that is left.

    Raises ValueError for numbers that are not above 0.
    """
    if members <= 0 or events_per_s <= 0:
        raise ValueError("members and events a second are numbers above 0")
    cores = max(2, ceil(events_per_s * max(1 / assumed.busy, assumed.peak) / costs.pipeline_per_cpu_s))
    partitions = _partitions(cores)
    memory = members * costs.bytes_per_member * assumed.members_overhead / cores / 2**30 + 0.35
    recovery = members / cores / costs.recovery_states_per_s
    left = (cores - 1) * costs.pipeline_per_cpu_s - events_per_s
    catch_up = events_per_s / cores * (recovery + 10.0) / max(left, 1.0) * cores
    per_second = assumed.bytes_per_event + assumed.decisions_per_event * assumed.bytes_per_decision
    log_gib = events_per_s * per_second * DAY * assumed.retention_days * assumed.replication / 2**30
    brokers = max(assumed.replication, ceil(events_per_s * assumed.peak / assumed.broker_events_per_s))
    deliveries = max(2, ceil(events_per_s * assumed.commands_per_event / assumed.deliveries_per_s))
    total_cores = cores + deliveries + 4 * brokers
    total_gib = cores * memory + deliveries * 0.2 + 16 * brokers
    cost = (
        HOUR_PER_MONTH * (total_cores * assumed.core_hour + total_gib * assumed.gib_hour)
        + log_gib * assumed.disk_gib_month
    )
    return Plan(
        members, events_per_s, partitions, cores, cores, round(memory, 2), round(recovery, 1), round(catch_up, 1), brokers,
        round(log_gib, 1), deliveries, round(cost, 0), [*_limits(cores, partitions, memory, log_gib), *_shared(events_per_s, costs, assumed)], costs, assumed,
    )  # fmt: skip


def _partitions(cores: int) -> int:
    """Return a power of two, four for each worker: the number is never altered, so it is made for four times as many."""
    partitions = 8
    while partitions < 4 * cores:
        partitions *= 2
    return partitions


def _limits(cores: int, partitions: int, memory: float, log_gib: float) -> list[str]:
    found = []
    if partitions > PARTITIONS_MAX:
        found.append(
            f"{partitions} partitions are more than one member log should have ({PARTITIONS_MAX}): give groups of communities a "
            "deployment of their own; a community never needs another's log"
        )
    if memory > 16:
        found.append("states outgrow memory: LOTSE_STORE=rocksdb keeps them on disk, with a part of the speed")
    if log_gib > 100_000:
        found.append("the log is beyond 100 TiB: fewer days of retention, or tiered storage of the broker")
    if cores > 500:
        found.append("one consumer group of more than 500 workers rebalances slowly: deployments by region")
    return found


def _shared(events_per_s: float, costs: UnitCosts, assumed: Assumptions) -> list[str]:
    """Return the limits of what is not shared out among workers: a community's threads, and the console's one file."""
    found = []
    one_core = costs.pipeline_per_cpu_s * assumed.busy
    if events_per_s > one_core:
        found.append(
            f"what a community has in common (threads, questions) is folded by one core: no single community may bring more than about {one_core:,.0f} events a second"
        )
    hours = CONSOLE_KEEPS / (events_per_s * assumed.decisions_per_event) / 3600
    if hours < 24:
        found.append(
            f"the console keeps the newest {CONSOLE_KEEPS:,} decisions (LOTSE_CONSOLE_DECISIONS_MAX), the last {_span(hours)} here: lotse explain and lotse report read the whole log"
        )
    return found


def _span(hours: float) -> str:
    return (
        f"{hours:.0f} hours"
        if hours >= 2
        else f"{60 * hours:.0f} minutes"
        if hours * 60 >= 2
        else f"{3600 * hours:.0f} seconds"
    )
