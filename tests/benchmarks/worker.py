"""The real worker under measurement: `lotse worker` as a process, on a broker of its own, with the shipped catalog."""

import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from processors.playbooks.resources import Playbook
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.settings import Settings, child_environment
from streams.topic_plan import create_missing
from streams.topics import ACTIVITY, THREADS
from tests.benchmarks.catalogs import KEY, bundle
from tests.benchmarks.engine_process import EngineProcess
from tests.benchmarks.loading import behind, end_offsets
from tests.support.kafka import free_port, wait_until

PARTITIONS = 4
READY_S, DRAIN_S = 90.0, 300.0


class Worker:
    """A worker and what belongs to it."""

    def __init__(self, settings: Settings, process: EngineProcess) -> None:
        self.settings, self.process = settings, process
        self.codec = Codec(settings.control())

    def drain(self, timeout_s: float = DRAIN_S) -> None:
        """Wait until all that is in the member log and then in the threads is folded and committed."""
        for topic in (ACTIVITY, THREADS):
            ends = end_offsets(self.settings.bootstrap, topic, PARTITIONS)
            wait_until(lambda topic=topic, ends=ends: self._past(topic, ends), timeout_s, f"{topic} folded", 0.3)

    def _past(self, topic: str, ends: dict[tuple[str, int], int]) -> bool:
        self.process.check()
        return behind(self.settings.bootstrap, self.settings.app, topic, ends) == 0

    def metric(self, series: str) -> float:
        """Return the value of a series of /metrics, named with its labels. Raises `LookupError` where there is none."""
        with urllib.request.urlopen(f"http://{self.settings.health_address}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(series + " "):
                    return float(line.rpartition(" ")[2])
        raise LookupError(f"{series} is not among the metrics")

    def ready(self) -> bool:
        """Tell whether it answers that it is ready."""
        self.process.check()
        try:
            with urllib.request.urlopen(f"http://{self.settings.health_address}/ready", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def prepared(bootstrap: str, app: str, *extra: Playbook) -> Settings:
    """Create the topics, publish the catalog, and return the settings of a deployment."""
    settings = Settings(
        bootstrap=bootstrap, app=app, partitions=PARTITIONS, control_key=KEY, session_timeout_s=30.0,
        health_address=f"127.0.0.1:{free_port()}",
    )  # fmt: skip
    create_missing(settings)
    publish(bootstrap, bundle(*extra), Codec(settings.control()), PARTITIONS, time.time())
    return settings


@contextmanager
def running(settings: Settings, folder: Path) -> Iterator[Worker]:
    """Start a worker and wait until it is ready."""
    environment = child_environment(
        LOTSE_BOOTSTRAP=settings.bootstrap,
        LOTSE_APP=settings.app,
        LOTSE_CONTROL_KEY=KEY,
        LOTSE_PARTITIONS=str(PARTITIONS),
        LOTSE_SESSION_TIMEOUT_S=str(settings.session_timeout_s),
        LOTSE_HEALTH_ADDRESS=settings.health_address,
    )
    command = [sys.executable, "-m", "streams.cli", "worker"]
    with EngineProcess(command, folder / "worker.log", environment) as process:
        worker = Worker(settings, process)
        wait_until(worker.ready, READY_S, "the worker is ready")
        yield worker
