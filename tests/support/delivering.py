"""`lotse deliver` as a process under test: started ready, read from outside, gone at the end."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from processors.commands import Command, Recall
from streams.settings import Settings, child_environment
from streams.topics import ACTIVITY
from tests.support import in_process
from tests.support.kafka import read_all, wait_until

READY_S = 90.0


class Delivering:
    """One process and the address at which it answers."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: str) -> None:
        self.process, self.address = process, address

    def stop(self, how: int, timeout_s: float = 40.0) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout_s)

    def metric(self, series: str) -> float | None:
        """Return the value of a series, written as on the page; None where it is not there."""
        for line in fetch(self.address, "metrics")[1].splitlines():
            name, _, value = line.rpartition(" ")
            if name == series:
                return float(value)
        return None


def fetch(address: str, path: str) -> tuple[int, str]:
    """Return status and body of what a process answers, 0 while it does not."""
    try:
        with urllib.request.urlopen(f"http://{address}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, ""


@contextmanager
def delivering(
    settings: Settings, log: Path, *arguments: str, ready: bool = True, **environment: str
) -> Iterator[Delivering]:
    """Run `lotse deliver` with its output onto a file, until it is ready; kill it at the end if it still runs."""
    given = child_environment(
        LOTSE_BOOTSTRAP=settings.bootstrap, LOTSE_REDIS=settings.redis, LOTSE_APP=settings.app,
        LOTSE_CONTROL_KEY=settings.control_key, LOTSE_HEALTH_ADDRESS=settings.health_address,
        LOTSE_WORKER=settings.worker, LOTSE_LEASE_S=str(settings.lease_s), LOTSE_WEBHOOK_URL=settings.webhook_url,
        LOTSE_WEBHOOK_SECRET=settings.webhook_secret, LOTSE_PARTITIONS=str(settings.partitions), **environment,
    )  # fmt: skip
    with log.open("ab") as out:
        command = [sys.executable, "-m", "streams.cli", "deliver", *arguments]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=given)
    running = Delivering(process, settings.health_address)
    try:
        if ready:
            wait_until(lambda: fetch(running.address, "ready")[0] == 200, READY_S, "lotse deliver is ready")
        yield running
    finally:
        process.kill()
        process.wait(60)


def lotse(settings: Settings, *words: str) -> tuple[int, str]:
    """Run a command of `lotse` against a deployment; return its exit code and all that it printed."""
    done = in_process.lotse(
        *words, LOTSE_BOOTSTRAP=settings.bootstrap, LOTSE_CONTROL_KEY=settings.control_key, LOTSE_APP=settings.app,
        LOTSE_PARTITIONS=str(settings.partitions),
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def send(bootstrap: str, *commands: Command | Recall, partition: int | None = None) -> None:
    """Write commands to the delivery topics of their channels, under the keys of their targets."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    try:
        sent = [
            producer.send(f"delivery.{one.channel}.v1", key=one.target.encode(), value=msgspec.json.encode(one), partition=partition)
            for one in commands
        ]  # fmt: skip
        for one in sent:
            one.get(20)
    finally:
        producer.close()


def outcomes(bootstrap: str) -> dict[str, dict[str, Any]]:
    """Return the outcomes of the member log by their command: one told twice, under the same id, counts once."""
    events = [json.loads(record.value) for record in read_all(bootstrap, ACTIVITY)]
    told = {one["id"]: one for one in events if one["type"].startswith("outcome.")}
    return {one["data"]["command"]: {"type": one["type"], **one["data"]} for one in told.values()}


def committed(bootstrap: str, group: str, topic: str, partition: int) -> int | None:
    """Return the offset that a group has committed."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    try:
        offset: int | None = consumer.committed(TopicPartition(topic, partition))
        return offset
    finally:
        consumer.close()
