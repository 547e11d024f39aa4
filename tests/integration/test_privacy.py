"""What members wrote is found in raw topics and nowhere else; who asks to be forgotten is, in every store: real Kafka, Redis, processes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import orjson
import pytest
import redis
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from redis.asyncio import Redis

from processors.commands import Command
from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY, OutcomeData
from sinks.delivery_record import DeliveryRecord, Ending
from sinks.inbox import Inbox
from streams.settings import Settings, child_environment
from streams.topics import ACTIVITY, DECISIONS, DELIVERY, REVIEW, THREADS, TOPICS, dead_letters
from tests.support.deployment import Deployment
from tests.support.kafka import read_all, running_kafka, wait_until
from tests.support.redis import running_redis
from tests.support.searching import all_topics, everything, in_files, in_redis
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
CANARY = "xanthoceras"
WORDS = f"How do I plant a {CANARY} in the garden? My {CANARY} seedling looks ill."
RAW = {ACTIVITY, THREADS, dead_letters(ACTIVITY), dead_letters(THREADS)}
BUNDLE = Bundle(
    (resource(), resource("other")),
    (playbook("hello", "community.joined"), playbook("asked", "post.created", resource="other")),
    {"*": Policy(quiet_from=0, quiet_to=0)},
)
# A broker that looks several times a second for what is past its time or can be compacted, rather than every few minutes.
TIDY = "log.initial.task.delay.ms=100\nlog.retention.check.interval.ms=300\nlog.cleaner.backoff.ms=200\n"
AT_ONCE = {
    "retention.ms": "500", "segment.ms": "500", "delete.retention.ms": "0", "min.cleanable.dirty.ratio": "0.01",
    "min.compaction.lag.ms": "0", "file.delete.delay.ms": "0",
}  # fmt: skip


class Town(NamedTuple):
    """A running deployment: a worker, and what delivery leaves behind."""

    deployment: Deployment
    redis_url: str
    logs: Path
    working: ExitStack  # what ends its worker
    disk: Path  # where the broker keeps all topics

    def lotse(self, *words: str) -> Any:
        """Run a command against it."""
        return self.deployment.lotse(*words, LOTSE_REDIS=self.redis_url)

    def json(self, *words: str) -> Any:
        """Run a command that succeeds, and return what it prints as JSON."""
        done = self.lotse(*words)
        assert done.returncode == 0, done.stderr + done.stdout
        return orjson.loads(done.stdout)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in which ann asks with a canary in her words, gets something, and eve answers her."""
    logs = tmp_path_factory.mktemp("logs")
    with running_kafka(lambda _port, _controller: TIDY) as broker, running_redis() as store, ExitStack() as working:
        deployment = Deployment(broker.bootstrap, "privacy")
        deployment.prepare(BUNDLE)
        working.enter_context(deployment.worker(logs, "one"))
        found = Town(deployment, store.url, logs, working, broker.home / "data")
        live(found, deployment.settings)
        yield found


