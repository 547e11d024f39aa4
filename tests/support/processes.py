"""What a server under test needs: a free port, a bounded wait, and a process that starts, stops and is killed."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

PORTS = range(
    15_000, 32_000
)  # below what Linux and macOS give to outgoing connections: a port stays free while its server is down
STOP_S = 30.0
LONGEST_PAUSE_S, PATIENCE_S = 1.0, 90.0


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    for port in random.sample(PORTS, 200):
        if listens(port):
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port among 200 that were tried")


_HELD: list[socket.socket] = []


def dead_port() -> int:
    """Return a port of loopback that refuses connections for as long as this process lives: bound, so that nobody else gets it."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    return int(held.getsockname()[1])


def listens(port: int) -> bool:
    """Return whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(
    condition: Callable[[], Any], timeout_s: float, what: str, interval_s: float = 0.1, *, promised: bool = False
) -> Any:
    """Return the condition's first truthy value. Raises `TimeoutError` that names what was waited for.

    A look that takes long is followed by a longer pause, so that to wait costs what is waited for little. Where the
    bound is not one that users are `promised`, a machine that is busy with other tests gets a minute and a half at least.
    """
    timeout_s = timeout_s if promised else max(timeout_s, PATIENCE_S)
    deadline = time.monotonic() + timeout_s
    while True:
        began = time.monotonic()
        value = condition()
        if value:
            return value
        ended = time.monotonic()
        if ended > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        time.sleep(min(max(interval_s, 6 * (ended - began)), LONGEST_PAUSE_S))


def tool(name: str) -> str:
    """Return the path of a program that the tests need; without it the test fails and says how to get it."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if path is None:
        pytest.fail(
            f"{name} is missing: `make test` installs it where apt-get and root are; else install it", pytrace=False
        )
    return path


class Server:
    """One server process; `stop`, `kill` and `start` keep its port and data."""

    def __init__(
        self, name: str, command: Sequence[str], home: Path, ready: Callable[[], bool], ready_s: float
    ) -> None:
        self._name, self._command, self._ready, self._ready_s = name, command, ready, ready_s
        self.home, self.log = home, home / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers. Raises `RuntimeError` with the end of its log where it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=subprocess.STDOUT, cwd=self.home)
        try:
            wait_until(self._answers, self._ready_s, f"{self._name} answers")
        except (TimeoutError, RuntimeError) as error:
            self.kill()
            raise RuntimeError(f"{error}; the end of its log:\n{self._last_words()}") from None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for its end; a second call does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_S)

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        self.stop(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze the process: its connections stay open, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError(f"{self._name} does not run")
        self._process.send_signal(number)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"{self._name} ended with exit code {self._process.returncode}")
        return self._ready()

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
