"""What `lotse gateway` tells about its work, as metrics."""

from streams.gateway.payloads import Mapped
from streams.telemetry.metrics import (
    GATEWAY_ACKNOWLEDGED,
    GATEWAY_ANSWERS,
    GATEWAY_EVENTS,
    GATEWAY_IGNORED,
    GATEWAY_INVALID,
    GATEWAY_PENDING,
    GATEWAY_REFUSED,
    GATEWAY_SECONDS,
    child,
)


class GatewayMeter:
    """Counts by door; a name that is no door counts as `none`, so that nobody can make series at will."""

    def answered(self, door: str, status: int, seconds: float) -> None:
        """Count an answer and how long it took."""
        child(GATEWAY_ANSWERS, door, str(status)).inc()
        GATEWAY_SECONDS.labels(door).observe(seconds)

    def taken(self, door: str, mapped: Mapped) -> None:
        """Count what a request gave."""
        if mapped.events:
            child(GATEWAY_EVENTS, door).inc(len(mapped.events))
        if mapped.ignored:
            child(GATEWAY_IGNORED, door).inc(len(mapped.ignored))
        if mapped.errors:
            child(GATEWAY_INVALID, door).inc(len(mapped.errors))

    def refused(self, door: str, reason: str) -> None:
        """Count a refusal."""
        child(GATEWAY_REFUSED, door, reason).inc()

    def written(self, topic: str, count: int, seconds: float) -> None:  # noqa: ARG002
        """Count acknowledged records."""
        child(GATEWAY_ACKNOWLEDGED, topic).inc(count)

    def pending(self, size: int) -> None:
        """Show how much waits for the broker."""
        GATEWAY_PENDING.set(size)
