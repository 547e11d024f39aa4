"""Operators' orders on a real Kafka: obeyed by deliveries at once, however far the log lags, and by decisions with the log."""

import signal
import threading
import time
from pathlib import Path

import orjson
import pytest
from kafka import KafkaProducer

from processors.orders import Order
from resource_catalog.loader import SHIPPED, load
from sinks.lanes import ATTEMPTS_PARTITION
from streams.catalog.feed import last_published, publish
from streams.codec import Codec, UndecodableError
from streams.control import read_orders
from streams.errors import NO
from streams.settings import Settings
from streams.topics import ACTIVITY, CONTROL
from tests.support.commands import command
from tests.support.delivering import delivering, lotse, outcomes, send
from tests.support.kafka import read_all, wait_until
from tests.support.processes import free_port
from tests.support.receiver import Receiver

KEY = "a control key for tests"
CODEC = Codec(KEY.encode())
WHO = ("--author", "op", "--reason", "a test")
IN_FORCE_S = 5.0  # the promise to operators, here as the bound of a wait


def order(**changes: object) -> Order:
    """A kill switch everywhere, with changes."""
    fields: dict[str, object] = {"kind": "kill_switch", "on": True, "author": "op", "reason": "test", "at": 1e9}
    return Order(**(fields | changes))  # type: ignore[arg-type]


def test_an_order_goes_out_and_comes_back() -> None:
    """Sealed, under its own key."""
    given = order(kind="silence", playbook="play", until=2e9)
    assert CODEC.read_order(given.key.encode(), CODEC.order(given)) == given


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (b"kill_switch/*/*/*", Codec(b"another deployment").order(order()), "forged"),
        (b"kill_switch/*/*/*", CODEC.order(order()).replace(b'"at":1000000000.0', b'"at":1000000001.0'), "forged"),
        (b"kill_switch/town/*/*", CODEC.order(order()), "key"),
        (b"kill_switch/*/*/*", b"no json", "schema"),
        (b"kill_switch/*/*/*", None, "schema"),
        (b"kill_switch/*/*/*", CODEC.order(order()).replace(b"control.order", b"signal"), "key"),
    ],
)
def test_what_is_no_order_of_ours_counts_for_nothing(key: bytes, value: bytes | None, reason: str) -> None:
    """Another deployment's, a changed one, one under a foreign key, a tombstone, rubbish."""
    with pytest.raises(UndecodableError) as caught:
        CODEC.read_order(key, value)
    assert caught.value.reason == reason


@pytest.fixture
def settings(broker: str, redis_url: str, receiver: Receiver) -> Settings:
    """One group for the module."""
    return Settings(
        bootstrap=broker, redis=redis_url, app="control-tests", control_key=KEY, partitions=1, worker="d1",
        health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
    )  # fmt: skip


