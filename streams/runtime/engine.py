"""The engine: Faust agents fed in chunks, cuts that are all or nothing; put together here."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn

import uvloop
from aiokafka import TopicPartition
from faust.types import TP

from streams.runtime import records
from streams.runtime.checkpoint import Checkpointer
from streams.runtime.clients import start_producer
from streams.runtime.exits import EngineError, ExitCode, halt_on
from streams.runtime.failpoints import Failpoints
from streams.runtime.faust_app import new_app, warn_about_slow_parser
from streams.runtime.garbage import spare_states
from streams.runtime.health import Health, LaneHealth, PartitionHealth
from streams.runtime.membership import Membership
from streams.runtime.observer import EngineObserver, SilentObserver
from streams.runtime.outputs import Writer
from streams.runtime.ownership import Ownership
from streams.runtime.partition import Tools
from streams.runtime.quiet import quieten_clients
from streams.runtime.reader import LogEnds, LogReader
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Stage
from streams.runtime.stores import MemoryStore, Store
from streams.runtime.ticks import MakeTick, TickWriter
from streams.runtime.topology import changelog_name, prepare_topics
from streams.runtime.watchdog import Watchdog

log = logging.getLogger("lotse.engine")

WATCH_S = 3.0
# Faust's consumer has a thread of its own: a hand-over between it and the fold waits at most so long for the interpreter, with
# Python's default of 5 ms each of the several that a record needs.
SWITCH_S = 0.001


def create_engine(
    settings: EngineSettings,
    stages: Sequence[Stage],
    observer: EngineObserver | None = None,
    make_tick: MakeTick | None = None,
) -> "Engine":
    """Return an engine that is not running; `make_tick` is needed unless `settings.tick_s` is None."""
    return Engine(settings, stages, observer or SilentObserver(), make_tick)


class _Machine:
    """The moving parts of a running worker; made on its event loop."""

    def __init__(self, engine: "Engine", counts: Mapping[str, int], outputs: Any, states: Any) -> None:
        settings, observer = engine.settings, engine.observer
        changelogs = {stage.name: changelog_name(settings.application, stage.name) for stage in engine.stages.values()}
        failpoints = Failpoints(settings.failpoint, settings.failpoint_after_s, settings.failpoint_action)
        membership = Membership(engine.app, settings.commit_timeout_s)
        self.producers, self.hurry, self.ends = (outputs, states), asyncio.Event(), LogEnds(settings)
        self.writer = Writer(
            lambda topic: states if topic in engine.changelogs else outputs,
            counts,
            observer,
            lambda error: halt_on(error, "writing"),
            max_pending_bytes=settings.max_pending_bytes,
            timeout_s=settings.delivery_timeout_s,
        )
        tools = Tools(settings, self.writer, LogReader(settings), observer, self.hurry)
        tools.folded = lambda: failpoints.reached("folded")
        tools.made_room = engine.resume_intake
        self.checkpointer = Checkpointer(self.writer, membership, changelogs, failpoints, observer)
        self.membership, self.tools = membership, tools
        self.ownership = Ownership(
            engine.stages,
            changelogs,
            engine.new_store,
            tools,
            membership,
            self.checkpointer,
            failpoints,
            self.ends,
        )
        self.watchdog = Watchdog(self.checkpointer, self.ownership, self.ends, changelogs, settings.stall_s)
        self.tasks: list[asyncio.Task[None]] = []

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await self.writer.close()
        await self.ends.close()
        await asyncio.gather(*(producer.stop() for producer in self.producers))


class Engine:
    """Stages inside one Faust app. `app` may be given further tables, tasks and timers before `run`."""

    def __init__(
        self, settings: EngineSettings, stages: Sequence[Stage], observer: EngineObserver, make_tick: MakeTick | None
    ) -> None:
        if settings.tick_s is not None and make_tick is None:
            raise ValueError("ticks are on (tick_s) but no make_tick is given")
        self.settings, self.observer, self._make_tick = settings, observer, make_tick
        self.stages = {stage.source: stage for stage in stages}
        self.changelogs = {changelog_name(settings.application, stage.name) for stage in stages}
        self._machine: _Machine | None = None
        self._paused: set[TopicPartition] = set()
        self._stopping = False
        self.app = new_app(settings, frozenset(self.stages))
        self._declare()

    def run(self) -> NoReturn:
        """Run in the foreground until SIGTERM or SIGINT: a last cut, then exit code 0. Else an ExitCode."""
        # Faust's thread that consumes makes a loop of its own, by the policy alone (which Python has up to 3.15).
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        sys.setswitchinterval(SWITCH_S)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        warn_about_slow_parser()
        records.install()
        spare_states()
        quieten_clients()
        try:
            loop.run_until_complete(self._prepare())
        except Exception as error:  # noqa: BLE001  (told in one line, without a traceback)
            halt_on(error, "starting")
        self.app.conf.datadir.parent.mkdir(parents=True, exist_ok=True)
        worker = self.app.Worker(
            loop=loop, loglevel=self.settings.loglevel, redirect_stdouts=False, override_logging=False
        )
        worker.spinner = None
        try:
            worker.execute_from_commandline()
        except SystemExit as ended:
            crash = self.app.crash_reason
            if crash is not None or ended.code:
                halt_on(crash or ended, "Faust ended")
        except Exception as error:  # noqa: BLE001
            halt_on(error, "Faust ended")
        raise SystemExit(int(ExitCode.STOPPED))

    def health(self) -> Health:
        """Return what is known now; cheap."""
        machine = self._machine
        if machine is None:
            return Health(started=False, ready=False, live=True, partitions=[], pending_bytes=0)
        committed, lag = machine.checkpointer.committed, machine.watchdog.lag
        partitions = [
            PartitionHealth(tp.topic, tp.partition, run.next, committed.get(tp, 0), lag.get(tp), run.waits_for_stage)
            for tp, run in sorted(dict(machine.checkpointer.runs).items())  # a copy: probes ask from another thread
        ]
        written = [LaneHealth(*lane, end) for lane, end in sorted(machine.writer.ends().items())]
        recovered = machine.ownership.recovered
        ready = recovered and not self._stopping and not self.app.rebalancing
        return Health(recovered, ready, machine.watchdog.happy, partitions, machine.writer.pending_bytes, written)

    def new_store(self, stage: str, partition: int) -> Store:
        """Return the store for a partition's states."""
        if self.settings.store == "memory":
            return MemoryStore()
        from streams.runtime.store_rocksdb import RocksStore  # noqa: PLC0415  (loads a library only this store needs)

        return RocksStore(self.settings, stage, partition)

    def _declare(self) -> None:
        """Tell Faust the topics, tables, agents and signals."""
        for source, stage in self.stages.items():
            topic = self.app.topic(source, key_serializer="raw", value_serializer="raw", acks=False)
            self.app.Table(stage.name, key_type=bytes, value_type=bytes, partitions=self.settings.partitions)
            self.app.agent(topic, name=f"{stage.name}-stage")(self._intake)
        self.app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        self.app.on_rebalance_complete.connect(self._on_rebalance_complete, weak=False)
        self.app.on_before_shutdown.connect(self._on_before_shutdown, weak=False)

    async def _prepare(self) -> None:
        counts = await prepare_topics(self.settings, list(self.stages.values()))
        outputs, states = await start_producer(self.settings), await start_producer(self.settings)
        machine = self._machine = _Machine(self, counts, outputs, states)
        settings = self.settings
        machine.tasks.append(_every(settings.checkpoint_s, machine.checkpointer.checkpoint, "cut", machine.hurry))
        machine.tasks.append(_every(WATCH_S, machine.watchdog.look, "watchdog"))
        if settings.tick_s is not None and self._make_tick is not None:
            ticks = TickWriter(machine.writer, machine.checkpointer, self._make_tick)
            machine.tasks.append(_every(settings.tick_s, ticks.write, "ticks"))

    def _running(self) -> _Machine:
        if self._machine is None:
            raise EngineError(ExitCode.UNEXPECTED, "the engine is not running; start it with Engine.run")
        return self._machine

    async def _intake(self, stream: Any) -> None:
        """Agent: pass each chunk to its partition, and hold the flow back where that has enough."""
        runs = self._running().checkpointer.runs
        async for event in stream.events():
            message = event.message
            source = TopicPartition(message.topic, message.partition)
            run = runs.get(source)
            if run is None:
                continue  # from before a rebalance: it will be read again
            run.offer(event.value)
            await run.drained()
            if run.full():  # it waits for its stage: the others go on
                self._paused.add(source)
                self.app.consumer.on_buffer_full(TP(*source))

    def resume_intake(self, source: TopicPartition) -> None:
        """Let Faust fetch a partition again that waited for its stage."""
        if source in self._paused:
            self._paused.discard(source)
            self.app.consumer.on_buffer_drop(TP(*source))

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        await self._give_up("giving partitions up")

    async def _on_before_shutdown(self, *_: Any, **__: Any) -> None:
        """At stop Faust does not signal the revocation."""
        self._stopping = True
        await self._give_up("stopping")
        await self._running().close()

    async def _give_up(self, doing: str) -> None:
        self._paused.clear()
        try:
            await self._running().ownership.give_up(self.settings.last_cut_timeout_s)
        except Exception as error:  # noqa: BLE001
            halt_on(error, doing)

    async def _on_rebalance_complete(self, *_: Any, **__: Any) -> None:
        """Faust resumes and seeks after this, with the flow on: stop it, or it delivers, rewinds and drops."""
        self.app.consumer.stop_flow()
        self.app.flow_control.suspend()
        machine = self._running()
        try:
            assigned = machine.membership.assignment()
            await machine.membership.begin_fetching({tp for tp in assigned if tp.topic in self.changelogs})
            await machine.ownership.take_over(assigned)
            spare_states()
        except Exception as error:  # noqa: BLE001
            if not self._stopping:  # which closes what this works with
                halt_on(error, "taking partitions over")


def _every(
    seconds: float, work: Callable[[], Awaitable[object] | None], name: str, hurry: asyncio.Event | None = None
) -> asyncio.Task[None]:
    """Do something every so often, or when hurried; an exception ends the process."""
    wake = hurry or asyncio.Event()

    async def loop() -> None:
        while True:
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                pass
            wake.clear()
            try:
                done = work()
                if done is not None:
                    await done
            except Exception as error:  # noqa: BLE001
                halt_on(error, name)

    return asyncio.get_running_loop().create_task(loop(), name=name)
