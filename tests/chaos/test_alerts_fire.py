"""Each alert fires by a real fault: Prometheus with the shipped rules over a running deployment, durations scaled down, thresholds as they are."""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from itertools import count

import msgspec
import pytest
import redis
import yaml
from kafka import KafkaConsumer, KafkaProducer

from processors.commands import Command
from processors.events import Event
from processors.outputs import Alert
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import Activation
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.topics import ACTIVITY, DELIVERY, SAFETY
from tests.support.commands import command
from tests.support.delivering import fetch, send
from tests.support.gateways import CONTROL_KEY, SECRET
from tests.support.kafka import Broker, running_kafka, wait_until
from tests.support.observing import Observed, ask, observed, prometheus, running_console
from tests.support.receiver import Receiver, running_receiver
from tests.support.redis import Store, running_redis
from tests.support.stories import playbook, resource
from tests.support.tree import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.chaos]

RULES = (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
ALERTS = {one["alert"] for group in yaml.safe_load(RULES)["groups"] for one in group["rules"]}
FIRES_S = 120.0
FROZEN_S = 7.0  # more than the 5 s of a slow cut, less than a session of the worker
DAY = 86400.0
FAR = 4_000_000_000.0
BUNDLE = Bundle(
    (resource(), resource("line", kind="helpline", expires=FAR), resource("unseen", kind="helpline", verified=False)),
    (playbook(), playbook("call", "search.performed", resource="unseen")),
    {"*": Policy(quiet_from=0, quiet_to=0)},
)
LATER = msgspec.structs.replace(BUNDLE, note="published after its activation")
CODEC = Codec(CONTROL_KEY.encode())


def scaled(rules: str) -> str:
    """Return the rules with their durations scaled down: what must last fires at once, windows and offsets are 20 s."""
    rules = re.sub(r"for: \w+", "for: 0s", rules)
    return re.sub(r"offset \w+", "offset 20s", re.sub(r"\[\w+\]", "[20s]", rules))


class Town:
    """A deployment with its servers, and the Prometheus that looks at it."""

    def __init__(self, running: Observed, broker: Broker, store: Store, receiver: Receiver, server: str) -> None:
        self.running, self.broker, self.store, self.receiver, self.server = running, broker, store, receiver, server
        self._numbers = count()

    def firing(self) -> set[str]:
        """Return the alerts that fire."""
        return {one["metric"]["alertname"] for one in ask(self.server, 'ALERTS{alertstate="firing"}')}

    def folded(self) -> float:
        """Return how many records the worker has folded, ticks included."""
        page = fetch(self.running.targets()["lotse-worker"], "metrics")[1]
        return sum(
            float(line.rpartition(" ")[2])
            for line in page.splitlines()
            if line.startswith("lotse_records_folded_total{")
        )

    def new(self, members: int, kind: str, age_s: float = 0.0, **fields: object) -> None:
        """Let so many members who were never seen do the same."""
        happens = [(kind, f"n{next(self._numbers)}", dict(fields)) for _ in range(members)]
        self.running.tell(*happens, age_s=age_s)

    def posts(self, members: int, age_s: float = 0.0) -> None:
        """Let so many new members post: a command for each."""
        self.new(members, "post.created", age_s, text="How do I print labels from a sheet?")

    def commands(self, number: int) -> None:
        """Give delivery so many commands, each to another target."""
        now = time.time()
        for_delivery = []
        for _ in range(number):
            name = f"town/n{next(self._numbers)}"
            about = {"id": name, "target": name, "member": name, "not_before": now, "expires": now + 3600}
            for_delivery.append(command(1, **about))
        send(self.broker.bootstrap, *for_delivery)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for the module: each fault is made and mended in turn; what cannot be mended comes last."""
    folder = tmp_path_factory.mktemp("alerts")
    with ExitStack() as stack:
        broker, store = stack.enter_context(running_kafka()), stack.enter_context(running_redis())
        receiver = stack.enter_context(running_receiver())
        running = stack.enter_context(
            observed(
                broker.bootstrap, store.url, folder, "--channel", "webhook", rules=BUNDLE, webhook_url=receiver.url
            )
        )
        console = stack.enter_context(running_console(running.settings, folder))
        targets = {**running.targets(), "lotse-console": console}
        server = stack.enter_context(prometheus(folder, targets, scaled(RULES)))
        yield Town(running, broker, store, receiver, server)


Look = Callable[[], object]  # what keeps the fault going, called until the alerts fire
Fault = Callable[[Town], AbstractContextManager[Look]]


@contextmanager
def poison(town: Town) -> Iterator[Look]:
    """One record that is no event."""
    town.running.poison("eve")
    yield lambda: None


@contextmanager
def late(town: Town) -> Iterator[Look]:
    """Records that the broker took five minutes ago, as after an outage of the worker."""
    yield lambda: town.posts(5, age_s=300)


@contextmanager
def too_much(town: Town) -> Iterator[Look]:
    """Members dismiss what they get."""
    consumer = KafkaConsumer(
        DELIVERY["in_app"], bootstrap_servers=town.broker.bootstrap, group_id=None, auto_offset_reset="latest"
    )
    consumer.poll(timeout_ms=1000)

    def dismiss() -> None:
        town.posts(40)
        found = [one for records in consumer.poll(timeout_ms=500).values() for one in records]
        given = [msgspec.json.decode(one.value, type=Command) for one in found]
        about = [(one.member.partition("/")[2], {"command": one.id, "playbook": one.playbook}) for one in given]
        town.running.tell(*(("outcome.dismissed", member, fields) for member, fields in about))

    yield dismiss
    consumer.close()


@contextmanager
def helpline_ends(town: Town) -> Iterator[Look]:
    """A catalog whose helpline was last looked at long ago."""
    line = resource("line", kind="helpline", expires=time.time() + 3 * DAY)
    others = tuple(one for one in BUNDLE.resources if one.id != "line")
    publish(town.broker.bootstrap, msgspec.structs.replace(BUNDLE, resources=(*others, line)), CODEC, 2, time.time())
    yield lambda: None
    publish(town.broker.bootstrap, BUNDLE, CODEC, 2, time.time())


@contextmanager
def page_expired(town: Town) -> Iterator[Look]:
    """A catalog whose page is past its day while a live playbook sends it."""
    past = resource(expires=time.time() - 3 * DAY)
    others = tuple(one for one in BUNDLE.resources if one.id != past.id)
    publish(town.broker.bootstrap, msgspec.structs.replace(BUNDLE, resources=(past, *others)), CODEC, 2, time.time())
    yield lambda: None
    publish(town.broker.bootstrap, BUNDLE, CODEC, 2, time.time())


@contextmanager
def helpline_unseen(town: Town) -> Iterator[Look]:
    """One member to whom a helpline would go that nobody has looked at."""
    town.new(1, "search.performed", query="opening hours", results=0)
    yield lambda: None


@contextmanager
def refused(town: Town) -> Iterator[Look]:
    """A platform that answers 500, and more commands than two partitions hold open."""
    town.receiver.answer = lambda _command: 500
    town.commands(1500)
    yield lambda: town.commands(1)
    town.receiver.answer = lambda _command: 200


@contextmanager
def store_stopped(town: Town) -> Iterator[Look]:
    """Redis is stopped."""
    town.store.stop()
    yield lambda: town.commands(1)
    town.store.start()


@contextmanager
def store_evicts(town: Town) -> Iterator[Look]:
    """A Redis that may throw keys away, with more than it has room for."""
    client = redis.Redis.from_url(town.store.url)
    client.config_set("maxmemory", "3mb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    for number in range(200):
        client.set(f"somebody-else/{number}", b"x" * 20_000)
    yield lambda: None
    client.config_set("maxmemory", "0")
    client.config_set("maxmemory-policy", "noeviction")
    client.close()


@contextmanager
def bundle_missing(town: Town) -> Iterator[Look]:
    """The log names a catalog that is not in the catalog topic: the stage waits for it."""
    producer = KafkaProducer(bootstrap_servers=town.broker.bootstrap, acks="all")
    for number in range(2):
        named = Event(
            f"early/{number}", "catalog.activated", f"@{number}", time.time(), Activation(hash=Catalog(LATER).hash)
        )
        producer.send(ACTIVITY, key=named.key.encode(), value=CODEC.encode(named), partition=number)
    producer.flush(20)
    producer.close()
    yield lambda: None
    assert publish(town.broker.bootstrap, LATER, CODEC, 2, time.time()) == Catalog(LATER).hash


@contextmanager
def broker_frozen(town: Town) -> Iterator[Look]:
    """A broker that answers nothing for seven seconds, while the worker has something to cut."""

    def freeze() -> None:
        before = town.folded()
        feeding = threading.Thread(target=town.posts, args=(1500,))
        feeding.start()
        wait_until(lambda: town.folded() > before + 100, 30, "the worker folds", 0.02)
        town.broker.pause()
        time.sleep(FROZEN_S)  # the fault itself
        town.broker.resume()
        feeding.join(60)

    yield freeze


@contextmanager
def nobody_looks(town: Town) -> Iterator[Look]:
    """Somebody who may need support came into the safety queue two hours ago, and no reviewer has looked."""
    came = time.time() - 7200
    with closing(KafkaProducer(bootstrap_servers=town.broker.bootstrap, acks="all")) as producer:
        alert = msgspec.json.encode(Alert("a" * 32, "town/kim", came, 3, ("words",)))
        producer.send(SAFETY, key=b"town/kim", value=alert, timestamp_ms=int(came * 1000)).get(20)
    yield lambda: None


@contextmanager
def worker_killed(town: Town) -> Iterator[Look]:
    """The worker is gone at once."""
    town.running.worker.send_signal(signal.SIGKILL)
    yield lambda: None


@contextmanager
def broker_stopped(town: Town) -> Iterator[Look]:
    """No broker, while platforms send on."""
    town.broker.kill()

    def post() -> None:
        with suppress(Exception):  # whatever it answers, the metric tells
            town.running.gateway.json(f"/in/zapier/{SECRET}", {"type": "post.read", "member": "zoe"})

    yield post


FAULTS: list[tuple[Fault, set[str]]] = [
    (poison, {"LotseDeadLetters"}),
    (helpline_unseen, {"LotseHelplineUnverified"}),
    (helpline_ends, {"LotseHelplineExpiry"}),
    (page_expired, {"LotseCatalogErrors"}),
    (late, {"LotseLag", "LotseLatencyBurn"}),
    (too_much, {"LotseOverTriggering", "LotseNoisyPlaybook"}),
    (refused, {"LotseDeliveryFailing", "LotseDeliveryStuck"}),
    (store_stopped, {"LotseStoreAway"}),
    (store_evicts, {"LotseStoreEvicting"}),
    (bundle_missing, {"LotseStalledCommit"}),
    (broker_frozen, {"LotseCheckpointSlow"}),
    (nobody_looks, {"LotseSafetyQueueWaiting"}),
    (worker_killed, {"LotseProcessGone"}),
    (broker_stopped, {"LotseGatewayErrors"}),
]


def test_each_alert_has_a_fault() -> None:
    """None is proved by written series alone."""
    assert set().union(*(alerts for _, alerts in FAULTS)) == ALERTS


def test_scaling_leaves_thresholds_alone() -> None:
    """Only how long something lasts changes."""
    scaling = scaled("for: 10m\nexpr: increase(x[7d] offset 15m) > 14.4 * 0.01 and y >= 50")
    assert scaling == "for: 0s\nexpr: increase(x[20s] offset 20s) > 14.4 * 0.01 and y >= 50"


def test_a_healthy_deployment_is_quiet(town: Town) -> None:
    """Members post and get something, and no alert fires."""

    def all_well() -> bool:
        town.posts(2)
        return bool(ask(town.server, "sum(increase(lotse_sends_total[20s])) > 3")) and not town.firing()

    wait_until(all_well, FIRES_S, "messages go out, and no alert fires", 1.0)


@pytest.mark.parametrize(("fault", "alerts"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_the_fault_is_told(town: Town, fault: Fault, alerts: set[str]) -> None:
    """Each alert of the fault fires, and did not before."""
    wait_until(lambda: not alerts & town.firing(), FIRES_S, f"{alerts} are quiet before", 0.5)
    seen: set[str] = set()
    with fault(town) as look:

        def told() -> bool:
            look()
            seen.update(town.firing())
            return alerts <= seen

        wait_until(told, FIRES_S, f"of {alerts} fire", 0.5)
