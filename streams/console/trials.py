"""Backtests of the console: each in a process of its own, one at a time, with an end; the newest reports are kept as files."""

import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from streams.backtest.apart import Job, Told
from streams.backtest.report import Report
from streams.errors import UserError

KEPT = 40  # reports; the oldest goes
SECONDS_MAX = 900.0
COMMAND = (sys.executable, "-m", "streams.backtest.apart")
State = Literal["running", "done", "failed", "cancelled"]


class About(msgspec.Struct, frozen=True):
    """What was tried: a playbook, the digest of its content, on what, by whom, when (epoch s)."""

    playbook: str
    digest: str
    on: str
    author: str
    since: float


class Trial(msgspec.Struct):
    """One backtest: how far it is, and what came of it."""

    id: str
    about: About
    state: State = "running"
    done: int = 0
    total: int = 0
    problem: str = ""
    report: Report | None = None


class Trials:
    """Runs and remembers them. `named` makes of a member's key what a report may keep; what was under way at a restart is lost."""

    def __init__(
        self,
        folder: Path,
        named: Callable[[str], str],
        command: Sequence[str] = COMMAND,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self._folder, self._named, self._command, self._seconds = folder, named, tuple(command), seconds_max
        self._lock = threading.Lock()
        self._current: Trial | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, job: Job, about: About) -> Trial:
        """Begin one. Raises `UserError` while another runs."""
        with self._lock:
            running = self._current
            if running is not None and running.state == "running":
                raise UserError(f"a backtest of {running.about.playbook} is running; wait for its end, or cancel it")
            trial = Trial(secrets.token_hex(8), about)
            process = subprocess.Popen(  # noqa: S603  (ourselves)
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._current, self._process = trial, process
        threading.Thread(target=self._watch, args=(trial, process, job), name="backtest", daemon=True).start()
        return trial

    def cancel(self, name: str) -> bool:
        """End one that runs; tell whether it ran."""
        with self._lock:
            trial, process = self._current, self._process
            if trial is None or process is None or trial.id != name or trial.state != "running":
                return False
            trial.state = "cancelled"
        process.kill()
        return True

    def stop(self) -> None:
        """End what runs: the console stops."""
        if self._current is not None:
            self.cancel(self._current.id)

    def find(self, name: str) -> Trial | None:
        """Return one by its id, None where it is not kept any more."""
        if self._current is not None and self._current.id == name:
            return self._current
        return self._read(self._folder / f"{name}.json") if name.isalnum() else None

    def of(self, playbook: str) -> list[Trial]:
        """Return those of a playbook, the newest first."""
        kept = [one for path in self._files() if (one := self._read(path))]
        if self._current is not None and self._current.id not in {one.id for one in kept}:
            kept.append(self._current)
        return sorted((one for one in kept if one.about.playbook == playbook), key=lambda one: -one.about.since)

    def _watch(self, trial: Trial, process: "subprocess.Popen[bytes]", job: Job) -> None:
        """Follow a process to its end; what it wrote last counts."""
        timed_out = threading.Event()

        def end() -> None:
            timed_out.set()
            process.kill()

        late = threading.Timer(self._seconds, end)
        late.start()
        try:
            with process:  # closes its streams, and waits for its end
                self._talk(trial, process, job)
        except (OSError, msgspec.DecodeError) as error:
            trial.problem = f"it could not be followed ({type(error).__name__})"
        finally:
            late.cancel()
        if trial.state == "running":
            too_long = f"it took longer than {self._seconds:.0f} s; try fewer days"
            said = too_long if timed_out.is_set() else "it ended without a word"
            trial.problem, trial.state = trial.problem or said, "failed"
        self._keep(trial)

    def _talk(self, trial: Trial, process: "subprocess.Popen[bytes]", job: Job) -> None:
        """Tell a process its job, and take what it says; it is ended where it says what cannot be read."""
        assert process.stdin is not None, "it was asked for"  # noqa: S101
        assert process.stdout is not None, "it was asked for"  # noqa: S101
        try:
            with suppress(BrokenPipeError):  # its end says why
                process.stdin.write(msgspec.json.encode(job))
                process.stdin.flush()
            with suppress(BrokenPipeError):
                process.stdin.close()
            for line in process.stdout:
                self._take(trial, line)
        finally:
            process.kill()

    def _take(self, trial: Trial, line: bytes) -> None:
        told = msgspec.json.decode(line, type=Told)
        if trial.state != "running":
            return
        if told.problem:
            trial.problem, trial.state = told.problem, "failed"
        trial.done, trial.total = told.done or trial.done, told.total or trial.total
        if told.report is not None:
            samples = [msgspec.structs.replace(one, member=self._named(one.member)) for one in told.report.samples]
            trial.report = msgspec.structs.replace(told.report, samples=samples)
            trial.state = "done"

    def _keep(self, trial: Trial) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{trial.id}.json"
        path.touch(0o600)
        path.write_bytes(msgspec.json.encode(trial))
        for old in self._files()[:-KEPT]:
            old.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """Return the files of kept ones, the oldest first."""
        return sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)

    @staticmethod
    def _read(path: Path) -> Trial | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Trial)
        except (OSError, msgspec.DecodeError):
            return None
