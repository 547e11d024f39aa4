"""Worker, delivery and gateway as processes with traffic, and a Prometheus that scrapes them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode
from urllib.request import urlopen

import msgspec
import orjson
from kafka import KafkaConsumer, KafkaProducer

from processors.commands import Command
from processors.playbooks.resources import Bundle, Policy
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.settings import Settings, as_environment, child_environment
from streams.topics import ACTIVITY, DELIVERY
from tests.support.delivering import Delivering, delivering, fetch
from tests.support.gateways import CONTROL_KEY, SECRET, RunningGateway, gateway_settings, running_gateway
from tests.support.kafka import free_port, wait_until
from tests.support.processes import tool
from tests.support.stories import event, playbook, resource

RULES = Bundle(
    (resource(), resource("line", kind="helpline", expires=4_000_000_000.0)),
    (playbook(),),
    {"*": Policy(quiet_from=0, quiet_to=0)},  # a second post within a day finds the budget used up
)


class Observed:
    """A deployment under observation."""

    JOBS: ClassVar[set[str]] = {"lotse-worker", "lotse-deliver", "lotse-gateway", "lotse-pages", "lotse-console"}

    def __init__(
        self,
        settings: Settings,
        worker: "subprocess.Popen[bytes]",
        address: str,
        deliver: Delivering,
        gateway: RunningGateway,
    ) -> None:
        self.settings, self.worker, self._address, self.deliver, self.gateway = (
            settings,
            worker,
            address,
            deliver,
            gateway,
        )
        self._codec, self._round = Codec(CONTROL_KEY.encode()), 0

    def targets(self) -> dict[str, str]:
        """Return where each job answers."""
        return {
            "lotse-worker": self._address,
            "lotse-deliver": self.deliver.address,
            "lotse-gateway": self.gateway.settings.health_address,
        }

    def tell(self, *happens: tuple[str, str, dict[str, Any]], age_s: float = 0.0) -> None:
        """Write events (kind, member, fields) of now into the member log, as if the broker had taken them `age_s` ago."""
        producer = KafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")
        for kind, member, fields in happens:
            name = f"{kind}/{member}/{time.monotonic_ns()}"
            told = msgspec.structs.replace(event(kind, 0, member, name, **fields), time=time.time())
            taken = int((time.time() - age_s) * 1000)
            producer.send(ACTIVITY, key=told.key.encode(), value=self._codec.encode(told), timestamp_ms=taken)
        producer.flush(20)
        producer.close()

    def poison(self, member: str) -> None:
        """Write a record that is no event into the member log."""
        producer = KafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")
        producer.send(ACTIVITY, key=f"town/{member}".encode(), value=b"no json")
        producer.flush(20)
        producer.close()

    def fill(self, members: int) -> None:
        """Let so many new members post; each gets something, and dismisses it."""
        post = {"text": "How do I print labels from a sheet?"}
        self.tell(*(("post.created", f"crowd{number}", post) for number in range(members)))
        consumer = KafkaConsumer(
            DELIVERY["in_app"], bootstrap_servers=self.settings.bootstrap, group_id=None, auto_offset_reset="earliest"
        )
        given: list[Command] = []

        def all_got_something() -> bool:
            found = [one for records in consumer.poll(timeout_ms=500).values() for one in records]
            given.extend(msgspec.json.decode(one.value, type=Command) for one in found)
            return len(given) >= members

        with closing(consumer):
            wait_until(all_got_something, 60, "a command for each member", 0.1)
        about = [(one.member.partition("/")[2], {"command": one.id, "playbook": one.playbook}) for one in given]
        self.tell(*(("outcome.dismissed", member, fields) for member, fields in about))

    def live(self) -> None:
        """Let a little of everything happen: events, a dead letter, a dismissal, requests good and bad."""
        self._round += 1
        member = f"m{self._round}"
        happens: list[tuple[str, dict[str, Any]]] = [
            ("community.joined", {}), ("post.created", {"text": "How do I print labels from a sheet?"}), ("post.read", {}),
            ("post.created", {"text": "How do I change the colour of a slide?"}), ("outcome.dismissed", {"command": "unknown"}),
        ]  # fmt: skip
        self.tell(*((kind, member, fields) for kind, fields in happens))
        self.poison(member)
        self.gateway.json("/events", {"type": "post.read"}, {"authorization": "Bearer nobody"})
        self.gateway.json(f"/in/zapier/{SECRET}", {"type": "post.read", "member": member})


@contextmanager
def observed(
    bootstrap: str, redis: str, folder: Path, *deliver: str, rules: Bundle = RULES, **changes: Any
) -> Iterator[Observed]:
    """Run all three by these rules until they are ready; `deliver` are the words of its command line, `changes` settings."""
    given = {"webhook_secret": "a secret of the receiver", **changes}
    settings = gateway_settings(bootstrap, redis, app="observed", gateway_secrets=f"zapier={SECRET}", **given)
    publish(bootstrap, rules, Codec(CONTROL_KEY.encode()), settings.partitions, time.time())
    worker = f"127.0.0.1:{free_port()}"
    of_delivery = msgspec.structs.replace(settings, health_address=f"127.0.0.1:{free_port()}")
    with ExitStack() as stack:
        process = stack.enter_context(_worker(settings, folder / "worker.log", worker))
        delivery = stack.enter_context(delivering(of_delivery, folder / "deliver.log", *deliver))
        gateway = stack.enter_context(running_gateway(settings, folder / "gateway.log"))
        yield Observed(settings, process, worker, delivery, gateway)


@contextmanager
def running_console(settings: Settings, folder: Path) -> Iterator[str]:
    """Run the console of a deployment; return where it answers probes and metrics."""
    address = f"127.0.0.1:{free_port()}"
    own = msgspec.structs.replace(
        settings,
        health_address=address,
        console_address=f"127.0.0.1:{free_port()}",
        console_db=folder / "console.sqlite",
    )
    command = [sys.executable, "-m", "streams.cli", "console"]
    with (folder / "console.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=child_environment(**as_environment(own))
        )
    try:
        wait_until(lambda: fetch(address, "ready")[0] == 200, 60, "the console serves")
        yield address
    finally:
        process.terminate()
        process.wait(60)


def log_lines(log: Path, logger: str = "") -> list[dict[str, Any]]:
    """Return the lines of a process's log, each of them JSON; of one logger where it is named. The last may be half a line."""
    whole, _, _ = log.read_bytes().rpartition(b"\n")
    found = [orjson.loads(line) for line in whole.splitlines()]
    return [one for one in found if one["logger"] == logger or not logger]


