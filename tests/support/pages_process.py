"""`lotse pages` as a process under test."""

import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.settings import child_environment
from tests.support.delivering import fetch
from tests.support.deployment import KEY
from tests.support.kafka import wait_until
from tests.support.processes import free_port


class RunningPages:
    """One process: `pages` is where members reach it, `health` where it says how it is."""

    def __init__(self, process: "subprocess.Popen[bytes]", pages: str, health: str) -> None:
        self.process, self.pages, self.health = process, pages, health

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and body of a page; with a form it is posted."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            with urllib.request.urlopen(f"http://{self.pages}{path}", data, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@contextmanager
def running_pages(bootstrap: str, partitions: int, log: Path, **settings: str) -> Iterator[RunningPages]:
    """Run `lotse pages` until it is ready; kill it at the end if it still runs."""
    pages, health = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    given = child_environment(
        LOTSE_BOOTSTRAP=bootstrap, LOTSE_CONTROL_KEY=KEY, LOTSE_PARTITIONS=str(partitions), LOTSE_PAGES_ADDRESS=pages,
        LOTSE_HEALTH_ADDRESS=health, **settings,
    )  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "streams.cli", "pages"], stdout=out, stderr=out, env=given)
    try:
        wait_until(lambda: fetch(health, "ready")[0] == 200, 60, "lotse pages is ready")
        yield RunningPages(process, pages, health)
    finally:
        process.kill()
        process.wait(60)
