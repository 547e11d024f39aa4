"""`lotse deliver` as a process, on a real Kafka, Redis and receiver: who waits for whom, what kills and stops leave."""

import json
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka import KafkaProducer

from processors.commands import Command
from sinks.lanes import HELD_MAX
from streams.delivery.one_channel import group_of
from streams.errors import WRONG
from streams.settings import Settings
from streams.topic_plan import compare, create_missing
from streams.topics import DELIVERY, dead_letters
from tests.support.commands import command, recall
from tests.support.delivering import committed, delivering, fetch, lotse, outcomes, send
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.processes import free_port
from tests.support.receiver import Receiver
from tests.support.redis import running_redis

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
KEY = "a control key for tests"
IN_APP = DELIVERY["in_app"]
WEBHOOK = ("--channel", "webhook")


@pytest.fixture
def settings(broker: str, redis_url: str, receiver: Receiver) -> Settings:
    """One group for the module: each test goes on where the last one committed."""
    return Settings(
        bootstrap=broker, redis=redis_url, app="deliver-tests", control_key=KEY, partitions=1, worker="d1",
        health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests", lease_s=3.0,
    )  # fmt: skip


def numbered(request: pytest.FixtureRequest, *numbers: int, **changes: Any) -> list[Command]:
    """Commands with ids of this test's own, each to its own target unless said otherwise."""
    name = request.node.name
    return [
        command(number, **{"id": f"{name}/{number}", "target": f"town/t{number}", "member": f"town/t{number}", **changes})
        for number in numbers
    ]  # fmt: skip


def ended(settings: Settings, commands: list[Command], timeout_s: float = 60) -> dict[str, dict[str, Any]]:
    """Wait until all these commands have an outcome."""

    def all_of_them() -> dict[str, dict[str, Any]] | None:
        found = outcomes(settings.bootstrap)
        return found if {one.id for one in commands} <= found.keys() else None

    found: dict[str, dict[str, Any]] = wait_until(all_of_them, timeout_s, "an outcome for each command", 0.3)
    return {one.id: found[one.id] for one in commands}


