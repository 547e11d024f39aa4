"""Spans of the gateway's answers and of delivery's attempts; where nobody collects them, trace context is only passed on."""

from types import TracebackType
from typing import Protocol, Self

from processors.commands import Command
from sinks.channel import Receipt
from sinks.dispatcher import Deliver
from streams.errors import UserError
from streams.settings import Settings
from streams.trace_context import made


class Exchange(Protocol):
    """A request being answered; `trace` is the traceparent of what it leads to."""

    trace: bytes

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def answered(self, status: int) -> None:
        """Take note of the HTTP status."""


class Spans(Protocol):
    """Makes spans of one process."""

    def request(self, door: str, trace: bytes) -> Exchange:
        """Begin to answer a request with this traceparent, empty for none."""

    async def attempt(self, command: Command, deliver: Deliver) -> Receipt:
        """Deliver a command whose `trace` is the attempt's own."""

    def close(self) -> None:
        """Send what waits."""


class PassedOn:
    """No spans: a trace goes on as it came, and one is made where none came."""

    def request(self, door: str, trace: bytes) -> Exchange:  # noqa: ARG002
        """Return the request's trace or a new one."""
        return _Passing(trace or made())

    async def attempt(self, command: Command, deliver: Deliver) -> Receipt:
        """Deliver the command as it is."""
        return await deliver(command)

    def close(self) -> None:
        """Do nothing."""


class _Passing:
    __slots__ = ("trace",)

    def __init__(self, trace: bytes) -> None:
        self.trace = trace

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def answered(self, status: int) -> None:
        """Do nothing."""


def open_spans(process: str, settings: Settings) -> Spans:
    """Return what makes spans: OpenTelemetry's where LOTSE_OTLP_ENDPOINT is set. Raises `UserError` where it is not installed."""
    if not settings.otlp_endpoint:
        return PassedOn()
    try:
        from streams.telemetry.collected_spans import CollectedSpans  # noqa: PLC0415  (an extra)
    except ImportError:
        raise UserError(
            "LOTSE_OTLP_ENDPOINT: spans need the extra otel: pip install 'lotse[otel]', or leave the setting empty"
        ) from None
    return CollectedSpans(process, settings)
