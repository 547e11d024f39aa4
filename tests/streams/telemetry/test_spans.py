"""Spans of the gateway and of delivery: one trace from the request to the webhook, or only its context where nobody collects."""

import asyncio
import sys
from pathlib import Path

import pytest

from processors.commands import Command
from sinks.channel import Receipt
from streams.errors import UserError
from streams.settings import Settings
from streams.telemetry.spans import open_spans
from streams.topics import ACTIVITY, DELIVERY
from streams.trace_context import TRACEPARENT
from tests.support.collector import Collector, running_collector
from tests.support.commands import command
from tests.support.delivering import lotse
from tests.support.gateways import SECRET
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.observing import observed
from tests.support.receiver import Receiver

ID = "0af7651916cd43dd8448eb211c80319c"
TRACE = f"00-{ID}-b7ad6b7169203331-01"


def attempted(collector: Collector, receipt: Receipt, lane: str = "help") -> str:
    """Make one attempt and return the traceparent that the channel was given."""
    given: list[str] = []

    async def deliver(one: Command) -> Receipt:
        given.append(one.trace)
        return receipt

    spans = open_spans("deliver", Settings(otlp_endpoint=collector.url))
    assert asyncio.run(spans.attempt(command(1, trace=TRACE, lane=lane), deliver)) == receipt
    spans.close()
    return given[0]


def test_an_attempt_is_a_span_whose_id_goes_out() -> None:
    with running_collector() as collector:
        given = attempted(collector, Receipt("delivered"))
        (span,) = collector.of("lotse-deliver", ID)
    assert given == f"00-{ID}-{span.id}-01"
    assert (span.parent, span.facts["lotse.result"], span.failed) == ("b7ad6b7169203331", "delivered", False)
    assert "town" not in str(span.facts)


def test_an_attempt_that_does_not_deliver_is_a_failed_span() -> None:
    with running_collector() as collector:
        attempted(collector, Receipt("retry", "503"))
        assert [one.failed for one in collector.of("lotse-deliver", ID)] == [True]


def test_the_safety_lane_has_no_span() -> None:
    with running_collector() as collector:
        assert attempted(collector, Receipt("delivered"), "safety") == TRACE
        assert collector.spans == []


def test_without_a_collector_a_trace_goes_on_as_it_came() -> None:
    spans = open_spans("gateway", Settings())
    with spans.request("zapier", TRACE.encode()) as exchange:
        assert exchange.trace == TRACE.encode()
    with spans.request("zapier", b"") as exchange:
        assert len(exchange.trace) == len(TRACE)


def test_without_the_extra_the_setting_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "streams.telemetry.collected_spans", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(UserError, match=r"lotse\[otel\]"):
        open_spans("gateway", Settings(otlp_endpoint="http://127.0.0.1:4318"))


@pytest.mark.integration
@pytest.mark.chaos  # a deployment each: they run beside the rest
@pytest.mark.parametrize("collected", [True, False])
def test_a_request_is_followed_to_the_webhook_and_back_into_the_log(
    empty_kafka: Broker, redis_url: str, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collected: bool
) -> None:  # fmt: skip
    """Gateway, member log, command, webhook, outcome: one trace id; ids and decisions stand the proof by replay."""
    with running_collector() as collector:
        if collected:
            monkeypatch.setenv("LOTSE_OTLP_ENDPOINT", collector.url)
        with observed(
            empty_kafka.bootstrap, redis_url, tmp_path, "--channel", "webhook", webhook_url=receiver.url
        ) as running:
            name = f"zoe-{collected}"  # the store is shared: the same command would not go twice
            asked = {"type": "post.created", "member": name, "text": "How do I print labels?", "post": name}
            assert running.gateway.json(f"/in/zapier/{SECRET}", asked, {TRACEPARENT: TRACE}).status_code == 200
            wait_until(lambda: receiver.received, 60, "the webhook has come")
            bootstrap = empty_kafka.bootstrap
            wait_until(lambda: outcome_traces(bootstrap), 30, "its outcome")
            (record,) = [one for one in read_all(bootstrap, DELIVERY["in_app"]) if b"zoe" in one.value]
            assert dict(record.headers)[TRACEPARENT].decode().startswith(f"00-{ID}-")
            assert outcome_traces(bootstrap) == [dict(record.headers)[TRACEPARENT]]
            (trace,) = receiver.traces.values()
            if collected:
                wait_until(lambda: collector.of("lotse-deliver", ID), 30, "the attempt's span")
                wait_until(lambda: collector.of("lotse-gateway", ID), 30, "the answer's span")
            code, said = lotse(running.settings, "verify")
            assert code == 0, said
    if not collected:
        assert trace == TRACE
        return
    (answer,), (attempt,) = collector.of("lotse-gateway", ID), collector.of("lotse-deliver", ID)
    assert (answer.parent, attempt.parent) == (TRACE.split("-")[2], answer.id)
    assert trace == f"00-{ID}-{attempt.id}-01"
    assert answer.facts["http.response.status_code"] == 200


def outcome_traces(bootstrap: str) -> list[bytes]:
    """Return the traceparents of outcomes of delivery in the member log."""
    found = [one for one in read_all(bootstrap, ACTIVITY) if b"outcome.delivered" in one.value]
    return [dict(one.headers)[TRACEPARENT] for one in found]
