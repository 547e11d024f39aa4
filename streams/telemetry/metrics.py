"""Every metric of Lotse: one list, base units, no member ids; counts are added up per chunk."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from processors.decisions import Verdict
from processors.outputs import Outputs

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which promtool refuses and nobody reads
REGISTRY = CollectorRegistry()
LATENCY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)

RECORDS = Counter("lotse_records_folded", "Records folded, ticks included.", ["stage"], registry=REGISTRY)
FOLDING = Counter("lotse_folding_seconds", "Seconds spent folding.", ["stage"], registry=REGISTRY)
BEHIND = Gauge(
    "lotse_behind_seconds",
    "Age of the last folded record: now less its broker timestamp.",
    ["stage", "partition"],
    registry=REGISTRY,
)
LAG = Gauge(
    "lotse_lag_records", "Records not folded yet, per source partition.", ["topic", "partition"], registry=REGISTRY
)
DETECTIONS = Counter("lotse_detections", "Signals by kind.", ["stage", "kind"], registry=REGISTRY)
DECISIONS = Counter("lotse_decisions", "Decisions by verdict and reason.", ["verdict", "reason"], registry=REGISTRY)
SENDS = Counter("lotse_sends", "Commands by playbook and channel.", ["playbook", "channel"], registry=REGISTRY)
REPEATS = Counter("lotse_repeated_records", "Records whose id was seen before.", ["stage"], registry=REGISTRY)
UNKNOWN = Counter("lotse_unknown_types", "Events of a type outside the vocabulary, passed over.", registry=REGISTRY)
DEAD = Counter(
    "lotse_dead_letters", "Records sent to a dead-letter topic, by reason.", ["topic", "reason"], registry=REGISTRY
)
DELIVERED = Counter(
    "lotse_outputs_acknowledged", "Output records acknowledged by the broker.", ["topic"], registry=REGISTRY
)
CUT = Histogram(
    "lotse_cut_seconds",
    "From the beginning of a cut to its offset commit.",
    ["stage"],
    buckets=LATENCY,
    registry=REGISTRY,
)
CUT_STATES = Counter("lotse_cut_states", "States written by cuts.", ["stage"], registry=REGISTRY)
RECOVERY = Histogram(
    "lotse_recovery_seconds", "Time to open a partition.", ["stage"], buckets=LATENCY, registry=REGISTRY
)
RECOVERED = Counter(
    "lotse_recovered_records", "Changelog records read to open partitions.", ["stage"], registry=REGISTRY
)
REBALANCES = Counter("lotse_rebalances", "Rebalances seen by this worker.", registry=REGISTRY)
OUTCOMES = Counter(
    "lotse_deliveries", "Delivery attempts by channel and result.", ["channel", "result"], registry=REGISTRY
)


class Meter:
    """The engine's observer and the stages' tally, as metrics."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def concluded(self, stage: str, out: Outputs) -> None:
        """Count conclusions."""
        for decision in out.decisions:
            DECISIONS.labels(decision.verdict, decision.reason).inc()
            if decision.verdict is Verdict.SEND:
                SENDS.labels(decision.playbook, decision.channel).inc()
        for kind, times in out.detections.items():
            DETECTIONS.labels(stage, kind).inc(times)
        REPEATS.labels(stage).inc(out.repeats)
        UNKNOWN.inc(out.unknown_types)

    def dead(self, topic: str, reason: str) -> None:
        """Count a dead letter."""
        DEAD.labels(topic, reason).inc()

    def chunk_folded(self, stage: str, partition: int, records: int, seconds: float, last_timestamp_ms: int) -> None:
        """Count a chunk."""
        RECORDS.labels(stage).inc(records)
        FOLDING.labels(stage).inc(seconds)
        BEHIND.labels(stage, str(partition)).set(max(0.0, self._clock() - last_timestamp_ms / 1000))

    def cut_closed(self, stage: str, partition: int, states: int, size: int, seconds: float) -> None:  # noqa: ARG002
        """Count a cut."""
        CUT.labels(stage).observe(seconds)
        CUT_STATES.labels(stage).inc(states)

    def recovered(self, stage: str, partition: int, states: int, seconds: float) -> None:  # noqa: ARG002
        """Count an opened partition."""
        RECOVERY.labels(stage).observe(seconds)
        RECOVERED.labels(stage).inc(states)

    def delivered(self, topic: str, count: int, size: int, seconds: float) -> None:  # noqa: ARG002
        """Count acknowledged outputs."""
        DELIVERED.labels(topic).inc(count)

    def rebalanced(self, assigned: int) -> None:  # noqa: ARG002
        """Count a rebalance."""
        REBALANCES.inc()