def live(town: Town, settings: Settings) -> None:
    """Let the town live."""
    with closing(KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")) as producer:
        now = time.time()
        made = [
            Event("j1", "community.joined", "town/ann", now, VOCABULARY["community.joined"]()),
            Event("c1", "consent.given", "town/ann", now, VOCABULARY["consent.given"](kind="onboarding")),
            Event("i1", "profile.changed", "town/ann", now, VOCABULARY["profile.changed"](interests=("ferns",))),
            Event("q1", "post.created", "town/ann", now, VOCABULARY["post.created"](text=WORDS, channel="help")),
            Event("j2", "community.joined", "town/eve", now, VOCABULARY["community.joined"]()),
            Event("r1", "post.replied", "town/eve", now, VOCABULARY["post.replied"](text=f"Water the {CANARY}.", thread="t1", to="town/ann")),
        ]  # fmt: skip
        for event in made:
            town.deployment.send(producer, event)
        broken = b'{"text":"' + CANARY.encode()
        producer.send(ACTIVITY, key=b"town/ann", value=broken, partition=town.deployment.home("town/ann"))
        producer.flush(30)
    assert town.lotse("identity", "link", "town/slack:U1", "town/ann").returncode == 0
    book = redis.Redis.from_url(town.redis_url)
    book.hset("privacy:address:town/ann", "email", "ann@example.org")
    town.deployment.caught_up()
    delivered(town, wait_until(lambda: hers(settings.bootstrap), 60, "a command for ann"))
    town.deployment.caught_up()  # the outcomes too
    wait_until(
        lambda: CANARY.encode() in everything(settings.bootstrap, THREADS), 30, "her words at the community stage"
    )
    book.close()


def hers(bootstrap: str) -> list[Command]:
    """Return the commands made for ann."""
    read = [msgspec.json.decode(one.value, type=Command) for one in read_all(bootstrap, DELIVERY["in_app"])]
    return [one for one in read if one.member == "town/ann"]


def delivered(town: Town, commands: list[Command], claimed: Callable[[], None] = lambda: None) -> None:
    """Leave what a delivery process leaves: the item, how it ended, the outcome in the log. `claimed` is called before the item is put."""
    ending = Ending("delivered", remote="message 7 to ann", via="in_app")

    async def leave() -> None:
        async with Redis.from_url(town.redis_url) as client:
            record = DeliveryRecord(client, "one", prefix="privacy")
            for one in commands:
                assert (await record.claim(one.id)).state == "mine"
            async with AsyncExitStack() as holding:
                for one in commands:
                    await holding.enter_async_context(record.holding(one.id))
                await asyncio.to_thread(claimed)
            for one in commands:
                await Inbox(client, "privacy").put(one)
                await record.finish(one.id, ending)
            await asyncio.to_thread(outcomes, town, commands)
            for one in commands:
                await record.told(one.id, ending)

    asyncio.run(leave())


def outcomes(town: Town, commands: list[Command]) -> None:
    """Write that commands were delivered."""
    with closing(KafkaProducer(bootstrap_servers=town.deployment.settings.bootstrap, acks="all")) as producer:
        for one in commands:
            data = OutcomeData(command=one.id, playbook=one.playbook)
            town.deployment.send(producer, Event(f"o/{one.id}", "outcome.delivered", one.member, time.time(), data))
        producer.flush(30)


def test_words_are_in_raw_topics_and_nowhere_else(town: Town) -> None:
    """Planted in posts, in a broken record, and in others' words."""
    bootstrap = town.deployment.settings.bootstrap
    holding = {name for name in all_topics(bootstrap) if CANARY.encode() in everything(bootstrap, name)}
    # The community stage keeps stems of questions, to find those alike: single words in no order, never a sentence.
    assert holding - {"privacy-communities-changelog"} == {ACTIVITY, THREADS, dead_letters(ACTIVITY)} <= RAW
    assert WORDS.encode() not in everything(bootstrap, "privacy-communities-changelog")
    assert CANARY.encode() not in in_redis(town.redis_url)
    for log in town.logs.iterdir():
        assert CANARY not in log.read_text(encoding="utf-8"), log
    for words in (("explain", "town/ann"), ("topics", "tail", ACTIVITY), ("dlq", "ls"), ("state", "show", "town/ann")):
        done = town.lotse(*words)
        assert CANARY not in done.stdout + done.stderr, words
    assert b"town/ann" in everything(bootstrap, DECISIONS)


def test_a_member_gets_everything_that_is_known_of_them(town: Town) -> None:
    """Their own words, the state, decisions, commands and their outcomes, preferences, consents, identities."""
    found = town.json("export", "town/ann")
    assert found["keys"] == ["town/ann", "town/slack:U1"]
    assert WORDS in orjson.dumps(found["events"]).decode()
    assert found["state"]["town/ann"]["interests"] == ["ferns"]
    assert found["decisions"]
    assert found["commands"]
    assert "outcome.delivered" in {one["value"]["type"] for one in found["outcomes"]}
    assert found["in_app"][0]["member"] == "town/ann"
    assert found["addresses"] == {"town/ann": {"email": "ann@example.org"}}
    assert found["identities"]["town/slack:U1"]["member"] == "town/ann"
    assert [(one["type"], one["kind"]) for one in found["consents"]] == [("consent.given", "onboarding")]
    assert "Water the" not in orjson.dumps(found["named_by_others"]).decode(), "the words of others are theirs"
    assert found["named_by_others"]
    assert town.json("export", "town/slack:U1")["keys"][0] == "town/ann"
    nobody = town.lotse("export", "town/nobody")
    assert (nobody.returncode, nobody.stderr) == (1, "lotse: nothing is known about town/nobody\n")


def test_the_consent_ledger_is_read_from_the_log(town: Town) -> None:
    """Who, what, when."""
    (entry,) = town.json("consents", "town/ann", "--json")
    assert (entry["member"], entry["type"], entry["kind"], entry["id"]) == (
        "town/ann",
        "consent.given",
        "onboarding",
        "c1",
    )
    assert town.lotse("consents", "town/eve").returncode == 1


def test_an_erased_member_is_nowhere_but_in_what_time_cuts(town: Town) -> None:
    """States, Redis and review queue at once; raw topics with a date; a second run finds nothing; eve stays."""
    bootstrap = town.deployment.settings.bootstrap
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        item = orjson.dumps({"id": "i1", "member": "town/ann", "text": WORDS})
        producer.send(REVIEW, key=b"i1", value=item).get(20)
        producer.send(REVIEW, key=b"i2", value=orjson.dumps({"id": "i2", "member": "town/eve"})).get(20)
    receipt = town.json("erase", "town/ann", "--json")
    by_store = {row["store"]: row for row in receipt["stores"]}
    erased = {name for name, row in by_store.items() if row["erased"]}
    assert erased == {
        "states and their changelogs", REVIEW, "Redis: identities", "Redis: addresses", "Redis: inbox", "Redis: deliveries",
    }  # fmt: skip
    assert all(row["left"] == 0 or row["gone_by"] for row in receipt["stores"])
    assert {row["store"] for row in receipt["left"]} <= {spec.name for spec in TOPICS if spec.cleanup == "delete"}
    assert by_store[ACTIVITY]["gone_by"] > time.strftime("%Y-%m-%d", time.gmtime(time.time() + 27 * 86400))
    assert town.lotse("state", "show", "town/ann").returncode == 1
    assert b"ann" not in in_redis(town.redis_url)
    review = {one.key: one.value for one in read_all(bootstrap, REVIEW)}
    assert (review[b"i1"], review[b"i2"] is not None) == (None, True)

    again = town.json("erase", "town/ann", "--json")
    assert (again["found"], [row["store"] for row in again["stores"] if row["erased"]]) == (0, [])
    assert "nothing was there to erase" in town.lotse("erase", "town/ann").stdout
    assert town.lotse("state", "show", "town/eve").returncode == 0


def test_a_log_with_an_erasure_is_still_proved(town: Town) -> None:
    """The fold of the log, erasure included, gives the same decisions."""
    done = town.lotse("verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_who_comes_back_begins_anew(town: Town) -> None:
    """And can be erased again."""
    with closing(KafkaProducer(bootstrap_servers=town.deployment.settings.bootstrap, acks="all")) as producer:
        back = Event("j9", "community.joined", "town/ann", time.time(), VOCABULARY["community.joined"]())
        town.deployment.send(producer, back)
        producer.flush(30)
    town.deployment.caught_up()
    state = orjson.loads(town.lotse("state", "show", "town/ann").stdout)["state"]
    assert (state["posts"], state["interests"]) == (0, [])
    assert DELIVERY  # the commands of before are ended: none is delivered
    assert town.json("erase", "town/ann", "--json")["found"] > 0


def test_what_is_being_delivered_is_waited_for(town: Town) -> None:
    """A claim held while the erasure runs: the item that it puts afterwards goes too, and so does what its outcome brings back."""
    bootstrap = town.deployment.settings.bootstrap
    town.json("erase", "town/ann", "--json")  # so that she is greeted anew, where this test runs alone too
    before = {one.id for one in hers(bootstrap)}
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        back = Event("j10", "community.joined", "town/ann", time.time(), VOCABULARY["community.joined"]())
        town.deployment.send(producer, back)
        producer.flush(30)
    new = wait_until(lambda: [one for one in hers(bootstrap) if one.id not in before], 60, "a command for ann")

    erase = [sys.executable, "-m", "streams.cli", "erase", "town/ann", "--json"]
    environment = child_environment(**town.deployment.environment(LOTSE_REDIS=town.redis_url))
    with ExitStack() as running:

        def meanwhile() -> None:
            erasing.append(running.enter_context(subprocess.Popen(erase, env=environment, stdout=subprocess.PIPE)))
            wait_until(
                lambda: town.lotse("state", "show", "town/ann").returncode == 1, 60, "the stages have forgotten her"
            )

        erasing: list[subprocess.Popen[bytes]] = []
        delivered(town, new, meanwhile)
        receipt = orjson.loads(erasing[0].communicate(timeout=90)[0])
    assert all(row["left"] == 0 or row["gone_by"] for row in receipt["stores"])
    assert b"ann" not in in_redis(town.redis_url)
    assert town.lotse("state", "show", "town/ann").returncode == 1
    assert "nothing was there to erase" in town.lotse("erase", "town/ann").stdout


def test_after_retention_and_compaction_no_byte_is_left(town: Town) -> None:
    """What had a date is gone once that has come: no reader of any topic gets her name, no file of the broker has it."""
    town.json(
        "erase", "town/ann", "--json"
    )  # of what has no date there is none any more, where this test runs alone too
    town.deployment.caught_up()
    bootstrap, name = town.deployment.settings.bootstrap, b"town/ann"
    topics = sorted(all_topics(bootstrap))
    assert name in in_files(town.disk)
    assert name in b"".join(everything(bootstrap, topic) for topic in topics)
    town.working.close()
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, AT_ONCE) for topic in topics])
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:

        def gone() -> bool:
            """Write on, since what is written last is never cut; then look."""
            for topic in topics:
                for partition in producer.partitions_for(topic):
                    producer.send(topic, key=b"somebody", value=b"{}", partition=partition)
            producer.flush(30)
            return name not in in_files(town.disk)

        wait_until(gone, 90, "all that named her is past retention or compacted", 0.5)
    assert name not in b"".join(everything(bootstrap, topic) for topic in topics)