@pytest.mark.integration
def test_a_kill_switch_is_in_force_within_seconds_while_the_log_lags(
    settings: Settings, receiver: Receiver, tmp_path: Path
) -> None:
    """Of a queue of hundreds only the attempts under way go; the rest, and what comes after, ends as stopped."""
    gate, bootstrap = threading.Event(), settings.bootstrap
    receiver.answer = lambda _sent: gate
    queue = [command(number, id=f"queue/{number}", target=f"town/t{number}") for number in range(300)]
    later = command(1, id="later", target="town/later")
    with delivering(settings, tmp_path / "log", "--channel", "webhook") as running:
        producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
        forged = Codec(b"another deployment").order(order())
        producer.send(CONTROL, key=b"kill_switch/*/*/*", value=forged).get(20)
        producer.close()
        send(bootstrap, *queue)
        wait_until(
            lambda: len(receiver.received) == ATTEMPTS_PARTITION, 30, "attempts under way, the forged order apart"
        )
        assert running.metric('lotse_dead_letters_total{reason="forged",topic="control.v1"}') == 1.0
        code, said = lotse(settings, "kill-switch", "on", *WHO)
        assert (code, said.splitlines()[0]) == (0, "kill switch on: deliveries obey within seconds")
        in_force = 'lotse_control_orders{kind="kill_switch"}'
        wait_until(lambda: running.metric(in_force) == 1.0, IN_FORCE_S, "the kill switch in force", promised=True)
        gate.set()
        send(bootstrap, later)

        def stopped() -> set[str]:
            return {name for name, one in outcomes(bootstrap).items() if one.get("reason") == "kill_switch"}

        wait_until(lambda: "later" in stopped(), 60, "the command that came after it")
        wait_until(lambda: len(outcomes(bootstrap)) == len(queue) + 1, 60, "an outcome for each")
        assert len(receiver.received) == ATTEMPTS_PARTITION
        assert stopped() == {one.id for one in (*queue, later)} - set(receiver.received)
        assert lotse(settings, "kill-switch", "off", *WHO)[0] == 0
        wait_until(lambda: running.metric(in_force) == 0.0, IN_FORCE_S, "the kill switch taken back", promised=True)
        send(bootstrap, command(2, id="after", target="town/after"))
        wait_until(lambda: "after" in receiver.received, 30, "the command after the kill switch")
        assert running.stop(signal.SIGTERM) == 0


@pytest.mark.integration
def test_nothing_queued_of_a_silenced_playbook_goes_out(settings: Settings, receiver: Receiver, tmp_path: Path) -> None:
    """What waits behind attempts under way, and what is parked until its time, ends as silenced; another playbook's goes on."""
    gate, bootstrap = threading.Event(), settings.bootstrap
    receiver.answer = lambda _sent: gate
    due = time.time() + 3600
    queued = [
        command(n, id=f"quiet/{n}", target=f"town/q{n}", playbook="quiet.one") for n in range(ATTEMPTS_PARTITION + 40)
    ]
    parked = [
        command(n, id=f"parked/{n}", target=f"town/p{n}", playbook="quiet.one", not_before=due) for n in range(20)
    ]
    loud = [command(n, id=f"loud/{n}", target=f"town/l{n}", playbook="loud.one") for n in range(10)]
    with delivering(settings, tmp_path / "log", "--channel", "webhook") as running:
        send(bootstrap, *queued, *parked, *loud)
        wait_until(lambda: len(receiver.received) == ATTEMPTS_PARTITION, 30, "attempts under way")
        under_way, in_force = set(receiver.received), 'lotse_control_orders{kind="silence"}'
        standing = running.metric(in_force) or 0.0
        assert lotse(settings, "silence", "add", "--playbook", "quiet.one", "--for", "1h", *WHO)[0] == 0
        wait_until(lambda: running.metric(in_force) == standing + 1, IN_FORCE_S, "the silence in force", promised=True)
        gate.set()
        wanted = {one.id for one in (*queued, *parked, *loud)}
        wait_until(lambda: wanted <= outcomes(bootstrap).keys(), 60, "an outcome for each")
        assert set(receiver.received) == under_way | {one.id for one in loud}
        told = {name for name, one in outcomes(bootstrap).items() if one.get("reason") == "silenced"}
        assert told & wanted == {one.id for one in (*queued, *parked)} - under_way
        assert lotse(settings, "silence", "rm", "--playbook", "quiet.one", *WHO)[0] == 0


@pytest.mark.integration
def test_orders_are_read_before_the_first_delivery(settings: Settings, receiver: Receiver, tmp_path: Path) -> None:
    """What was ordered while no delivery process ran is obeyed by the next one from its first command on; by what it names."""
    assert lotse(settings, "silence", "add", "--theme", "welcome", "--for", "1h", *WHO)[0] == 0
    assert lotse(settings, "silence", "add", "--community", "village", "--playbook", "tips", *WHO)[0] == 0
    sent = [
        command(1, id="s/theme", target="town/s1", theme="welcome"),
        command(2, id="s/both", target="village/s2", community="village", playbook="tips"),
        command(3, id="s/other-town", target="town/s3", playbook="tips"),
        command(4, id="s/other", target="village/s4", community="village"),
    ]
    send(settings.bootstrap, *sent)
    with delivering(settings, tmp_path / "log", "--channel", "webhook") as running:
        wait_until(lambda: {one.id for one in sent} <= outcomes(settings.bootstrap).keys(), 60, "an outcome for each")
        assert running.metric('lotse_control_orders{kind="silence"}') == 2.0
    told = outcomes(settings.bootstrap)
    assert [told[one.id].get("reason") for one in sent] == ["silenced", "silenced", "200", "200"]
    assert sorted(receiver.received) == ["s/other", "s/other-town"]


