"""`lotse gateway` as a process under test, and requests to it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from processors.events import Event
from streams.codec import Codec
from streams.settings import Settings, child_environment
from streams.topic_plan import compare, create_missing
from streams.topics import ACTIVITY
from tests.support.delivering import fetch
from tests.support.kafka import read_all, wait_until
from tests.support.processes import free_port

CONTROL_KEY = "a control key for tests"
SECRET = "a-secret-of-ours"
READY_S = 90.0


class RunningGateway:
    """One process with the address of its doors."""

    def __init__(self, process: "subprocess.Popen[bytes]", settings: Settings, log: Path) -> None:
        self.process, self.settings, self.log = process, settings, log
        self.url = f"http://{settings.gateway_address}"
        self.client = httpx.Client(base_url=self.url, timeout=30)

    def post(self, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        """Send a request; underscores in names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, content=content, headers={"content-type": "application/json", **named})

    def json(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send JSON."""
        return self.client.post(path, json=body, headers=headers)

    def events(self) -> list[Event]:
        """Return all that the member log holds, in the order of its partitions."""
        codec = Codec(CONTROL_KEY.encode())
        return [codec.decode(one.key, one.value) for one in read_all(self.settings.bootstrap, ACTIVITY)]

    def resident_mib(self) -> int:
        """Return the resident memory of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def gateway_settings(bootstrap: str, redis: str, **changes: Any) -> Settings:
    """Return settings on free ports; topics are created where they are missing."""
    settings = Settings(
        bootstrap=bootstrap, redis=redis, control_key=CONTROL_KEY, partitions=2, community="town",
        gateway_address=f"127.0.0.1:{free_port()}", health_address=f"127.0.0.1:{free_port()}", **changes,
    )  # fmt: skip
    create_missing(settings)
    wait_until(lambda: not compare(settings), 20, "all topics")
    return settings


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a gateway's process."""
    names = (
        "bootstrap", "redis", "control_key", "partitions", "community", "gateway_address", "health_address", "gateway_url",
        "gateway_secrets", "gateway_doors", "app",
    )  # fmt: skip
    return child_environment(**{f"LOTSE_{name.upper()}": str(getattr(settings, name)) for name in names})


@contextmanager
def running_gateway(settings: Settings, log: Path, ready: bool = True) -> Iterator[RunningGateway]:
    """Run the process until it is ready; kill it at the end if it still runs."""
    with log.open("ab") as out:
        command = [sys.executable, "-m", "streams.cli", "gateway"]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(settings))
    running = RunningGateway(process, settings, log)
    path = "ready" if ready else "live"
    try:
        wait_until(lambda: fetch(settings.gateway_address, path)[0] == 200, READY_S, "lotse gateway is there")
        yield running
    finally:
        running.client.close()
        process.kill()
        process.wait(60)
