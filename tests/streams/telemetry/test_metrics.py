"""Metrics: the list is the page is the table; counts by chunk; promtool finds nothing to say about the real processes."""

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer

from processors.decisions import Verdict
from processors.outputs import Outputs, OverTrigger
from processors.playbooks.resources import Bundle, Policy
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.settings import Settings, child_environment
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import METRICS, REGISTRY, Meter
from streams.telemetry.metrics_page import PAGE, page
from streams.topic_plan import compare, create_missing
from streams.topics import ACTIVITY
from tests.support.delivering import delivering
from tests.support.kafka import Broker, wait_until
from tests.support.processes import free_port
from tests.support.stories import Story, catalog, event, playbook, resource

KEY = "a control key for tests"
SAMPLE = re.compile(r"^([a-z_:]+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$", re.MULTILINE)
OF_THE_CLIENT = ("process_", "python_")


def fetch(url: str) -> tuple[int, str]:
    """Return status and body, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""


def value(name: str, **labels: str) -> float:
    """The value of a series now, 0 where there is none."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_the_table_is_that_of_the_code() -> None:
    """`make generate` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_list_is_what_is_registered() -> None:
    """Each metric is in the list, once; names are of base units, and say what they count."""
    named = {family.name + ("_total" if family.type == "counter" else "") for family in REGISTRY.collect()}
    listed = [one.name for one in METRICS]
    assert {name for name in named if not name.startswith(OF_THE_CLIENT)} == set(listed)
    assert len(listed) == len(set(listed))
    assert not [one for one in METRICS if {"member", "target", "user", "key"} & set(one.labels)]


def test_counts_show_at_the_end_of_a_chunk() -> None:
    """Decisions, sends, detections, parts of over-triggering, latency: summed up over the records, shown with them."""
    meter = Meter(lambda: 10.0)
    story = Story(catalog()).tell(event("post.created", 0, text="hello"))
    out = Outputs(
        decisions=story.decisions, commands=story.commands, detections={"asked": 2}, repeats=3, unknown_types=1,
        over_triggers={OverTrigger("dismissed", "play", "in_app"): 2, OverTrigger("repeated", "play", "in_app"): 1, OverTrigger("collided", "play", "in_app"): 3},
    )  # fmt: skip
    assert [one.verdict for one in story.decisions] == [Verdict.SEND]
    series = (
        ("lotse_decisions_total", {"verdict": "send", "reason": "sent"}, 2),
        ("lotse_sends_total", {"playbook": "play", "channel": "in_app"}, 2),
        ("lotse_detections_total", {"stage": "m", "kind": "asked"}, 4),
        ("lotse_over_trigger_total", {"part": "dismissed", "playbook": "play", "channel": "in_app"}, 4),
        ("lotse_repeated_sends_total", {"playbook": "play", "channel": "in_app"}, 2),
        ("lotse_collisions_total", {"playbook": "play", "channel": "in_app"}, 6),
        ("lotse_repeated_records_total", {"stage": "m"}, 6),
        ("lotse_unknown_types_total", {}, 2),
        ("lotse_dead_letters_total", {"topic": "t", "reason": "json"}, 1),
        ("lotse_records_folded_total", {"stage": "m"}, 5),
    )
    before = [value(name, **labels) for name, labels, _ in series]
    latency = value("lotse_command_latency_seconds_sum", stage="m")
    meter.concluded("m", out, 9500)
    meter.concluded("m", out, 9500)
    meter.dead("t", "json")
    assert [value(name, **labels) for name, labels, _ in series] == before
    for records in (5, 0):  # the second chunk adds nothing twice
        meter.chunk_folded("m", 0, records, 0.1, 9000)
    after = [value(name, **labels) for name, labels, _ in series]
    assert [new - old for new, old in zip(after, before, strict=True)] == [times for _, _, times in series]
    assert value("lotse_command_latency_seconds_sum", stage="m") - latency == pytest.approx(1.0)
    assert value("lotse_behind_seconds", stage="m", partition="0") == 1.0


@contextmanager
def working(settings: Settings, log: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `lotse worker` until it is ready; kill it at the end if it still runs."""
    environment = child_environment(
        LOTSE_BOOTSTRAP=settings.bootstrap, LOTSE_APP=settings.app, LOTSE_CONTROL_KEY=KEY, LOTSE_WORKER="w1",
        LOTSE_HEALTH_ADDRESS=address, LOTSE_PARTITIONS=str(settings.partitions), LOTSE_CHECKPOINT_S="0.3",
    )  # fmt: skip
    with log.open("ab") as out:
        command = [sys.executable, "-m", "streams.cli", "worker"]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    try:
        wait_until(lambda: fetch(f"http://{address}/ready")[0] == 200, 60, "the worker is ready")
        yield process
    finally:
        process.kill()
        process.wait(60)


