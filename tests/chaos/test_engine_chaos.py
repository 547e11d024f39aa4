"""The engine under kills, pauses and restarts: two workers on a real Kafka, outputs that depend on shared state."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from streams.runtime.exits import ExitCode
from streams.runtime.failpoints import POINTS
from tests.support.chaos import Failpoint, Feeder, Fleet
from tests.support.counting_fleet import Counting
from tests.support.kafka import running_kafka, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.chaos]

KILLS = int(os.environ.get("LOTSE_CHAOS_KILLS", "4"))  # random ones, beside one at each failpoint
SEED = int(os.environ.get("LOTSE_CHAOS_SEED", "7"))
PAUSED_AT = ("proved", "half", "states")
EXPECTED_ENDS = {-signal.SIGKILL, ExitCode.STOPPED, ExitCode.MEMBERSHIP_LOST, ExitCode.FOREIGN_WRITE}


def kill_at_each_failpoint(fleet: Fleet, rng: random.Random) -> None:
    """Have the workers in turn die at each point of a cut and of an opening."""
    for number, point in enumerate(POINTS):
        worker, since = f"w{number % 2 + 1}", time.monotonic()
        opening = point in ("claimed", "recovering")
        fleet.restart_with(worker, Failpoint(point, 0.0 if opening else rng.uniform(2, 4)))
        assert fleet.wait_exit(worker, since, 30) == -signal.SIGKILL, point


def pause_beyond_the_session(fleet: Fleet, point: str) -> int:
    """Pause a worker between the steps of a cut until its partitions are taken over; wake it; return how it ends."""
    fleet.restart_with("w1", Failpoint(point, 3.0, "stop"))
    wait_until(lambda: fleet.stopped("w1"), 30, f"w1 paused at {point}")
    time.sleep(9)  # session timeout 6 s, then the other worker takes over
    since = time.monotonic()
    fleet.signal("w1", signal.SIGCONT)
    return fleet.wait_exit("w1", since, 30)


def test_kills_and_pauses_lose_nothing_and_change_nothing(kafka: str, tmp_path: Path) -> None:
    """Each state equals the sequential fold, every output is there, and what is repeated has the same id."""
    counting, rng = Counting(kafka), random.Random(SEED)
    counting.create_topics()
    feeder = Feeder(kafka, counting.source, counting.records(30_000 * (3 + KILLS // 4)), 1000)
    with counting.fleet(tmp_path) as fleet:
        feeder.start()
        fleet.start("w1")
        fleet.start("w2")
        time.sleep(5)
        kill_at_each_failpoint(fleet, rng)
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.5, 5))
            fleet.kill(f"w{rng.randint(1, 2)}")
        time.sleep(5)
        ends = [pause_beyond_the_session(fleet, point) for point in PAUSED_AT]
        assert not feeder.done(), "the load ended before the last pause: raise the number of records"
        feeder.join()
        counting.run_to_the_end(90)
    assert set(ends) <= {ExitCode.MEMBERSHIP_LOST, ExitCode.FOREIGN_WRITE}
    assert {ended.code for ended in fleet.exits} <= EXPECTED_ENDS
    audit = counting.audit()
    assert audit.exact(), (len(audit.wrong_states), audit.missing[:3], audit.unexpected[:3])


def test_a_rolling_restart_repeats_nothing(kafka: str, tmp_path: Path) -> None:
    """SIGTERM under load: exit code 0, a last cut, and not one raw duplicate."""
    counting = Counting(kafka)
    counting.create_topics()
    feeder = Feeder(kafka, counting.source, counting.records(25_000), 1000)
    with counting.fleet(tmp_path) as fleet:
        feeder.start()
        fleet.start("w1")
        fleet.start("w2")
        time.sleep(6)
        for worker in ("w1", "w2", "w1"):
            assert fleet.terminate(worker) == ExitCode.STOPPED
            fleet.start(worker)
            time.sleep(4)
        feeder.join()
        counting.run_to_the_end()
    audit = counting.audit()
    assert audit.exact()
    assert audit.duplicates == 0


def test_a_broker_away_for_seventy_seconds_loses_nothing(tmp_path: Path) -> None:
    """Memory stays bounded while it is away, and work goes on within 60 s of its return."""
    with running_kafka() as broker:
        counting = Counting(broker.bootstrap, delivery_timeout_s=20.0, commit_timeout_s=15.0)
        counting.create_topics()
        with counting.fleet(tmp_path) as fleet:
            counting.feed(counting.records(20_000))
            fleet.start("w1")
            counting.run_to_the_end()
            feeder = Feeder(broker.bootstrap, counting.source, counting.records(20_000, seed=2), 4000)
            feeder.start()
            wait_until(lambda: feeder.sent > 4_000, 30, "load")
            broker.stop()
            peak = 0
            for _ in range(70):
                time.sleep(1)
                peak = max(peak, resident_mib(fleet))
            broker.start()
            returned = time.monotonic()
            feeder.join()
            counting.run_to_the_end(60)
            assert time.monotonic() - returned < 90  # the feeder's own return included
        assert peak < 400
        assert counting.audit().exact()


def resident_mib(fleet: Fleet) -> int:
    """Return the resident memory of w1, 0 while it is between two lives."""
    try:
        status = Path(f"/proc/{fleet.pid('w1')}/status").read_text()
    except (KeyError, FileNotFoundError, ProcessLookupError):  # it may end between the opening and the reading
        return 0
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)
