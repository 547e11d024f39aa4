"""Each benchmark runs at tiny size and gives its figures; none of them is judged here."""

import sys
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from processors.detectors import DETECTORS
from processors.vocabulary import VOCABULARY
from streams.codec import Codec
from tests.benchmarks import comparison, detecting, folding, gateway, latency, pipeline, recovery
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.figures import BARS, save, table
from tests.benchmarks.jobs import JOBS, MARK, mark
from tests.benchmarks.reference_mix import events, records
from tests.support.kafka import Broker


def test_the_mix_is_the_reference_mix() -> None:
    """The shares of the design, within what chance allows; both languages; the same for the same seed."""
    made = list(events(20_000, 1_000, 0.0))
    words = [one for one in made if one.type in ("post.created", "post.replied")]
    share = {
        kind: sum(one.type.startswith(kind) for one in made) / len(made) for kind in ("post.c", "post.repl", "outcome")
    }
    assert share == pytest.approx({"post.c": 0.05, "post.repl": 0.2, "outcome": 0.1}, abs=0.015)
    english = sum(" the " in f" {getattr(one.data, 'text', '')} " for one in words)
    german = sum(" der " in f" {getattr(one.data, 'text', '')} " for one in words)
    assert english > german > len(words) // 10
    assert made[:50] == list(events(50, 1_000, 0.0))


def test_few_members_do_most() -> None:
    """Zipf's law with exponent 1: the first of a thousand has one event in about 7.5."""
    made = [key for key, _ in records(5_000, 1_000, 0.0, Codec(KEY.encode()))]
    assert 0.1 < made.count(b"town/m0") / len(made) < 0.17


@pytest.mark.parametrize("name", JOBS)
def test_a_job_gives_outputs_and_keeps_its_state_through_bytes(name: str) -> None:
    """Encoding after each event changes nothing of what comes out; a mark is answered at once and counts for nobody."""
    job, codec = JOBS[name](), Codec(KEY.encode())
    kept, stored, outputs, again = job.fresh(), job.encode(job.fresh()), [], []
    for key, value in records(3_000, 1, 1.76e9, codec):
        outputs += job.fold(kept, key, value)
        state = job.decode(stored)
        again += job.fold(state, key, value)
        stored = job.encode(state)
    assert outputs
    assert outputs == again
    assert job.fold(kept, b"mark/1", mark(1, 7, codec)) == [b'{"mark":"mark/1"}']
    assert MARK not in VOCABULARY
    assert job.encode(kept) == stored


def test_growth_is_measured_on_states_that_are_there() -> None:
    """Both growth figures and the fold's speed come out; every member has a state before the clock runs."""
    assert set(folding.measure(few=100, many=300, warm=500, events=500, turns=1)) == {
        "fold_per_cpu_s", "growth_cost_members", "growth_cost_playbooks",
    }  # fmt: skip
    states = folding.lived_states(300)
    assert len(states) == 300
    assert min(map(len, states.values())) > 20


def test_what_detectors_cost_is_measured() -> None:
    """Each detector has its figures, the cluster search and the sum theirs; nothing costs less than nothing."""
    found = detecting.measure(count=300, warm=200, each=1, turns=1, live=300)
    names = {detector.NAME for detector in DETECTORS}
    assert {f"{name}_{what}" for name in names for what in ("us_per_event", "worst_us", "quick_share")} <= found.keys()
    assert {"detectors_us_per_event", "detectors_worst_us", "cluster_search_worst_us"} <= found.keys()
    assert found["cluster_search_worst_us"]
    assert found["distress_language_worst_us"]


def test_a_missed_bar_is_shown_and_what_is_absent_is_null(tmp_path: Path) -> None:
    """The table says what is missed; the file has every figure that has a bar."""
    figures = {"latency_p50_ms": 26.0, "pipeline_per_cpu_s": 25_000.0, "fold_per_cpu_s": 1.0}
    console = Console(record=True, width=120)
    console.print(table(figures, {"quix_ratio": "not installed"}))
    save(figures, tmp_path / "b.json")
    text = console.export_text()
    assert [line for line in text.splitlines() if "missed" in line] == [
        line for line in text.splitlines() if "latency_p50_ms" in line
    ]
    assert "not installed" in text
    written = orjson.loads((tmp_path / "b.json").read_bytes())
    assert written == {**dict.fromkeys(BARS), **figures}
    assert table(figures, {}).row_count == 3


@pytest.mark.integration
def test_the_worker_benchmarks_run(empty_kafka: Broker, tmp_path: Path) -> None:
    """Pipeline, latency and recovery through the real worker, tiny."""
    found = pipeline.measure(empty_kafka.bootstrap, tmp_path, warm=400, size=400, rounds=1)
    found |= latency.measure(empty_kafka.bootstrap, tmp_path, rate=1000, warm_s=1.0, span_s=3.0)
    found |= recovery.measure(empty_kafka.bootstrap, tmp_path, members=2_000, events=400)
    assert found["latency_commands"]
    door = gateway.measure(empty_kafka.bootstrap, tmp_path, singles=200, batches=4, batch=50, span_s=0.5)
    assert all(door.values())
    assert {
        "pipeline_per_cpu_s",
        "latency_p50_ms",
        "latency_p99_ms",
        "recovery_states_per_s",
        "bytes_per_member",
    } <= found.keys()


@pytest.mark.integration
def test_our_engine_and_kafka_streams_do_the_job(empty_kafka: Broker, tmp_path: Path) -> None:
    """Both answer the marks of the little job; the Python peers have an environment of their own, `make bench PEERS=1`."""
    engines = [
        comparison.python_engine("lotse", "lotse_engine", sys.executable, 200, 200),
        comparison.kafka_streams(200, 200),
    ]
    contest = comparison.Contest(empty_kafka.bootstrap, "count", tmp_path, engines)
    found = contest.run(1)
    assert contest.reasons == {}
    assert comparison.ratios("count", found, {})[0]["kafka_streams_ratio"]