@pytest.mark.integration
def test_promtool_finds_no_fault_with_the_running_processes(
    empty_kafka: Broker, redis_url: str, promtool: str, tmp_path: Path
) -> None:
    """Worker and delivery after real events: pages clean, every series of the list, no member, latency and deliveries there."""
    address = f"127.0.0.1:{free_port()}"
    settings = Settings(
        bootstrap=empty_kafka.bootstrap, redis=redis_url, app="metrics", control_key=KEY, partitions=1,
        health_address=f"127.0.0.1:{free_port()}",
    )  # fmt: skip
    create_missing(settings)
    wait_until(lambda: not compare(settings), 20, "all topics")
    codec, now = Codec(KEY.encode()), time.time()
    bundle = Bundle((resource(),), (playbook(),), {"*": Policy(quiet_from=0, quiet_to=0)})
    publish(settings.bootstrap, bundle, codec, 1, now)
    producer = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")
    with working(settings, tmp_path / "worker", address), delivering(settings, tmp_path / "deliver") as running:
        for kind, fields in (("community.joined", {}), ("post.created", {"text": "Good morning"}), ("post.read", {})):
            told = msgspec.structs.replace(event(kind, 0, "secret-ann", f"m-{kind}", **fields), time=now)
            producer.send(ACTIVITY, key=told.key.encode(), value=codec.encode(told))
        producer.send(ACTIVITY, key=b"town/secret-ann", value=b"no json")
        producer.flush(20)
        ended = 'lotse_deliveries_total{channel="in_app",result="delivered",via="console"}'
        wait_until(lambda: (running.metric(ended) or 0) >= 1, 60, "a delivery")
        lag = 'lotse_lag_records{partition="0",topic="delivery.in_app.v1"}'
        wait_until(lambda: running.metric(lag) is not None, 20, "what is left is shown")
        pages = {
            name: fetch(f"http://{at}/metrics")[1] for name, at in (("worker", address), ("deliver", running.address))
        }
        assert running.stop(signal.SIGTERM) == 0
    producer.close()
    listed = {one.name: one for one in METRICS}
    for name, shown in pages.items():
        checked = subprocess.run(
            [promtool, "check", "metrics"], input=shown, capture_output=True, text=True, timeout=180, check=False
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", ""), name
        assert "secret-ann" not in shown
        names = {found[1] for found in SAMPLE.finditer(shown)}
        assert {one for one in names if not one.startswith(OF_THE_CLIENT)} <= listed.keys()
        assert {"process_cpu_seconds_total", "process_resident_memory_bytes"} <= names
    assert 'lotse_sends_total{channel="in_app",playbook="play"}' in pages["worker"]
    assert 'lotse_command_latency_seconds_count{stage="member"}' in pages["worker"]
    assert 'lotse_dead_letters_total{reason="json",topic="community.activity.v1"} 1.0' in pages["worker"]
    assert lag in pages["deliver"]


def test_probes_answer_by_what_they_find() -> None:
    """200 where it is so, 503 where not, 404 with the list elsewhere."""
    port = serve("127.0.0.1:0", REGISTRY, {"live": lambda: True, "ready": lambda: False}, dict, lambda: None)
    assert [fetch(f"http://127.0.0.1:{port}/{path}")[0] for path in ("live", "ready", "elsewhere")] == [200, 503, 404]
