"""An engine under measurement: a process whose CPU-seconds and resident memory are read, and that can be frozen."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
STOP_S = 30.0


class EngineProcess:
    """A child process; at the end it is gone, however it ends. Its output goes to `log`."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._log = log
        environment = {**(environment or os.environ), "PYTHONPATH": str(ROOT)}
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=ROOT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.kill()
        self._process.wait(STOP_S)

    def cpu_s(self) -> float:
        """Return the CPU-seconds used so far, user and system, all threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_bytes(self) -> int:
        """Return the resident memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def freeze(self) -> None:
        """Stop all its threads, so that a load is there as a whole when it goes on."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def check(self) -> None:
        """Raise `RuntimeError` with the end of its log if it has ended."""
        if self._process.poll() is not None:
            words = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            raise RuntimeError(f"it ended with exit code {self._process.returncode}:\n" + "\n".join(words))


def module(name: str, *arguments: str, python: str = sys.executable) -> list[str]:
    """Return the command line of a module of this tree."""
    return [python, "-W", "ignore", "-m", name, *arguments]
