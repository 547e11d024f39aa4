"""What takes seconds to count (measures, journeys, what became of resources) is counted by a process of its own, while pages show the last count."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import msgspec

from processors.decisions import Decision
from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.funnel import Funnel, funnels
from processors.playbooks.resources import Bundle
from resource_catalog.health.usage import OUTCOME, Usage, Use
from streams.catalog.feed import last_published
from streams.errors import UserError
from streams.report.build import Report, from_records
from streams.report.recorded import recorded
from streams.settings import Settings, as_environment, child_environment, load_settings

FRESH_S = 600.0  # a count this old is made anew when somebody looks;
SOON_S, SHARE = 20.0, 5.0  # sooner where it took little: after so many times as long, and not before so long
AGAIN_S = 30.0  # after one that failed
MOST = 1_000_000  # events, and as many decisions: about 1 GB while they are counted
NICE = 10  # pages and workers go first


class Counted(msgspec.Struct, frozen=True):
    """One count: when (epoch s), the report, the funnels, and what became of each resource in so many days."""

    at: float
    report: Report
    journeys: list[Funnel]
    usage: dict[str, Use]
    first: float
    last: float

    def used(self) -> Usage:
        """Return what became of resources, as catalog health takes it."""
        usage = Usage()
        usage.of.update(self.usage)
        usage.first, usage.last = self.first, self.last
        return usage


class Counting:
    """Starts a count when somebody asks and the last is old; never two at once."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._counted: Counted | None = None
        self._tried = self._took = 0.0
        self.fault = ""  # why the last try gave nothing; empty where it did

    def latest(self) -> Counted | None:
        """Return the last count, None before there is one; begin another where it is time."""
        with self._lock:
            wait = AGAIN_S if self.fault else min(FRESH_S, max(SOON_S, SHARE * self._took))
            if self._process is None and self._clock() - self._tried >= wait:
                self._tried = self._clock()
                self._begin()
            return self._counted

    @property
    def last(self) -> Counted | None:
        """The last count, without asking for another."""
        return self._counted

    @property
    def busy(self) -> bool:
        """Whether a count is under way."""
        return self._process is not None

    def stop(self) -> None:
        """End a count under way."""
        process = self._process
        if process is not None:
            process.terminate()

    def _begin(self) -> None:
        environment = child_environment(**as_environment(self._settings))
        command = [sys.executable, "-m", "streams.console.counting"]
        try:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)  # noqa: S603  (ourselves)
        except OSError as error:
            self.fault = str(error)
            return
        threading.Thread(target=self._wait, args=(self._process,), name="console-counting", daemon=True).start()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        out, said = process.communicate()
        with self._lock:
            self._process = None
            self._took = self._clock() - self._tried
            try:
                self._counted, self.fault = msgspec.json.decode(out, type=Counted), ""
            except msgspec.DecodeError:
                lines = said.decode(errors="replace").strip().splitlines()
                self.fault = lines[-1] if lines else f"the count ended with {process.returncode}"


def count(events: list[Event], decisions: list[Decision], bundle: Bundle, now: float) -> Counted:
    """Count what was recorded, at a time (epoch s)."""
    usage = Usage()
    for decision in decisions:
        usage.decided(decision)
    for event in events:
        command = getattr(event.data, "command", "")
        if event.type.startswith(OUTCOME) and command:
            usage.told(event.type.removeprefix(OUTCOME), command, event.time)
    found = funnels(Catalog(bundle), sorted((one for one in events if "/" in one.key), key=lambda one: one.time))
    report = from_records(events, decisions, bundle, None)
    first = usage.first if usage.last else 0.0
    return Counted(now, report, found, dict(usage.of), first, usage.last)


def main() -> None:
    """Count once and print it, for the console."""

    os.nice(NICE)
    settings = load_settings().settings
    try:
        bundle = last_published(settings.bootstrap)
        if bundle is None:
            raise UserError("no catalog is published; run: lotse catalog publish")
        found = count(*recorded(settings, MOST), bundle, time.time())
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.code) from None
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