@pytest.mark.integration
def test_orders_reach_the_arbiter_by_the_catalog_and_outlive_its_next_publication(settings: Settings) -> None:
    """Given, listed, carried by each bundle that is published, taken back, and gone from it."""
    bundle = load(SHIPPED).bundle
    publish(settings.bootstrap, bundle, CODEC, 1, time.time())
    activations = len(read_all(settings.bootstrap, ACTIVITY))
    code, said = lotse(settings, "silence", "add", "--playbook", "questions.unanswered", "--for", "2h", *WHO)
    assert code == 0, said
    assert len(read_all(settings.bootstrap, ACTIVITY)) == activations + 1
    listed = orjson.loads(lotse(settings, "silence", "ls", "--json")[1].splitlines()[0])
    [mine] = [one for one in listed if one.get("playbook") == "questions.unanswered"]
    assert (mine["author"], mine["reason"]) == ("op", "a test")

    def carried() -> set[str]:
        published = last_published(settings.bootstrap)
        assert published is not None
        assert published.playbooks == bundle.playbooks
        return {one.playbook for one in published.silences}

    assert "questions.unanswered" in carried()
    publish(settings.bootstrap, bundle, CODEC, 1, time.time())
    assert "questions.unanswered" in carried()
    assert lotse(settings, "silence", "rm", "--playbook", "questions.unanswered", *WHO)[0] == 0
    assert "questions.unanswered" not in carried()
    code, said = lotse(settings, "silence", "rm", "--playbook", "questions.unanswered", *WHO)
    assert (code, said.splitlines()[0]) == (NO, "no such silence is in force; see: lotse silence ls")


@pytest.mark.integration
def test_an_order_after_one_with_a_later_clock_still_counts(settings: Settings) -> None:
    """Operators' clocks differ; the one who orders last is obeyed."""
    ahead = order(community="ahead", at=time.time() + 3600)
    producer = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")
    producer.send(CONTROL, key=ahead.key.encode(), value=CODEC.order(ahead)).get(20)
    assert lotse(settings, "kill-switch", "off", "--community", "ahead", *WHO)[0] == 0
    producer.send(CONTROL, key=ahead.key.encode(), value=CODEC.order(ahead)).get(20)  # the old record, sent again
    producer.close()
    orders = read_orders(settings.bootstrap, CODEC)
    assert ahead.key not in {one.key for one in orders.standing(time.time())}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("silence", "add", *WHO), "expected at least one of --playbook, --theme, --community"),
        (("silence", "add", "--playbook", "a/b", *WHO), "--playbook: expected a name without a slash"),
        (
            ("silence", "add", "--playbook", "a", "--for", "soon", *WHO),
            "--for: expected a duration such as 30m, 8h, 7d or '2 hours'; found 'soon'",
        ),
        (("kill-switch", "on", "--author", " ", "--reason", "x"), "--author: expected a few words"),
        (("kill-switch", "on", "--author", "op"), "Missing option '--reason'"),
    ],
)
def test_a_mistake_is_one_message_and_orders_nothing(words: tuple[str, ...], said: str) -> None:
    """Told before any broker is asked: there is none here."""
    code, printed = lotse(Settings(bootstrap=f"127.0.0.1:{free_port()}", control_key=KEY), *words)
    assert code == 2
    assert said in printed
    assert "Traceback" not in printed
