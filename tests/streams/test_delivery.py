"""`lotse deliver` as a process, on a real Kafka and Redis: commands out, outcomes back, probes, a clean end."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka import KafkaProducer

from streams.commands.operate import compare, create_missing
from streams.settings import Settings, child_environment
from streams.topics import ACTIVITY, DELIVERY, dead_letters
from tests.support.commands import command
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.processes import free_port

pytestmark = pytest.mark.integration
KEY = "a control key for tests"
IN_APP = DELIVERY["in_app"]


def fetch(address: str, path: str) -> tuple[int, str]:
    """Return status and body of what the process answers, 0 while it does not."""
    try:
        with urllib.request.urlopen(f"http://{address}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except urllib.error.URLError:
        return 0, ""


@contextmanager
def delivering(settings: Settings, out: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `lotse deliver` onto a file until it is ready; kill it at the end if it still runs."""
    environment = child_environment(
        LOTSE_BOOTSTRAP=settings.bootstrap,
        LOTSE_REDIS=settings.redis,
        LOTSE_APP=settings.app,
        LOTSE_CONTROL_KEY=KEY,
        LOTSE_HEALTH_ADDRESS=settings.health_address,
    )
    with out.open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "streams.cli", "deliver"], stdout=log, env=environment)
    try:
        wait_until(lambda: fetch(settings.health_address, "ready")[0] == 200, 30, "lotse deliver is ready")
        yield process
    finally:
        process.kill()
        process.wait(10)


def outcomes(bootstrap: str) -> dict[str, dict[str, Any]]:
    """Return the outcomes in the member log by id: one may be told twice, under the same id, and counts once."""
    return {one["id"]: one for one in (json.loads(record.value) for record in read_all(bootstrap, ACTIVITY))}


def test_commands_go_out_once_and_come_to_an_outcome(own_kafka: Broker, redis_url: str, tmp_path: Path) -> None:
    """A repeated command is printed once; what is no command is a dead letter; a second process repeats nothing."""
    address = f"127.0.0.1:{free_port()}"
    settings = Settings(
        bootstrap=own_kafka.bootstrap,
        redis=redis_url,
        app="told",  # other tests leave records of the same command ids in this Redis, under other names
        control_key=KEY,
        health_address=address,
    )
    create_missing(settings)
    wait_until(lambda: not compare(settings), 20, "all topics")
    producer, printed = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all"), tmp_path / "printed.txt"
    sent = [msgspec.json.encode(command(number, title=f"Guide {number}")) for number in (1, 2, 1)]
    with delivering(settings, printed) as process:
        for value in (*sent, b"no command"):
            producer.send(IN_APP, key=b"town/ann", value=value).get(20)
        wait_until(lambda: read_all(settings.bootstrap, dead_letters(IN_APP)), 30, "the dead letter")
        assert wait_until(lambda: len(outcomes(settings.bootstrap)) == 2, 30, "an outcome for each command")
        assert 'lotse_deliveries_total{channel="in_app",result="delivered"}' in fetch(address, "metrics")[1]
        assert fetch(address, "live")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with delivering(settings, printed):
        producer.send(IN_APP, key=b"town/ann", value=msgspec.json.encode(command(3, title="Guide 3"))).get(20)
        wait_until(lambda: "Guide 3" in printed.read_text(), 30, "the third command")
    text = printed.read_text()
    assert [text.count(f"Guide {number}") for number in (1, 2, 3)] == [1, 1, 1]
    told = outcomes(settings.bootstrap).values()
    assert {one["type"].rpartition("outcome.")[2] for one in told} == {"delivered"}
    producer.close()
