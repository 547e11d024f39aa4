"""Every metric of Lotse: one list, base units, no member ids; counts are added up per chunk."""

import logging
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from processors import over_trigger
from processors.decisions import SAFETY, Reason, Verdict
from processors.outputs import Outputs, OverTrigger

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which promtool refuses and nobody reads
log = logging.getLogger("lotse.decisions")
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
LATENCY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
AGE = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400)

Of = Literal["worker", "deliver", "both", "gateway", "pages", "console"]


class Described(NamedTuple):
    """One metric as the list of them shows it: `name` as Prometheus stores it, `of` the process that fills it."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    of: Of
    help: str


METRICS: list[Described] = []


def _counter(name: str, text: str, *labels: str, of: Of = "worker") -> Counter:
    METRICS.append(Described(f"{name}_total", "counter", labels, of, text))
    return Counter(name, text, labels, registry=REGISTRY)


def _gauge(name: str, text: str, *labels: str, of: Of = "worker") -> Gauge:
    METRICS.append(Described(name, "gauge", labels, of, text))
    return Gauge(name, text, labels, registry=REGISTRY)


def _histogram(
    name: str, text: str, *labels: str, buckets: tuple[float, ...] = LATENCY, of: Of = "worker"
) -> Histogram:
    METRICS.append(Described(name, "histogram", labels, of, text))
    return Histogram(name, text, labels, buckets=buckets, registry=REGISTRY)


RECORDS = _counter("lotse_records_folded", "Records folded, ticks included.", "stage")
FOLDING = _counter("lotse_folding_seconds", "Seconds spent folding.", "stage")
BEHIND = _gauge("lotse_behind_seconds", "Age of the last folded record: now less its broker timestamp.", "stage", "partition")  # fmt: skip
LAG = _gauge("lotse_lag_records", "Records not folded yet (worker), commands from the first without an end on (deliver), per partition.", "topic", "partition", of="both")  # fmt: skip
COMMANDED = _histogram("lotse_command_latency_seconds", "From the broker's timestamp of the record that caused a command (an event, a signal or a tick) to the command.", "stage")  # fmt: skip
DETECTIONS = _counter("lotse_detections", "Signals by kind.", "stage", "kind")
GAPS = _counter(
    "lotse_content_gaps",
    "Records of content gaps (opened, grown or closed), by kind: asked, explained, stuck, searched, lost.",
    "kind",
)
HELPLINE = _gauge("lotse_catalog_helpline_expiry_seconds", "Time until a verified helpline of the newest catalog must have been looked at again; below 0 it is not sent any more.", "resource")  # fmt: skip
FINDINGS = _gauge("lotse_catalog_findings", "What of the newest catalog wants a look, by level (error, warning, note) and check, as lotse catalog health has it without a history.", "level", "check")  # fmt: skip
DECISIONS = _counter("lotse_decisions", "Decisions by verdict and reason.", "verdict", "reason")
SENDS = _counter(
    "lotse_sends", "Commands by playbook and channel; of the safety lane only that it is one.", "playbook", "channel"
)
OVER_TRIGGER = _counter("lotse_over_trigger", "Commands that were too much, by what showed it: dismissed, snoozed, opted_out, not_helpful, wrong_moment, already_solved.", "part", "playbook", "channel")  # fmt: skip
REPEATED = _counter("lotse_repeated_sends", "Commands of a theme that the member had got within seven days.", "playbook", "channel")  # fmt: skip
COLLISIONS = _counter("lotse_collisions", "Times that two playbooks wanted a member within the hour: a command given within an hour of another's (by its channel), or one that lost to another's (channel none).", "playbook", "channel")  # fmt: skip
RECALLS = _counter("lotse_recalls", "Commands called back, by why.", "reason")
VOLUME = _counter("lotse_volume_changes", "Changes of the share of occasions that a playbook's guard lets out, by the share that holds from then on.", "playbook", "share")  # fmt: skip
REPEATS = _counter("lotse_repeated_records", "Records whose id was seen before.", "stage")
UNKNOWN = _counter("lotse_unknown_types", "Events of a type outside the vocabulary, passed over.")
DEAD = _counter("lotse_dead_letters", "Records sent to a dead-letter topic, by reason; of the control topic, those that count for nothing.", "topic", "reason", of="both")  # fmt: skip
ACKNOWLEDGED = _counter("lotse_outputs_acknowledged", "Output records acknowledged by the broker.", "topic")
CUT = _histogram("lotse_cut_seconds", "From the beginning of a cut (checkpoint) to its offset commit.", "stage")
CUT_STATES = _counter("lotse_cut_states", "States written by cuts.", "stage")
RECOVERY = _histogram("lotse_recovery_seconds", "Time to open a partition.", "stage")
RECOVERED = _counter("lotse_recovered_records", "Changelog records read to open partitions.", "stage")
REBALANCES = _counter("lotse_rebalances", "Rebalances seen by this process.", of="both")
DELIVERIES = _counter("lotse_deliveries", "Commands that came to their end, by channel, by the way out (via) and result: delivered, failed, or the reason of a refusal.", "channel", "via", "result", of="deliver")  # fmt: skip
ATTEMPTS = _counter("lotse_delivery_attempts", "Attempts by result: delivered, retry, failed, unknown (no answer said so).", "channel", "via", "result", of="deliver")  # fmt: skip
ATTEMPT = _histogram("lotse_delivery_attempt_seconds", "How long an attempt took.", "via", of="deliver")
AGE_DELIVERED = _histogram("lotse_delivery_age_seconds", "From the moment at which a command was due to its delivery; replays not counted.", "channel", buckets=AGE, of="deliver")  # fmt: skip
RETRIES = _counter("lotse_delivery_retries", "Attempts that are made again after a while.", "channel", "via", of="deliver")  # fmt: skip
LIMITED = _counter("lotse_delivery_rate_limited", "Waits for a platform's rate limit before an attempt.", "channel", "via", of="deliver")  # fmt: skip
PARKED = _gauge("lotse_delivery_parked_commands", "Commands that wait for their time or their next attempt.", of="deliver")  # fmt: skip
HELD = _gauge("lotse_delivery_held_commands", "Commands read that have no end yet.", of="deliver")
PAUSED = _gauge("lotse_delivery_paused_partitions", "Partitions that take no more until commands of theirs end.", of="deliver")  # fmt: skip
ORDERS = _gauge("lotse_control_orders", "Kill switches and silences in force.", "kind", of="deliver")
EVICTED = _gauge(
    "lotse_store_evicted_keys",
    "Keys that the store of the delivery record has thrown away for want of memory, since it started.",
    of="deliver",
)
STORE_SILENT = _counter("lotse_store_errors", "Questions to the delivery record that got no answer.", of="deliver")
GATEWAY_ANSWERS = _counter("lotse_gateway_answers", "Answers of the gateway by door and HTTP status.", "door", "status", of="gateway")  # fmt: skip
GATEWAY_SECONDS = _histogram("lotse_gateway_answer_seconds", "From a request's headers to its answer.", "door", of="gateway")  # fmt: skip
GATEWAY_EVENTS = _counter("lotse_gateway_events", "Events taken in.", "door", of="gateway")
GATEWAY_IGNORED = _counter("lotse_gateway_ignored", "Payloads, or parts of one, that carry no event: unknown kinds too.", "door", of="gateway")  # fmt: skip
GATEWAY_INVALID = _counter("lotse_gateway_invalid", "Parts of payloads that are not as their kind must be.", "door", of="gateway")  # fmt: skip
GATEWAY_REFUSED = _counter("lotse_gateway_refused", "Requests refused, by reason.", "door", "reason", of="gateway")
GATEWAY_ACKNOWLEDGED = _counter("lotse_gateway_acknowledged", "Records of the gateway acknowledged by the broker.", "topic", of="gateway")  # fmt: skip
GATEWAY_PENDING = _gauge("lotse_gateway_pending_bytes", "Bytes that wait for the broker's acknowledgement.", of="gateway")  # fmt: skip
PAGES = _counter("lotse_page_requests", "Requests of the member pages and the in-app inbox, by method and status.", "method", "status", of="pages")  # fmt: skip
PRESSES = _counter("lotse_presses", "What members pressed, by action and result: done (acknowledged), or away (the broker did not answer).", "action", "result", of="pages")  # fmt: skip
CONSOLE = _counter("lotse_console_requests", "Requests of the console, by method and status.", "method", "status", of="console")  # fmt: skip
CONSOLE_BEHIND = _gauge("lotse_console_behind_records", "Records of decisions and of the member log that the console has not read yet.", of="console")  # fmt: skip

REVIEW_ITEMS = _gauge("lotse_review_queue_items", "Items that wait for somebody to look at them, by queue (safety, moderation, sample); replays not counted.", "queue", of="console")  # fmt: skip
REVIEW_WAITING = _gauge("lotse_review_queue_waiting_seconds", "How long the oldest item of a queue waits.", "queue", of="console")  # fmt: skip
REVEALED = _counter("lotse_review_reveals", "Times that somebody looked at whom an item is about, by queue.", "queue", of="console")  # fmt: skip
COVERAGE = _gauge("lotse_coverage_ratio", "Share of a community's members who got something in four weeks, by tenth of activity (1: the quietest); none where a tenth has fewer than 10 members.", "community", "decile", of="console")  # fmt: skip
MEMBER_WEEK = _gauge("lotse_member_week_sends", "Messages to one member in the newest week: half of those who got any got at most (0.5), 95 of 100 at most (0.95), the most to one (1); none where fewer than 10 got any.", "share", of="console")  # fmt: skip
REGRET = _gauge("lotse_regret_ratio", "Share of a playbook's messages that lost to another and missed their goal, of the last count of measures; none of fewer than 10 whose time is over.", "playbook", of="console")  # fmt: skip
LEAD = _gauge("lotse_lead_seconds", "How long before trouble a message against it had gone out (median), of the last count of measures: a flag on what a member wrote, a member lost, a question asked a third time; none of fewer than 10.", "trouble", of="console")  # fmt: skip
WAVED_AWAY = _gauge("lotse_waved_away_ratio", "Share of a playbook's messages of seven days that were dismissed or snoozed within ten minutes; none of fewer than 10 messages.", "playbook", of="console")  # fmt: skip
NEEDLESS = _gauge("lotse_needless_ratio", "Share of the members left without a playbook's help by a coin who did it anyhow, of the last count of measures; none of fewer than 10 members.", "playbook", of="console")  # fmt: skip


NO_CHANNEL = "none"  # of what lost before a channel was chosen
_OF_PART = {over_trigger.REPEATED: REPEATED, over_trigger.COLLIDED: COLLISIONS}  # parts with a metric of their own


def _labels(one: OverTrigger) -> tuple[str, ...]:
    return one[1:] if one.part in _OF_PART else one


@cache
def child(metric: Counter, *labels: str) -> Counter:
    """Return the series of these labels; `labels` itself takes a lock and several calls each time."""
    return metric.labels(*labels)


class Meter:
    """The engine's observer and the stages' tally, as metrics. What a chunk led to is added up, and shown at its end."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sums: dict[tuple[Counter, tuple[str, ...]], int] = {}

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Count conclusions; `timestamp_ms` is the broker's, of the record that caused them."""
        _tell(stage, out)
        for decision in out.decisions:
            self._add(DECISIONS, 1, decision.verdict.value, decision.reason.value)
            if decision.reason is Reason.OUTRANKED and decision.lane != SAFETY:
                self._add(COLLISIONS, 1, decision.playbook, NO_CHANNEL)
            if decision.verdict is Verdict.SEND:
                safe = decision.lane == SAFETY  # of whose messages only that there was one
                self._add(SENDS, 1, SAFETY if safe else decision.playbook, SAFETY if safe else decision.channel)
        if out.commands:
            latency, age = COMMANDED.labels(stage), max(0.0, self._clock() - timestamp_ms / 1000)
            for _ in out.commands:
                latency.observe(age)
        self._of_members(stage, out)
        if out.unknown_types:
            self._add(UNKNOWN, out.unknown_types)

    def _of_members(self, stage: str, out: Outputs) -> None:
        for kind, times in out.detections.items():
            self._add(DETECTIONS, times, stage, kind)
        for gap in out.gaps:
            self._add(GAPS, 1, gap.kind)
        for one, times in out.over_triggers.items():
            self._add(_OF_PART.get(one.part, OVER_TRIGGER), times, *_labels(one))
        for recall in out.recalls:
            self._add(RECALLS, 1, recall.reason)
        for change in out.volumes:
            self._add(VOLUME, 1, change.playbook, f"{change.share:g}")
        if out.repeats:
            self._add(REPEATS, out.repeats, stage)

    def dead(self, topic: str, reason: str) -> None:
        """Count a dead letter."""
        self._add(DEAD, 1, topic, reason)

    def chunk_folded(self, stage: str, partition: int, records: int, seconds: float, last_timestamp_ms: int) -> None:
        """Count a chunk, and show what its records led to."""
        child(RECORDS, stage).inc(records)
        child(FOLDING, stage).inc(seconds)
        BEHIND.labels(stage, str(partition)).set(max(0.0, self._clock() - last_timestamp_ms / 1000))
        for (metric, labels), times in self._sums.items():
            (child(metric, *labels) if labels else metric).inc(times)
        self._sums.clear()

    def cut_closed(self, stage: str, partition: int, states: int, size: int, seconds: float) -> None:  # noqa: ARG002
        """Count a cut."""
        CUT.labels(stage).observe(seconds)
        child(CUT_STATES, stage).inc(states)

    def recovered(self, stage: str, partition: int, states: int, seconds: float) -> None:  # noqa: ARG002
        """Count an opened partition."""
        RECOVERY.labels(stage).observe(seconds)
        child(RECOVERED, stage).inc(states)

    def delivered(self, topic: str, count: int, size: int, seconds: float) -> None:  # noqa: ARG002
        """Count acknowledged outputs."""
        child(ACKNOWLEDGED, topic).inc(count)

    def rebalanced(self, assigned: int) -> None:  # noqa: ARG002
        """Count a rebalance."""
        REBALANCES.inc()

    def _add(self, metric: Counter, times: int, *labels: str) -> None:
        key = (metric, labels)
        self._sums[key] = self._sums.get(key, 0) + times


def _tell(stage: str, out: Outputs) -> None:
    """Log each decision; at level debug alone, since a worker makes thousands a second."""
    if not log.isEnabledFor(logging.DEBUG):
        return
    for one in out.decisions:
        if one.lane == SAFETY:  # who gets help stands in no log
            continue
        about = {"decision": one.id, "playbook": one.playbook, "reason": one.reason.value, "member": one.member}
        log.debug(one.verdict.value, extra={**about, "stage": stage})