def test_commands_go_out_once_and_come_to_an_outcome(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> None:
    """A repeated command is printed once; what is no command is a dead letter; a second process repeats nothing."""
    printed = tmp_path / "printed.txt"
    first, second, third = (numbered(request, number, title=f"Guide {number}")[0] for number in (1, 2, 3))
    with delivering(settings, printed) as running:
        send(settings.bootstrap, first, second, first)
        producer = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")
        producer.send(IN_APP, key=b"town/ann", value=b"no command").get(20)
        producer.close()
        wait_until(lambda: read_all(settings.bootstrap, dead_letters(IN_APP)), 30, "the dead letter")
        ended(settings, [first, second])
        delivered = 'lotse_deliveries_total{channel="in_app",result="delivered",via="console"}'
        assert wait_until(lambda: running.metric(delivered) == 2.0, 10, "both counted")
        assert running.metric(f'lotse_dead_letters_total{{reason="schema",topic="{IN_APP}"}}') == 1.0
        assert fetch(running.address, "live")[0] == 200
        assert running.stop(signal.SIGTERM) == 0
    with delivering(settings, printed):
        send(settings.bootstrap, third)
        told = ended(settings, [first, second, third])
    text = printed.read_text()
    assert [text.count(f"Guide {number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert {one["type"] for one in told.values()} == {"outcome.delivered"}


def test_a_recall_overtakes_its_parked_command_and_takes_back_what_was_delivered(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> None:
    """The one that waits for its time ends at once as recalled; the one that was shown is withdrawn, and both are told."""
    printed = tmp_path / "printed.txt"
    [shown] = numbered(request, 1, title="Shown guide")
    [parked] = numbered(request, 2, title="Parked guide", target=shown.target, member=shown.member, not_before=4e9)
    with delivering(settings, printed):
        send(settings.bootstrap, shown)
        ended(settings, [shown])
        send(settings.bootstrap, parked, recall(parked), recall(shown, withdraw=True))
        told = ended(settings, [parked], 30)
        assert (told[parked.id]["type"], told[parked.id]["reason"]) == ("outcome.recalled", "exit_met")
        withdrawn = wait_until(
            lambda: ended(settings, [shown])[shown.id]["type"] == "outcome.withdrawn", 20, "the withdrawal told", 0.3
        )
        assert withdrawn
    assert "Parked guide" not in printed.read_text()
    assert "withdrawn: first-steps" in printed.read_text()


def test_a_hanging_target_delays_nobody_else(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """All others of its partition come to their outcome while it hangs; its own next waits; committed is only up to it."""
    gate, group = threading.Event(), group_of(settings.app, "webhook")
    slow = numbered(request, 1, 2, target="town/slow", member="town/slow")
    others = numbered(request, *range(10, 60))
    receiver.answer = lambda sent: gate if sent["target"] == "town/slow" and not gate.is_set() else 200
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        before = len(read_all(settings.bootstrap, IN_APP))
        send(settings.bootstrap, *slow, *others)
        ended(settings, others)
        told = outcomes(settings.bootstrap)
        assert not {one.id for one in slow} & told.keys()
        wait_until(lambda: receiver.times(slow[0].id), 20, "an attempt that hangs")
        assert receiver.times(slow[1].id) == 0
        assert (committed(settings.bootstrap, group, IN_APP, 0) or 0) <= before
        gate.set()
        ended(settings, slow)
        end = before + len(slow) + len(others)
        wait_until(lambda: committed(settings.bootstrap, group, IN_APP, 0) == end, 20, "all committed")
        assert running.stop(signal.SIGTERM) == 0
    order = [one for one in receiver.received if one in {one.id for one in slow}]
    assert order[-1] == slow[1].id
    assert order.count(slow[1].id) == 1
    assert all(receiver.times(one.id) == 1 for one in others)


def test_a_failing_target_ends_in_the_dead_letters_and_delays_nobody(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """A refusal at once, with its reason; what is tried again is parked meanwhile, and ends too."""
    refused, flaky, other = numbered(request, 1, 2, 3)
    failures = iter([503, 503])
    answers = {refused.id: lambda: 410, flaky.id: lambda: next(failures, 200)}
    receiver.answer = lambda sent: answers.get(sent["id"], lambda: 200)()
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        send(settings.bootstrap, refused, flaky, other)
        told = ended(settings, [refused, flaky, other])
        letters = read_all(settings.bootstrap, dead_letters(IN_APP))
        headers = [dict(one.headers) for one in letters if refused.id.encode() in one.value]
        assert [(one["lotse-reason"], one["lotse-detail"]) for one in headers] == [(b"delivery", b"410")]
        assert running.metric('lotse_delivery_retries_total{channel="in_app",via="webhook"}') == 2.0
        assert running.metric("lotse_delivery_parked_commands") == 0.0
    lines = [json.loads(line) for line in (tmp_path / "log").read_bytes().splitlines()]
    assert [one["message"].partition(";")[0] for one in lines if "made again" in one["message"]] == [
        "webhook: an attempt did not deliver (503) and is made again"
    ]
    assert [(told[one.id]["type"], told[one.id]["reason"]) for one in (refused, flaky, other)] == [
        ("outcome.failed", "410"), ("outcome.delivered", "200"), ("outcome.delivered", "200"),
    ]  # fmt: skip
    assert [receiver.times(one.id) for one in (refused, flaky, other)] == [1, 3, 1]


def test_dead_letters_of_deliveries_are_replayed_once(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """What was refused goes when its letter is written back; a second replay writes nothing; what has expired stays."""
    refused, late = numbered(request, 1), numbered(request, 2, expires=time.time() + 20)
    commands = [*refused, *late]
    receiver.answer = lambda sent: 410
    with delivering(settings, tmp_path / "log", *WEBHOOK):
        send(settings.bootstrap, *commands)
        told = ended(settings, commands)
        assert {one["type"] for one in told.values()} == {"outcome.failed"}
        receiver.answer = lambda sent: 200
        wait_until(lambda: time.time() > late[0].expires, 30, "its end", 0.5)
        code, said = lotse(settings, "dlq", "replay", "--json")
        plan = {
            one["letter"]: one["fate"]
            for one in json.loads(said.splitlines()[-1])["letters"]
            if IN_APP in one["letter"]
        }
        assert code == 0
        fates = {
            each.id: plan[f"{dead_letters(IN_APP)}/0/{one.offset}"]
            for one in read_all(settings.bootstrap, dead_letters(IN_APP))
            for each in commands
            if each.id.encode() in one.value
        }
        assert [fates[one.id] for one in commands] == ["ready", "expired"]
        wait_until(
            lambda: ended(settings, refused)[refused[0].id]["type"] == "outcome.delivered", 30, "the delivery", 0.5
        )
        again = json.loads(lotse(settings, "dlq", "replay", "--json")[1].splitlines()[-1])
        assert again["replayed"] == 0
    assert [receiver.times(one.id) for one in commands] == [2, 1]


def test_a_replay_reaches_nobody(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """Replay-marked commands are refused by every channel but the console, with the reason."""
    [replayed], [live] = numbered(request, 1, replay=True), numbered(request, 2)
    with delivering(settings, tmp_path / "log", *WEBHOOK):
        send(settings.bootstrap, replayed, live)
        told = ended(settings, [replayed, live])
    assert (told[replayed.id]["type"], told[replayed.id]["reason"]) == ("outcome.failed", "replay")
    assert receiver.received == [live.id]


@pytest.mark.parametrize(("point", "repeated"), [("claimed", 0), ("delivered", 1), ("ended", 0), ("told", 0)])
def test_kill_9_loses_nothing_and_repeats_only_between_delivery_and_its_record(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path, point: str, repeated: int
) -> None:
    """Killed at each point of the third command's life, then started again: each message came, in order, with its one id."""
    commands = numbered(request, *range(5), target="town/one", member="town/one")
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        send(settings.bootstrap, *commands[:2])
        ended(settings, commands[:2])
        assert running.stop(signal.SIGTERM) == 0
    with delivering(settings, tmp_path / "log", *WEBHOOK, ready=False, LOTSE_FAILPOINT=point) as running:
        send(settings.bootstrap, *commands[2:])
        assert running.process.wait(60) == -signal.SIGKILL
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        told = ended(settings, commands)
        assert running.stop(signal.SIGTERM) == 0
    assert {one["type"] for one in told.values()} == {"outcome.delivered"}
    third = commands[2].id
    assert receiver.received == [one.id for one in commands[:2]] + [third] * repeated + [one.id for one in commands[2:]]


def test_a_partition_without_places_pauses_and_the_others_go_on(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """More commands than a partition may hold wait for their time; another channel's go; SIGTERM waits for none of them."""
    waiting = numbered(request, *range(HELD_MAX + 300), channel="email", not_before=4e9, playbook="later")
    other = numbered(request, 9999)
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        send(settings.bootstrap, *waiting)
        wait_until(lambda: running.metric("lotse_delivery_paused_partitions") == 1.0, 30, "the partition is paused")
        held = running.metric("lotse_delivery_held_commands")
        assert held is not None
        assert HELD_MAX <= held < len(waiting)
        send(settings.bootstrap, *other)
        ended(settings, other)
        assert receiver.received == [other[0].id]
        assert running.stop(signal.SIGTERM) == 0
    assert not {one.id for one in waiting} & outcomes(settings.bootstrap).keys()
    assert not committed(settings.bootstrap, group_of(settings.app, "webhook"), DELIVERY["email"], 0)


def test_two_processes_share_the_work_and_hand_it_over(
    request: pytest.FixtureRequest, settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """A second one joins while commands wait for their time, the first one goes: each message goes once, none is lost."""
    due = time.time() + 20
    waiting, last = numbered(request, *range(20), not_before=due), numbered(request, *range(100, 120))
    second = msgspec.structs.replace(settings, worker="d2", health_address=f"127.0.0.1:{free_port()}")
    with delivering(settings, tmp_path / "one", *WEBHOOK) as one:
        send(settings.bootstrap, *waiting)
        wait_until(lambda: (one.metric("lotse_delivery_parked_commands") or 0) >= len(waiting), 30, "all are parked")
        with delivering(second, tmp_path / "two", *WEBHOOK) as two:
            send(settings.bootstrap, *last)
            assert one.stop(signal.SIGTERM) == 0
            ended(settings, [*waiting, *last])
            assert two.stop(signal.SIGTERM) == 0
    assert sorted(receiver.received) == sorted(sent.id for sent in (*waiting, *last))


def test_a_broker_that_goes_and_comes_back_loses_and_repeats_nothing(
    request: pytest.FixtureRequest, redis_url: str, receiver: Receiver, own_kafka: Broker, tmp_path: Path
) -> None:
    """The outcome of what was under way is written when it is back; what comes afterwards is delivered."""
    settings = Settings(
        bootstrap=own_kafka.bootstrap, redis=redis_url, app="away", control_key=KEY, partitions=1, worker="d1",
        health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
    )  # fmt: skip
    create_missing(settings)
    wait_until(lambda: not compare(settings), 20, "all topics")
    gate, (first, second) = threading.Event(), numbered(request, 1, 2)
    receiver.answer = lambda _sent: gate
    with delivering(settings, tmp_path / "log", *WEBHOOK) as running:
        send(settings.bootstrap, first)
        wait_until(lambda: receiver.received, 30, "the first attempt")
        own_kafka.stop()
        gate.set()
        delivered = 'lotse_delivery_attempts_total{channel="in_app",result="delivered",via="webhook"}'
        wait_until(lambda: running.metric(delivered) == 1.0, 30, "the delivery, while no outcome can be written")
        own_kafka.start()
        ended(settings, [first])
        send(settings.bootstrap, second)
        ended(settings, [second])
        assert running.process.poll() is None
    assert receiver.received == [first.id, second.id]


def test_a_stop_while_broker_and_store_are_away_is_one(tmp_path: Path, own_kafka: Broker, receiver: Receiver) -> None:
    """What it waits for is said, once in a while; told to stop, it ends as ever, with nothing of a fault."""
    log = tmp_path / "log"
    with running_redis() as store:
        settings = Settings(
            bootstrap=own_kafka.bootstrap, redis=store.url, app="alone", control_key=KEY, partitions=1, worker="d1",
            health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
        )  # fmt: skip
        create_missing(settings)
        wait_until(lambda: not compare(settings), 20, "all topics")
        with delivering(settings, log, *WEBHOOK) as running:
            store.stop()
            wait_until(lambda: b"nothing is delivered until it answers" in log.read_bytes(), 30, "the store is missed")
            assert fetch(running.address, "ready")[0] == 503  # a rollout waits for it
            assert fetch(running.address, "live")[0] == 200  # and a restart would not bring it back
            own_kafka.stop()
            wait_until(lambda: b"Heartbeat" in log.read_bytes(), 60, "the group is missed")
            assert running.stop(signal.SIGTERM) == 0
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    assert not [one for one in lines if one["level"] == "critical"]
    assert max(Counter(one["message"] for one in lines).values()) < 20


def test_other_partitions_than_the_settings_say_end_it_before_an_outcome_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    """On another partition a member would be two."""
    other, log = msgspec.structs.replace(settings, partitions=3), tmp_path / "log"
    with delivering(other, log, *WEBHOOK, ready=False) as running:
        assert running.process.wait(60) == WRONG
    assert "community.activity.v1 has 1 partitions, LOTSE_PARTITIONS says 3: nothing was delivered" in log.read_text()


def test_two_processes_of_one_name_are_told_so(settings: Settings, tmp_path: Path) -> None:
    """They take the partitions from each other for ever; whoever reads the log must know what to mend."""
    again = msgspec.structs.replace(settings, health_address=f"127.0.0.1:{free_port()}")
    logs = tmp_path / "one", tmp_path / "two"
    with delivering(settings, logs[0], *WEBHOOK), delivering(again, logs[1], *WEBHOOK, ready=False):
        told = "is another process called d1, too? Give each its own LOTSE_WORKER"
        wait_until(lambda: any(told in log.read_text(encoding="utf-8") for log in logs), 90, "the warning")
