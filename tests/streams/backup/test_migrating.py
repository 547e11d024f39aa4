"""Another number of partitions, and a backup on another cluster: nothing lost, nothing twice, proofs hold. Real Kafka and Redis."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
import redis

from processors.commands import Command
from processors.playbooks.resources import Bundle, Policy
from streams.agents.records import partition_of
from streams.backup.restoring import Restoring
from streams.errors import UserError
from streams.proof.snapshot import restore
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS, DELIVERY, THREADS
from tests.support.delivering import Delivering, delivering, outcomes
from tests.support.deployment import KEY, Deployment
from tests.support.kafka import Broker, read_all, running_kafka, wait_until
from tests.support.processes import free_port
from tests.support.receiver import Receiver
from tests.support.redis import running_redis
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
BUNDLE = Bundle(
    (resource(), resource("other")),
    (playbook("hello", "community.joined"), playbook("asked", "post.created", resource="other")),
    {"*": Policy(quiet_from=0, quiet_to=0, budget_day=20, budget_week=20, budget_week_new=20)},
)
MEMBERS = 12


def ids(bootstrap: str, topic: str) -> Counter[str]:
    """Return the ids of a topic's records about members and communities, with how often each is there."""
    return Counter(orjson.loads(one.value)["id"] for one in read_all(bootstrap, topic) if not one.key.startswith(b"@"))


def states(deployment: Deployment) -> dict[bytes, tuple[int, bytes]]:
    """Return the members' states, each with its partition."""
    found = {}
    for number in range(deployment.settings.partitions):
        _, part = restore(deployment.settings.bootstrap, deployment.settings.app, "members", number)
        found.update({key: (number, value) for key, value in part.items()})
    return found


def cut_short(*_: object) -> None:
    """End in the place of a step, when the old topics are gone."""
    raise UserError("cut short")


def json_of(done: Any) -> Any:
    """Return what a command printed, which ended well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return orjson.loads(done.stdout)


def test_another_number_of_partitions(empty_kafka: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From two to five: refused in place and while somebody runs, said before it is done, cut short, gone on with, then proved again."""
    before, after = Deployment(empty_kafka.bootstrap, "moved", 2), Deployment(empty_kafka.bootstrap, "moved", 5)
    after.codec, work = before.codec, tmp_path / "work"
    before.prepare(BUNDLE)
    with before.worker(tmp_path):
        before.write(300, MEMBERS)
        before.caught_up()
        refused = after.lotse("topics", "migrate", str(work))
        assert (refused.returncode, "these still run" in refused.stdout) == (1, True)
        assert after.lotse("topics", "migrate", str(work), "--do").returncode == 1
    refused = after.lotse("topics", "apply")
    assert (refused.returncode, "lotse topics migrate" in refused.stderr) == (2, True)

    known = {topic: ids(empty_kafka.bootstrap, topic) for topic in (ACTIVITY, THREADS, DECISIONS, DELIVERY["in_app"])}
    old = states(before)
    nobody = ("topics", "migrate", str(work), "--json")  # a static member is known until its session ends
    wait_until(lambda: after.lotse(*nobody).returncode == 0, 30, "nobody runs any more", 0.5)
    plan = json_of(after.lotse(*nobody))
    assert (plan["found"], plan["wanted"], plan["members"], plan["against"]) == (2, 5, len(old), [])
    assert not work.exists(), "only said"
    with monkeypatch.context() as cut:
        cut.setattr(Restoring, "_states", cut_short)
        assert "cut short" in after.lotse("topics", "migrate", str(work), "--do").stderr
    done = after.lotse("topics", "migrate", str(work), "--do")
    assert done.returncode == 0, done.stdout + done.stderr
    assert after.lotse("topics", "plan").stdout == "as planned\n"

    new = states(after)
    assert {key: value for key, (_, value) in new.items()} == {key: value for key, (_, value) in old.items()}
    assert all(number == partition_of(key, 5) for key, (number, _) in new.items())
    for topic, was in known.items():
        assert was
        assert ids(empty_kafka.bootstrap, topic) == was, topic
    after.written = before.written
    with after.worker(tmp_path, "two"):
        after.write(200, MEMBERS + 3)
        after.caught_up()
    snapshot = str(work / "after.snapshot")
    proof = json_of(after.lotse("verify", "--from", snapshot, "--json"))
    assert proof["decisions"] > 0
    assert (proof["missing"], proof["unexpected"], proof["different"]) == (0, 0, 0)
    without = after.lotse("verify")
    assert (without.returncode, "Verify from the snapshot" in without.stderr) == (2, True)
    again = after.lotse("topics", "migrate", str(work), "--do")
    assert (again.returncode, "has been done" in again.stderr) == (1, True)


@contextmanager
def running(deployment: Deployment, store: str, receiver: Receiver, logs: Path, name: str) -> Iterator[Delivering]:
    """Run a worker and a delivery whose webhook is the receiver."""
    settings = Settings(
        bootstrap=deployment.settings.bootstrap, redis=store, app=deployment.settings.app, control_key=KEY, partitions=2, worker=name,
        health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
    )  # fmt: skip
    with (
        deployment.worker(logs, name),
        delivering(settings, logs / f"{name}-deliver.log", "--channel", "webhook") as process,
    ):
        yield process


def all_delivered(deployment: Deployment) -> set[str]:
    """Wait until each command there is has been told as delivered; return their ids."""
    deployment.caught_up()

    def commands() -> set[str]:
        records = read_all(deployment.settings.bootstrap, DELIVERY["in_app"])
        return {msgspec.json.decode(one.value, type=Command).id for one in records}

    found = commands()
    wait_until(lambda: found <= outcomes(deployment.settings.bootstrap).keys(), 60, "an outcome for each command", 0.3)
    return found


def test_a_backup_on_another_cluster(empty_kafka: Broker, receiver: Receiver, tmp_path: Path) -> None:
    """Taken while all runs, topics first, then Redis; put back on empty servers: all goes on, and nothing goes out twice."""
    first, folder, saved = Deployment(empty_kafka.bootstrap, "kept", 2), tmp_path / "backup", tmp_path / "dump.rdb"
    first.prepare(BUNDLE)
    with running_redis() as store, running(first, store.url, receiver, tmp_path, "one"):
        first.write(120, MEMBERS)
        made = all_delivered(first)
        taken = json_of(first.lotse("topics", "backup", str(folder), "--json"))
        with redis.Redis.from_url(store.url) as client:
            client.save()
        shutil.copy(store.home / "dump.rdb", saved)
    assert made
    assert taken["records"][DELIVERY["in_app"]] == len(made)
    with running_kafka() as other, running_redis(("--dbfilename", "dump.rdb")) as fresh:
        fresh.stop()
        shutil.copy(saved, fresh.home / "dump.rdb")
        fresh.start()
        second = Deployment(other.bootstrap, "kept", 2)
        second.codec, second.written = first.codec, first.written
        snapshot = json_of(second.lotse("topics", "restore", str(folder), "--json"))["snapshot"]
        refused = second.lotse("topics", "restore", str(folder))
        assert (refused.returncode, "hold records already" in refused.stderr) == (1, True)
        with running(second, fresh.url, receiver, tmp_path, "two"):
            second.write(60, MEMBERS + 5)
            later = all_delivered(second)
        proof = json_of(second.lotse("verify", "--from", snapshot, "--json"))
        assert proof["decisions"] > 0
        assert (proof["missing"], proof["unexpected"], proof["different"]) == (0, 0, 0)
        assert second.lotse("topics", "plan").stdout == "as planned\n"
    assert made < later
    assert Counter(receiver.received) == dict.fromkeys(later, 1)
