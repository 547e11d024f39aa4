"""The whole pipeline under kills, pauses and restarts: two real workers, all detectors and the arbiter, a real Kafka."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from streams.runtime.exits import ExitCode
from streams.runtime.failpoints import POINTS
from tests.support.chaos import Failpoint, Fleet
from tests.support.kafka import Broker, wait_until
from tests.support.pipeline import Audit, Pipeline, lively_bundle
from tests.support.town import load

pytestmark = [pytest.mark.integration, pytest.mark.chaos]

KILLS = int(os.environ.get("CHAOS_KILLS", "10"))  # random ones, beside one at each failpoint
SEED = int(os.environ.get("CHAOS_SEED", "") or random.randrange(1_000_000))
PAUSED_AT = ("proved", "half", "states")
# Of a worker that wakes, or whose neighbour did; for one paused longer than its time-outs nobody answered in time.
WOKEN = {ExitCode.MEMBERSHIP_LOST, ExitCode.FOREIGN_WRITE, ExitCode.BROKER_AWAY, ExitCode.DELIVERY_FAILED}


def kill_at_each_failpoint(fleet: Fleet, rng: random.Random) -> None:
    """Have the workers in turn die at each point of a cut and of an opening.

    At "recovering" it is w1, which keeps nothing on disk: w2 has nothing to read where nobody else wrote meanwhile.
    """
    for number, point in enumerate(POINTS, 1):
        worker, since = f"w{number % 2 + 1}", time.monotonic()
        opening = point in ("claimed", "recovering")
        fleet.restart_with(worker, Failpoint(point, 0.0 if opening else rng.uniform(2, 4)))
        assert fleet.wait_exit(worker, since, 120) == -signal.SIGKILL, point


def kill_at_random(fleet: Fleet, rng: random.Random) -> None:
    """Kill one worker after the other, in the middle of whatever it does."""
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.3, 4))
        fleet.kill(f"w{rng.randint(1, 2)}")


def pause_beyond_the_session(fleet: Fleet, point: str) -> int:
    """Pause a worker between the steps of a cut until its partitions are taken over; wake it; return how it ends."""
    fleet.restart_with("w1", Failpoint(point, 3.0, "stop"))
    wait_until(lambda: fleet.stopped("w1"), 60, f"w1 paused at {point}")
    time.sleep(9)  # session timeout 6 s, then the other worker takes over
    since = time.monotonic()
    fleet.signal("w1", signal.SIGCONT)
    return fleet.wait_exit("w1", since, 120)


def stop_all(pipeline: Pipeline, fleet: Fleet) -> Audit:
    """Let the workers finish, stop them, and compare all they left with the sequential fold."""
    pipeline.wait_ready("w1", "w2")
    wait_until(pipeline.nearly_drained, 90, "all events folded")
    for worker in ("w1", "w2"):
        assert fleet.terminate(worker) == ExitCode.STOPPED
    return pipeline.audit()


def last_words(logs: Path) -> list[str]:
    """Return what workers said that ended by themselves."""
    said = [line for path in sorted(logs.glob("*.log")) for line in path.read_text(errors="replace").splitlines()]
    return [line for line in said if "ending the process" in line]


def test_kills_and_pauses_lose_nothing_and_change_nothing(empty_kafka: Broker, tmp_path: Path) -> None:
    """Proved by replay, each state and output equals the sequential fold, and what is repeated has the same id."""
    print(f"CHAOS_SEED={SEED}")
    rng, pipeline = random.Random(SEED), Pipeline(empty_kafka.bootstrap)
    pipeline.own["w2"] = {"LOTSE_STORE": "rocksdb", "LOTSE_STORE_DIR": str(tmp_path / "store")}
    pipeline.prepare(lively_bundle())
    feeder = load(pipeline, SEED, 1200 + 40 * KILLS)  # more than a busy machine needs: it is stopped
    with pipeline.fleet(tmp_path) as fleet, feeder:
        fleet.start("w1")
        fleet.start("w2")
        wait_until(lambda: pipeline.decided(100), 60, "the first decisions")
        kill_at_each_failpoint(fleet, rng)
        kill_at_random(fleet, rng)
        ends = [pause_beyond_the_session(fleet, point) for point in PAUSED_AT]
        assert not feeder.done(), "the load ended before the last pause: raise the number of events"
        feeder.stop()
        audit = stop_all(pipeline, fleet)
        print({code: [one.code for one in fleet.exits].count(code) for code in {one.code for one in fleet.exits}})
    print(audit.outputs, audit.duplicates, audit.proof)
    assert set(ends) <= WOKEN
    assert {ended.code for ended in fleet.exits} <= WOKEN | {-signal.SIGKILL, ExitCode.STOPPED}, last_words(tmp_path)
    assert audit.faults() == []
    assert audit.outputs.keys() >= {
        "decisions.v1",
        "community.threads.v1",
        "delivery.in_app.v1",
        "community.activity.v1",
    }


def test_a_rolling_restart_repeats_nothing(empty_kafka: Broker, tmp_path: Path) -> None:
    """SIGTERM under load: exit code 0, a last cut, and not one raw duplicate on any topic."""
    pipeline = Pipeline(empty_kafka.bootstrap)
    pipeline.prepare(lively_bundle())
    feeder = load(pipeline, SEED, 1000)
    with pipeline.fleet(tmp_path, restart=False) as fleet, feeder:
        fleet.start("w1")
        fleet.start("w2")
        wait_until(lambda: pipeline.decided(100), 60, "the first decisions")
        for worker in ("w1", "w2", "w1"):
            assert fleet.terminate(worker) == ExitCode.STOPPED
            fleet.start(worker)
            pipeline.wait_ready(worker)
            pipeline.wait_for_news(60)
        assert not feeder.done()
        feeder.stop()
        audit = stop_all(pipeline, fleet)
    assert audit.faults() == []
    assert audit.duplicates == {}