@contextmanager
def prometheus(folder: Path, targets: dict[str, str], rules: str = "") -> Iterator[str]:
    """Run a Prometheus that scrapes these every second, by these rules; yield its address."""
    jobs = [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()]
    (folder / "rules.yml").write_text(rules or "groups: []", encoding="utf-8")
    config = folder / "prometheus.yml"
    every = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config.write_bytes(
        orjson.dumps({"global": every, "scrape_configs": jobs, "rule_files": [str(folder / "rules.yml")]})
    )
    port = free_port()
    command = [
        tool("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}",
    ]  # fmt: skip
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: fetch(f"127.0.0.1:{port}", "-/ready")[0] == 200, 30, "Prometheus answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def ask(server: str, query: str) -> list[dict[str, Any]]:
    """Return the series of a query now."""
    with urlopen(f"{server}/api/v1/query?{urlencode({'query': query})}", timeout=10) as answer:
        found = orjson.loads(answer.read())
    assert found["status"] == "success", found
    result: list[dict[str, Any]] = found["data"]["result"]
    return result


@contextmanager
def _worker(settings: Settings, log: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = child_environment(
        LOTSE_BOOTSTRAP=settings.bootstrap, LOTSE_APP=settings.app, LOTSE_CONTROL_KEY=settings.control_key, LOTSE_WORKER="w1",
        LOTSE_HEALTH_ADDRESS=address, LOTSE_PARTITIONS=str(settings.partitions), LOTSE_CHECKPOINT_S="0.3",
    )  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "worker"], stdout=out, stderr=out, env=environment
        )
    try:
        wait_until(lambda: fetch(address, "ready")[0] == 200, 60, "the worker is ready")
        yield process
    finally:
        process.kill()
        process.wait(60)
