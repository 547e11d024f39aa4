"""A worker that is told to stop before it runs ends as one that was told to stop."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from streams.settings import child_environment
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.chaos]


MOMENTS_S = (0.0, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0)


def test_a_worker_told_to_stop_while_it_starts_ends_with_exit_code_0(empty_kafka: Broker, tmp_path: Path) -> None:
    """At several moments from reading the catalog to taking partitions over."""
    deployment = Deployment(empty_kafka.bootstrap, "stopped")
    deployment.prepare()
    for moment in MOMENTS_S:
        stop_after(moment, deployment, tmp_path / f"{moment}.log")


def stop_after(seconds: float, deployment: Deployment, log: Path) -> None:
    """Start a worker, and stop it some seconds after its command has begun."""
    environment = child_environment(**deployment.environment(), LOTSE_HEALTH_ADDRESS="127.0.0.1:0")
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "worker"], stdout=sink, stderr=sink, env=environment
        )
    try:
        wait_until(lambda: handles_sigterm(process.pid), 30, "the command has begun", 0.01)
        time.sleep(seconds)  # not a wait for anything: the moment is what is tried
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0, f"after {seconds} s: {log.read_text(errors='replace')[-2000:]}"
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(60)


def handles_sigterm(pid: int) -> bool:
    """Tell whether a process catches SIGTERM (bit 15 of SigCgt in /proc, `man 5 proc`)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
