"""Kafka gone for more than a minute under load, frozen or killed: memory is bounded, work goes on, nothing is lost."""

import time
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from streams.catalog.feed import CatalogFeed, publish
from streams.errors import UNREACHABLE
from streams.runtime.exits import ExitCode
from tests.support.chaos import Fleet
from tests.support.kafka import Broker, running_kafka, wait_until
from tests.support.pipeline import Pipeline, lively_bundle
from tests.support.town import load

pytestmark = [pytest.mark.integration, pytest.mark.chaos]

AWAY_S = 70
BACK_AT_WORK_S = 60
RESIDENT_MAX_MIB = 300  # of a worker; at rest it has about 120
EXPECTED_ENDS = {
    ExitCode.STOPPED,
    ExitCode.MEMBERSHIP_LOST,
    ExitCode.DELIVERY_FAILED,
    ExitCode.BROKER_AWAY,
    UNREACHABLE,
}


class Deployment:
    """A broker of its own with a worker and a load, and what was seen while the broker was away."""

    def __init__(self, stack: ExitStack, logs: Path) -> None:
        logs.mkdir()
        self.logs = logs
        self.broker: Broker = stack.enter_context(running_kafka())
        self.pipeline = Pipeline(self.broker.bootstrap)
        self.pipeline.prepare(lively_bundle())
        self.fleet: Fleet = stack.enter_context(self.pipeline.fleet(logs))
        self._stack, self.feeder = stack, load(self.pipeline, seed=3, seconds=600)
        self.feed = CatalogFeed(self.broker.bootstrap)
        self.peak = 0

    def begin(self) -> None:
        """Put it under load."""
        self.fleet.start("w1")
        self._stack.enter_context(self.feeder)
        wait_until(lambda: self.pipeline.decided(100), 90, "the first decisions")

    def look(self) -> None:
        """Take note of the worker's memory."""
        self.peak = max(self.peak, resident_mib(self.fleet))

    def finish(self) -> None:
        """See that work goes on, with a catalog that is published now; stop, and see that nothing is lost."""
        self.pipeline.wait_for_news(BACK_AT_WORK_S, promised=True)
        bundle = msgspec.structs.replace(lively_bundle(), note="published after the outage")
        bootstrap, partitions = self.broker.bootstrap, self.pipeline.settings.partitions
        new = publish(bootstrap, bundle, self.pipeline.codec, partitions, time.time())
        wait_until(lambda: self.feed.get(new), 30, "a reader that began without a broker has the new catalog")
        self.pipeline.wait_for_news(60)
        self.feeder.stop()
        wait_until(self.pipeline.nearly_drained, 120, "all events folded")
        assert self.fleet.terminate("w1") == ExitCode.STOPPED
        assert self.pipeline.audit().faults() == []
        assert "Unclosed" not in (self.logs / "w1.log").read_text(encoding="utf-8")
        assert {ended.code for ended in self.fleet.exits} <= EXPECTED_ENDS


def resident_mib(fleet: Fleet) -> int:
    """Return the resident memory of w1, 0 while it is between two lives."""
    try:
        status = Path(f"/proc/{fleet.pid('w1')}/status").read_text()
    except (KeyError, FileNotFoundError, ProcessLookupError):  # it may end between the opening and the reading
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # kafka-python's, while it finds no broker
def test_a_broker_away_for_seventy_seconds_loses_nothing(tmp_path: Path) -> None:
    """One is frozen with its connections open, the other killed and started again on its data; both at the same time."""
    with ExitStack() as stack:
        frozen, killed = (Deployment(stack, tmp_path / name) for name in ("frozen", "killed"))
        for one in (frozen, killed):
            one.begin()
        frozen.broker.pause()
        killed.broker.kill()
        began = time.monotonic()
        for one in (frozen, killed):
            one.feed.follow()
        while time.monotonic() - began < AWAY_S:
            for one in (frozen, killed):
                one.look()
            time.sleep(0.5)
        frozen.broker.resume()
        killed.broker.start()
        for one in (frozen, killed):
            one.finish()
        assert 0 < frozen.peak < RESIDENT_MAX_MIB
        assert 0 < killed.peak < RESIDENT_MAX_MIB
