"""One recorded log, folded again through Kafka with other workers, chunks, hash seeds and kills: the same to the byte."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from processors.decisions import Reason, read_decision
from streams.agents.records import AT
from streams.catalog.feed import publish
from streams.history.rehearsal import Crossings
from streams.history.replayer import Replayer
from streams.topics import ACTIVITY, DECISIONS, DELIVERY
from tests.support.chaos import Failpoint, end_offsets, read_topic
from tests.support.kafka import Broker, wait_until
from tests.support.pipeline import Pipeline, lively_bundle
from tests.support.stories import DAY, NOON
from tests.support.town import Town

pytestmark = [pytest.mark.integration, pytest.mark.chaos]

EVENTS, DAYS, SECONDS = 4000, 60, 8.0  # two months of a town, written within seconds
PARTITIONS = 4
Conclusions = dict[str, bytes]


class Run(NamedTuple):
    """How a log is folded; each worker dies once at the point, if there is one."""

    app: str
    workers: int
    chunk: int
    hash_seed: int
    dies_at: tuple[str, ...] = ()


RUNS = (
    Run("two", workers=2, chunk=7, hash_seed=2, dies_at=("half", "states")),
    Run("three", workers=3, chunk=5000, hash_seed=3, dies_at=("folded", "closed", "recovering")),
)


def deployment(broker: Broker, run: Run) -> Pipeline:
    """Return the deployment of a run; nobody but the test writes ticks."""
    pipeline = Pipeline(
        broker.bootstrap, run.app, PARTITIONS, LOTSE_TICK_S="0", LOTSE_CHUNK_RECORDS=str(run.chunk),
        PYTHONHASHSEED=str(run.hash_seed),
    )  # fmt: skip
    pipeline.prepare()
    return pipeline


def record(pipeline: Pipeline, logs: Path) -> None:
    """Replay two months while a worker folds them, so that signals come back in their midst; stop when all is folded."""
    bundle = msgspec.structs.replace(lively_bundle(), note="recorded")
    events = list(Town(5, lambda number: NOON + number * DAYS * DAY / EVENTS, members=120).events(EVENTS))
    publish(pipeline.settings.bootstrap, bundle, pipeline.codec, PARTITIONS, NOON - 60, replay=True)
    with (
        pipeline.fleet(logs) as fleet,
        closing(Replayer(pipeline.settings.bootstrap, PARTITIONS, pipeline.codec, lambda _written: None)) as replayer,
    ):
        fleet.start("w0")
        wait_until(pipeline.drained, 60, "the worker folds")
        replayer.replay(events, Crossings(frozenset(), ()), DAYS * DAY / SECONDS, lambda _: None)
        finish(pipeline)
        assert fleet.terminate("w0") == 0


def fold_again(pipeline: Pipeline, run: Run, logs: Path) -> None:
    """Fold the log from its beginning in another group, with a death of each worker on the way."""
    with pipeline.fleet(logs) as fleet:
        for number in range(run.workers):
            point = run.dies_at[number] if number < len(run.dies_at) else None
            fleet.start(f"w{number}", Failpoint(point) if point else None)
        pipeline.wait_ready(*(f"w{number}" for number in range(run.workers)))
        finish(pipeline)
        for number in range(run.workers):
            assert fleet.terminate(f"w{number}") == 0
        assert len([one for one in fleet.exits if one.code == -9]) >= 1, "no worker died: nothing was tried"


def finish(pipeline: Pipeline) -> None:
    """Wait until both logs are folded, and what came of that too."""
    calm = 0
    while calm < 2:
        wait_until(pipeline.drained, 90, "both logs folded")
        calm = calm + 1 if pipeline.drained() else 0


def conclusions(pipeline: Pipeline, since: dict[tuple[str, int], int], log: dict[tuple[str, int], int]) -> Conclusions:
    """Return decisions about records of `log`, and their commands, by id; of what was written `since`."""
    found: Conclusions = {}
    sends = set[str]()
    for topic in (DECISIONS, *DELIVERY.values()):
        for partition, records in read_topic(pipeline.settings.bootstrap, topic, PARTITIONS).items():
            for one in records:
                if one.offset < since.get((topic, partition), 0):
                    continue
                if topic == DECISIONS:
                    where, _, offset = dict(one.headers)[AT].partition(b":")
                    if int(offset) >= log[ACTIVITY, int(where)]:
                        continue
                    decision = read_decision(one.key, one.value)
                    sends |= {decision.command} if decision.command else set()
                    put(found, f"decision {decision.id}", one.value or b"")
                else:
                    name = msgspec.json.decode(one.value or b"", type=dict)["id"]
                    put(found, f"command {name}", one.value or b"")
    kept = {f"command {name}" for name in sends}
    return {name: value for name, value in found.items() if name.startswith("decision") or name in kept}


def put(found: Conclusions, name: str, value: bytes) -> None:
    """Add a conclusion; one that repeats says the same."""
    assert found.setdefault(name, value) == value, f"{name} is there twice, and differs"


def ends(pipeline: Pipeline) -> dict[tuple[str, int], int]:
    """Return where what the stages write ends."""
    found: dict[tuple[str, int], int] = {}
    for topic in (ACTIVITY, DECISIONS, *DELIVERY.values()):
        found |= end_offsets(pipeline.settings.bootstrap, topic, PARTITIONS)
    return found


def test_one_log_gives_the_same_decisions_and_commands_however_it_is_folded(
    empty_kafka: Broker, tmp_path: Path
) -> None:
    """Other worker counts, chunk sizes, hash seeds and deaths on the way; and each run is proved by replay."""
    first = deployment(empty_kafka, Run("first", workers=1, chunk=2000, hash_seed=1))
    record(first, tmp_path)
    assert first.audit().faults() == []
    log = ends(first)
    expected = conclusions(first, {}, log)
    reasons = Counter(
        msgspec.json.decode(value)["reason"] for name, value in expected.items() if name.startswith("decision")
    )
    assert len(expected) > 500
    assert reasons.keys() >= {Reason.SENT, Reason.WAIT, Reason.OPTED_OUT, Reason.COOLDOWN_PLAYBOOK}
    for run in RUNS:
        since, pipeline = ends(first), deployment(empty_kafka, run)
        fold_again(pipeline, run, tmp_path)
        assert pipeline.audit().faults() == [], run
        assert conclusions(pipeline, since, log) == expected, run
