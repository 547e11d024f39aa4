"""The engine: Faust agents fed in chunks, cuts that are all or nothing; put together here."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import faust
import uvloop
from aiokafka import TopicPartition
from aiokafka.record import default_records
from faust.types import TP

from streams.runtime.checkpoint import Checkpointer
from streams.runtime.chunks import chunk_scheduler
from streams.runtime.clients import new_producer
from streams.runtime.exits import EngineError, ExitCode, halt, halt_on
from streams.runtime.failpoints import Failpoints
from streams.runtime.health import Health, PartitionHealth
from streams.runtime.membership import Membership
from streams.runtime.observer import EngineObserver, SilentObserver
from streams.runtime.outputs import Writer
from streams.runtime.ownership import Ownership
from streams.runtime.partition import PartitionRun, Tools
from streams.runtime.reader import LogEnds, LogReader
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Stage
from streams.runtime.stores import MemoryStore, Store
from streams.runtime.tables import StateTable
from streams.runtime.ticks import MakeTick, TickWriter
from streams.runtime.topology import changelog_name, prepare_topics
from streams.runtime.watchdog import Watchdog

log = logging.getLogger("lotse.engine")

WATCH_S = 3.0


def create_engine(
    settings: EngineSettings,
    stages: Sequence[Stage],
    observer: EngineObserver | None = None,
    make_tick: MakeTick | None = None,
) -> "Engine":
    """Return an engine that is not running; `make_tick` is needed unless `settings.tick_s` is None."""
    return Engine(settings, stages, observer or SilentObserver(), make_tick)


class Engine:
    """Stages inside one Faust app. `app` may be given further tables, tasks and timers before `run`."""

    def __init__(
        self, settings: EngineSettings, stages: Sequence[Stage], observer: EngineObserver, make_tick: MakeTick | None
    ) -> None:
        if settings.tick_s is not None and make_tick is None:
            raise ValueError("ticks are on (tick_s) but no make_tick is given")
        self.settings, self._observer, self._make_tick = settings, observer, make_tick
        self._stages = {stage.source: stage for stage in stages}
        self._changelogs = {stage.name: changelog_name(settings.application, stage.name) for stage in stages}
        self._failpoints = Failpoints(settings.failpoint, settings.failpoint_after_s, settings.failpoint_action)
        self._hurry = asyncio.Event()
        self._ends = LogEnds(settings)
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.app = faust.App(settings.application, **faust_settings(settings, frozenset(self._stages)))
        self._membership = Membership(self.app, settings.commit_timeout_s)
        self._declare()

    def run(self) -> NoReturn:
        """Run in the foreground until SIGTERM or SIGINT: a last cut, then exit code 0. Else an ExitCode."""
        uvloop.install()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        warn_about_slow_parser()
        try:
            self._counts = loop.run_until_complete(prepare_topics(self.settings, list(self._stages.values())))
        except EngineError as error:
            halt(error.code, error.reason)
        worker = self.app.Worker(loop=loop, loglevel=self.settings.loglevel, redirect_stdouts=False)
        worker.spinner = None
        try:
            worker.execute_from_commandline()
        except SystemExit as ended:
            if ended.code or self.app.crash_reason is not None:
                halt_on(self.app.crash_reason or ended, "Faust ended")
            raise SystemExit(ExitCode.STOPPED) from None
        raise AssertionError("Faust's worker returned")

    def health(self) -> Health:
        """Return what is known now; cheap."""
        if not self._tasks:
            return Health(started=False, ready=False, live=True, partitions=[], pending_bytes=0)
        committed, lag = self._checkpointer.committed, self._watchdog.lag
        partitions = [
            PartitionHealth(tp.topic, tp.partition, run.next, committed.get(tp, 0), lag.get(tp), run.waits_for_stage)
            for tp, run in sorted(self._checkpointer.runs.items())
        ]
        recovered = self._ownership.recovered
        ready = recovered and not self._stopping and not self.app.rebalancing
        return Health(recovered, ready, self._watchdog.happy, partitions, self._writer.pending_bytes)

    def _declare(self) -> None:
        """Tell Faust the topics, tables, agents and signals."""
        for source, stage in self._stages.items():
            topic = self.app.topic(source, key_serializer="raw", value_serializer="raw", acks=False)
            self.app.Table(stage.name, key_type=bytes, value_type=bytes, partitions=self.settings.partitions)
            self.app.agent(topic, name=f"{stage.name}-stage")(self._intake)
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        self.app.on_rebalance_complete.connect(self._on_rebalance_complete, weak=False)
        self.app.on_before_shutdown.connect(self._on_before_shutdown, weak=False)
        self.app.task(self._start)

    async def _start(self) -> None:
        """Begin the engine's own tasks; Faust runs this once its tables are recovered."""
        settings, every = self.settings, self._every
        self._tasks.append(every(settings.checkpoint_s, self._checkpointer.checkpoint, self._hurry))
        self._tasks.append(every(WATCH_S, self._watchdog.look))
        if settings.tick_s is not None and self._make_tick is not None:
            ticks = TickWriter(self._writer, self._checkpointer, self._make_tick)

            async def write_ticks() -> None:
                ticks.write()

            self._tasks.append(every(settings.tick_s, write_ticks))

    async def _intake(self, stream: Any) -> None:
        """Agent: pass each chunk to its partition, and hold the flow back where it has enough."""
        async for event in stream.events():
            message = event.message
            source = TopicPartition(message.topic, message.partition)
            run = self._checkpointer.runs.get(source)
            if run is None:
                continue  # from before a rebalance: it will be read again
            run.offer(event.value)
            if run.full() and run.waits_for_stage:
                self._pause(run, source)
            else:
                await run.drained()

    def _pause(self, run: PartitionRun, source: TopicPartition) -> None:
        raise NotImplementedError
