"""A history through the whole deployment: broker, store, worker and delivery as processes, until the log is drained."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from kafka import TopicPartition

from processors.decisions import Decision, read_decision
from processors.events import Event
from processors.measures import Measures
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from resource_catalog.loader import SHIPPED
from sinks.embedded_store import NoEmbeddedStoreError, embedded_store
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.delivery.one_channel import group_of
from streams.errors import UNREACHABLE, UserError
from streams.history.rehearsal import rehearse
from streams.history.replayer import Replayer
from streams.history.settling import Ends, Settling
from streams.servers.embedded_broker import embedded_broker, free_port
from streams.servers.log_reader import connect, read_partition, read_topic
from streams.settings import Settings, child_environment, new_key
from streams.topic_plan import create_missing
from streams.topics import DECISIONS, DELIVERY, TOPICS

PARTITIONS = 1  # of two, the threads' order would depend on which is read first, and a replay would not be repeatable
DRAIN_S = 120.0
LINK = re.compile(r"http\S+/join/\S+")
STOP_S = 15.0
START_S = 60.0


class Deployment:
    """Processes that live for one replay."""

    def __init__(self, settings: Settings, commands_log: Path) -> None:
        self.settings, self.commands_log = settings, commands_log
        self.codec = Codec(settings.control())
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def check(self) -> None:
        """Raise `UserError` where a process has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise UserError(
                    f"lotse {name} ended with exit code {process.returncode}; {self._last_words(name)}", UNREACHABLE
                )

    def start(self, name: str, *arguments: str) -> None:
        """Start `lotse <name>`; what it prints goes to its log, commands delivered to the commands log."""
        address = self.settings.health_address if name == "worker" else "127.0.0.1:0"
        environment = child_environment(**self._environment(), LOTSE_HEALTH_ADDRESS=address)
        command = [sys.executable, "-m", "streams.cli", name, *arguments]
        printed = self.commands_log if name == "deliver" else self.log(name)
        with printed.open("wb") as out, self.log(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603  (ourselves)
                command, stdout=out, stderr=log, env=environment, start_new_session=True
            )

    def console_link(self) -> str:
        """Start the console and return the link that makes its first account. Raises `UserError` where it does not start."""
        self.start("console")
        deadline = time.monotonic() + START_S
        while True:
            self.check()
            found = LINK.search(self.log("console").read_text(encoding="utf-8"))
            if found:
                return found[0]
            if time.monotonic() > deadline:
                raise UserError(f"the console did not start within {START_S:.0f} s; {self._last_words('console')}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop all, the last started first."""
        for process in reversed(self._processes.values()):
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_S)

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.commands_log.parent / f"{name}.log"

    def _last_words(self, name: str) -> str:
        lines = self.log(name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            "LOTSE_BOOTSTRAP": settings.bootstrap, "LOTSE_REDIS": settings.redis, "LOTSE_PARTITIONS": str(settings.partitions),
            "LOTSE_CONSOLE_ADDRESS": settings.console_address, "LOTSE_CONSOLE_DB": str(settings.console_db),
            "LOTSE_CATALOG": str(settings.catalog), "LOTSE_CONSOLE_HISTORY": settings.console_history,
            "LOTSE_CONTROL_KEY": settings.control_key, "LOTSE_TICK_S": "0", "LOTSE_IDEMPOTENT": "false", "LOTSE_CHECKPOINT_S": "0.2",
            "LOTSE_LOG_FORMAT": "text",
        }  # fmt: skip


def _own(catalog: Path, home: Path) -> Path:
    """Return a catalog that may be written: the one given, or an empty one over the shipped one."""
    if catalog.resolve() != SHIPPED.resolve():
        return catalog
    (home / "catalog" / "playbooks").mkdir(parents=True)
    return home / "catalog"


@contextmanager
def deployment(say: Callable[[str], None], catalog: Path = SHIPPED, history: str = "") -> Iterator[Deployment]:
    """Start embedded broker and store, topics, worker and delivery; stop all at the end, however it ends.

    The console writes playbooks into `catalog` (over the shipped one into a folder that goes with the deployment), and may try them on `history`.
    """
    with ExitStack() as stack:
        say("starting the embedded broker and store (for trying out only: nothing is kept)")
        bootstrap = stack.enter_context(embedded_broker())
        try:
            redis = stack.enter_context(embedded_store())
        except NoEmbeddedStoreError as error:
            raise UserError(str(error), UNREACHABLE) from None
        home = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="lotse-replay-", ignore_cleanup_errors=True))
        )
        settings = Settings(
            bootstrap=bootstrap, redis=redis, partitions=PARTITIONS, control_key=new_key(), health_address=f"127.0.0.1:{free_port()}",
            console_address=f"127.0.0.1:{free_port()}", console_db=home / "console.sqlite", catalog=_own(catalog, home),
            console_history=history,
        )  # fmt: skip
        running = Deployment(settings, home / "commands.log")
        create_missing(settings)
        stack.callback(running.stop)
        say("starting the detection worker and the delivery process")
        running.start("worker")
        running.start("deliver", "--channel", "console")
        yield running


def replay_online(
    running: Deployment,
    events: Sequence[Event],
    bundle: Bundle,
    speed: float,
    on_event: Callable[[Event], None],
    on_wait: Callable[[], None],
) -> dict[str, object]:
    """Publish the catalog, replay at `speed`, wait until all is folded and delivered; return the summary of `Measures`."""
    settings, measures, began = running.settings, Measures(), time.perf_counter()
    publish(settings.bootstrap, bundle, running.codec, settings.partitions, events[0].time - 60, replay=True)
    crossings = rehearse(events, Catalog(bundle))
    settling = Settling(settings.health_address, running.check)
    replayer = Replayer(settings.bootstrap, settings.partitions, running.codec, settling.wait)

    def written(event: Event) -> None:
        measures.event(event)
        on_event(event)

    with closing(replayer):
        replayer.replay(events, crossings, speed, written)
    ends = settling.ends()
    _drain(running, ends, on_wait)
    for decision in decisions(settings.bootstrap, ends):
        measures.decision(decision)
    dead = sum(1 for spec in TOPICS if spec.name.endswith(".dlq") for _ in read_topic(settings.bootstrap, spec.name))
    return measures.summary(time.perf_counter() - began, dead)


def decisions(bootstrap: str, ends: Ends) -> list[Decision]:
    """Return each decision that was written before `ends`, once."""
    found: dict[str, Decision] = {}
    for (topic, partition), end in sorted(ends.items()):
        if topic == DECISIONS:
            for record in read_partition(bootstrap, topic, partition, end, written=True):
                one = read_decision(record.key, record.value)
                found[one.id] = one
    return list(found.values())


def _drain(running: Deployment, ends: Ends, on_wait: Callable[[], None]) -> None:
    """Wait until every command that was written before `ends` has come to its end."""
    wanted = {TopicPartition(*where): end for where, end in ends.items() if where[0] in DELIVERY.values()}
    deadline = time.monotonic() + DRAIN_S
    with closing(connect(running.settings.bootstrap, group_of(running.settings.app, "console"))) as consumer:
        while any((consumer.committed(one) or 0) < end for one, end in wanted.items()):
            running.check()
            if time.monotonic() > deadline:
                raise UserError(f"commands were not delivered within {DRAIN_S:.0f} s", UNREACHABLE)
            on_wait()
            time.sleep(0.2)
