"""Ours and other engines at the same jobs, on the same broker and load, per CPU-second of the engine's process.

Each engine starts with a first load (its imports, its rebalance, Java's compiler), then is frozen while a load is
written, goes on, and is done when it has answered each partition's mark and another two seconds have passed, in which
states and offsets are written. The figure is the median of its rounds.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple, Self

from kafka import KafkaConsumer, TopicPartition

from streams.codec import Codec
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.engine_process import ROOT, EngineProcess, module
from tests.benchmarks.figures import Figures, Reasons
from tests.benchmarks.jobs import mark
from tests.benchmarks.loading import Row, by_partition, write
from tests.benchmarks.reference_mix import records
from tests.benchmarks.worker import PARTITIONS
from tests.support.kafka import create_topics
from tests.support.processes import tool

PEERS = ROOT / "tests" / "benchmarks" / "peers"
STREAMS_HOME = ROOT / "build" / "kafka-streams"
MEMBERS, SETTLE_S, DONE_S, FETCH_S = 50_000, 2.0, 240.0, 300.0
NOWHERE = 1.76e9  # when the load's events happened: no job looks at the clock
JVM = ("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC")


class Engine(NamedTuple):
    """An engine that does jobs: its command line for (bootstrap, job, source, target, folder), and how much it is given."""

    name: str
    command: Callable[..., Sequence[str]]
    warm: int
    load: int


def python_engine(name: str, program: str, python: str, warm: int, load: int) -> Engine:
    """Return an engine that is a module of peers/."""
    return Engine(name, lambda *about: module(f"tests.benchmarks.peers.{program}", *about, python=python), warm, load)


def kafka_streams(warm: int, load: int) -> Engine:
    """Return Kafka Streams, compiled; it does the member count alone. Raises `RuntimeError` where that fails."""
    libs, classes = STREAMS_HOME / "libs", STREAMS_HOME / "classes"
    if not any(libs.glob("kafka-streams-*.jar")):
        pom = PEERS / "kafka-streams-pom.xml"
        _run([tool("mvn"), "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={libs}"])
    _run([tool("javac"), "-cp", f"{libs}/*", "-d", str(classes), str(PEERS / "MemberCount.java")])

    def command(bootstrap: str, _job: str, source: str, target: str, folder: str) -> list[str]:
        return [tool("java"), *JVM, "-cp", f"{classes}:{libs}/*", "MemberCount", bootstrap, source, target, folder]

    return Engine("kafka_streams", command, warm, load)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_S, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stdout + done.stderr)[-500:]}")


class Contest:
    """One job, several engines, each on a topic of its own with the same load."""

    def __init__(self, bootstrap: str, job: str, folder: Path, engines: Sequence[Engine]) -> None:
        self._bootstrap, self._job, self._folder, self._engines = bootstrap, job, folder, engines
        self._codec = Codec(KEY.encode())
        largest = max(max(engine.warm, engine.load) for engine in engines)
        self._rows = records(largest, MEMBERS, NOWHERE, self._codec)
        self._marks = 0
        self.reasons: Reasons = {}

    def run(self, rounds: int) -> dict[str, float]:
        """Return events per CPU-second by engine; whoever fails is left out, with its reason in `reasons`."""
        found: dict[str, list[float]] = {}
        with ExitStack() as running:
            for engine in self._engines:
                try:
                    process = running.enter_context(self._started(engine))
                    self._load(engine, process, engine.warm)
                    figures = [engine.load / self._load(engine, process, engine.load) for _ in range(rounds)]
                except (RuntimeError, TimeoutError, OSError) as error:
                    self.reasons[engine.name] = str(error)[:300]
                else:
                    found[engine.name] = figures
                    process.freeze()
        return {name: median(figures) for name, figures in found.items()}

    def _topics(self, engine: Engine) -> tuple[str, str]:
        return f"{engine.name}-{self._job}-in", f"{engine.name}-{self._job}-out"

    def _started(self, engine: Engine) -> EngineProcess:
        source, target = self._topics(engine)
        create_topics(self._bootstrap, {source: PARTITIONS, target: PARTITIONS})
        state = self._folder / f"{engine.name}-{self._job}"
        command = engine.command(self._bootstrap, self._job, source, target, str(state))
        return EngineProcess(command, self._folder / f"{engine.name}-{self._job}.log")

    def _load(self, engine: Engine, process: EngineProcess, count: int) -> float:
        """Return the CPU-seconds that a load of so many events took."""
        source, target = self._topics(engine)
        self._marks += 1
        parts = by_partition(self._rows[:count], PARTITIONS)
        for number, rows in enumerate(parts):
            rows.append(_mark_row(number, self._marks, self._codec))
        with _Answers(self._bootstrap, target) as answers:
            process.freeze()
            try:
                write(self._bootstrap, source, parts)
                before = process.cpu_s()
            finally:
                process.thaw()
            answers.wait(process)
        time.sleep(SETTLE_S)
        return process.cpu_s() - before


def _mark_row(partition: int, number: int, codec: Codec) -> Row:
    return f"mark/{partition}".encode(), mark(partition, number, codec)


class _Answers:
    """Waits for the answers to the marks of one load."""

    def __init__(self, bootstrap: str, target: str) -> None:
        self._consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
        self._consumer.assign([TopicPartition(target, number) for number in range(PARTITIONS)])
        self._consumer.seek_to_end()
        for one in self._consumer.assignment():
            self._consumer.position(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def wait(self, process: EngineProcess) -> None:
        """Return when each partition's mark is answered."""
        deadline, answered = time.monotonic() + DONE_S, 0
        while answered < PARTITIONS:
            process.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{answered} of {PARTITIONS} partitions done within {DONE_S:g} s")
            for found in self._consumer.poll(timeout_ms=200).values():
                answered += sum(1 for record in found if record.value.startswith(b'{"mark"'))


