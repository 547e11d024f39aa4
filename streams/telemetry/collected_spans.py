"""Spans for a collector, by OpenTelemetry over OTLP/HTTP; no member, playbook or text is in them."""

from types import TracebackType
from typing import Self

import msgspec
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from processors.commands import Command
from processors.decisions import SAFETY
from processors.version import VERSION
from sinks.channel import Receipt
from sinks.dispatcher import Deliver
from streams.settings import Settings
from streams.trace_context import TRACEPARENT

_PROPAGATOR = TraceContextTextMapPropagator()


class CollectedSpans:
    """Spans of one process, in batches; sampling is OpenTelemetry's own (OTEL_TRACES_SAMPLER: what the parent says, else all)."""

    def __init__(self, process: str, settings: Settings) -> None:
        about = {"service.name": f"lotse-{process}", "service.instance.id": settings.worker, "service.version": VERSION}
        self._provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("lotse", VERSION)

    def request(self, door: str, trace: bytes) -> "_Answering":
        """Begin the span of an answer."""
        return _Answering(self._begin(f"POST {door}", SpanKind.SERVER, trace.decode(), {"lotse.door": door}))

    async def attempt(self, command: Command, deliver: Deliver) -> Receipt:
        """Deliver within a span of its own; the safety lane has none."""
        if command.lane == SAFETY:
            return await deliver(command)
        about = {"lotse.command": command.id, "lotse.channel": command.channel}
        span = self._begin(f"deliver {command.channel}", SpanKind.CLIENT, command.trace, about)
        try:
            receipt = await deliver(msgspec.structs.replace(command, trace=_traceparent(span)))
            span.set_attributes({"lotse.result": receipt.result})
            if receipt.result != "delivered":
                span.set_status(StatusCode.ERROR, receipt.result)
        finally:
            span.end()
        return receipt

    def close(self) -> None:
        """Send what waits, and end the thread that sends."""
        self._provider.shutdown()

    def _begin(self, name: str, kind: SpanKind, trace: str, about: dict[str, str]) -> Span:
        parent = _PROPAGATOR.extract({TRACEPARENT: trace})
        return self._tracer.start_span(name, parent, kind, about)


class _Answering:
    def __init__(self, span: Span) -> None:
        self._span, self.trace = span, _traceparent(span).encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        if kind is not None:
            self._span.set_status(StatusCode.ERROR, kind.__name__)
        self._span.end()

    def answered(self, status: int) -> None:
        """Note the HTTP status; a refusal is the sender's fault, as OpenTelemetry has it for servers."""
        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)


def _traceparent(span: Span) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, set_span_in_context(span))
    return carrier[TRACEPARENT]
