"""What `lotse deliver` tells about its work, as metrics, and of ways that do not deliver as a line of the log."""

import time
from collections import Counter
from collections.abc import Iterable

from processors.commands import Command, Recall
from processors.orders import Order
from sinks.dispatcher import OutcomeRecord
from streams.telemetry.metrics import (
    AGE_DELIVERED,
    ATTEMPT,
    ATTEMPTS,
    DEAD,
    DELIVERIES,
    EVICTED,
    HELD,
    LAG,
    LIMITED,
    ORDERS,
    PARKED,
    PAUSED,
    REBALANCES,
    RETRIES,
    STORE_SILENT,
    child,
)
from streams.telemetry.way_news import WayNews


class DeliveryMeter:
    """The dispatcher's observer, and the process's own. `via` is the name of the way out."""

    def __init__(self, via: str) -> None:
        self._via, self._news = via, WayNews(via)

    def attempted(self, command: Command, result: str, seconds: float) -> None:
        """Count an attempt."""
        child(ATTEMPTS, command.channel, self._via, result).inc()
        ATTEMPT.labels(self._via).observe(seconds)
        if result == "delivered":
            self._news.delivered()

    def retried(self, command: Command, why: str) -> None:
        """Count an attempt that is made again."""
        child(RETRIES, command.channel, self._via).inc()
        self._news.failed(why)

    def parked(self, change: int) -> None:
        """Count one more, or one less, that waits."""
        PARKED.inc(change)

    def limited(self, command: Command) -> None:
        """Count a wait for the platform's rate limit."""
        child(LIMITED, command.channel, self._via).inc()

    def store_silent(self) -> None:
        """Count a question without an answer."""
        STORE_SILENT.inc()

    def evicted(self, keys: int) -> None:
        """Show how many keys the store has thrown away."""
        EVICTED.set(keys)

    def ended(self, outcome: OutcomeRecord) -> None:
        """Count a command that came to its end; a refusal by its reason, a failure of the channel as such."""
        refused = outcome.kind == "failed" and not outcome.dead
        result = str(outcome.reason) if refused else outcome.kind
        child(DELIVERIES, outcome.command.channel, self._via, result).inc()
        if outcome.kind == "delivered" and not outcome.command.replay:
            age = max(0.0, time.time() - outcome.command.not_before)
            AGE_DELIVERED.labels(outcome.command.channel).observe(age)

    def withdrawn(self, recall: Recall) -> None:
        """Count a command that was taken back after it was delivered."""
        child(DELIVERIES, recall.channel, self._via, "withdrawn").inc()

    def dead(self, topic: str, reason: str) -> None:
        """Count a dead letter, or a control record that counts for nothing."""
        child(DEAD, topic, reason).inc()

    def holding(self, commands: int, paused: int) -> None:
        """Show how many commands have no end yet, and how many partitions are paused."""
        HELD.set(commands)
        PAUSED.set(paused)

    def behind(self, topic: str, partition: int, records: int) -> None:
        """Show how many records a partition holds from its first one without an end on."""
        LAG.labels(topic, str(partition)).set(records)

    def orders(self, standing: Iterable[Order]) -> None:
        """Show how many orders are in force."""
        kinds = Counter(order.kind for order in standing)
        for kind in ("kill_switch", "rollback", "silence"):
            ORDERS.labels(kind).set(kinds[kind])

    def rebalanced(self) -> None:
        """Count a rebalance."""
        REBALANCES.inc()