def ratios(job: str, found: Mapping[str, float], reasons: Reasons) -> tuple[Figures, Reasons]:
    """Return ours ÷ theirs, and the plain figures, under their names in bench.json."""
    suffix = "_ratio" if job == "step" else f"_{job}_ratio"
    names = {name: "kafka_streams_ratio" if name == "kafka_streams" else name + suffix for name in (*found, *reasons)}
    figures: Figures = {f"{name}_{job}_per_cpu_s": round(value) for name, value in found.items()}
    ours = found.get("lotse")
    for name, value in found.items():
        if name != "lotse" and ours:
            figures[names[name]] = round(ours / value, 2)
    return figures, {names[name]: reason for name, reason in reasons.items()}


def measure(bootstrap: str, folder: Path, python: str, scale: float = 1.0, rounds: int = 3) -> tuple[Figures, Reasons]:
    """Return the ratios of both jobs; `python` is the interpreter that has the peers."""

    def engine(name: str, program: str, warm: int, load: int, *, own: bool = False) -> Engine:
        return python_engine(name, program, sys.executable if own else python, int(warm * scale), int(load * scale))

    figures: Figures = {}
    reasons: Reasons = {}
    for job, size in (("step", 60_000), ("count", 150_000)):
        engines = [
            engine("lotse", "lotse_engine", size, 2 * size, own=True),
            engine("plain_faust", "plain_faust", 2_000, 8_000),
            engine("quix", "quix", 15_000, 60_000),
            engine("bytewax", "bytewax_flow", 15_000, 60_000),
        ]
        if job == "count":
            try:
                engines.append(kafka_streams(int(300_000 * scale), int(300_000 * scale)))
            except RuntimeError as error:
                reasons["kafka_streams_ratio"] = str(error)
        contest = Contest(bootstrap, job, folder, engines)
        more, why = ratios(job, contest.run(rounds), contest.reasons)
        figures |= more
        reasons |= why
    return figures, reasons
