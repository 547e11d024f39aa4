"""What an analytics platform is told from a real Kafka: each once in its eyes, the safety lane never."""

import asyncio
import time
from typing import Literal

import msgspec
import pytest
from kafka import KafkaProducer

from processors.decisions import Decision, Reason, Verdict
from processors.events import Event
from processors.playbooks.resources import Bundle, Playbook, Policy
from processors.vocabulary import OutcomeData
from sinks.analytics.told import Told
from sinks.channel import Receipt
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.delivery.analytics import AnalyticsFeed
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS

pytestmark = pytest.mark.integration
KEY = "a control key for tests"
OURS = Playbook("first-steps", "community.joined", "guide", "welcome")
SAFETY = Playbook("crisis", "community.joined", "guide", "distress", lane="safety")


class Listening:
    """A platform that answers from a script, and keeps what it was told."""

    def __init__(self, name: str, *answers: Receipt, at_most_once: bool = False) -> None:
        self.name, self.at_most_once, self.answers = name, at_most_once, list(answers)
        self.told: list[Told] = []
        self.asked = 0

    async def send(self, events: list[Told]) -> Receipt:
        if not events:
            return Receipt("delivered")
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else Receipt("delivered")
        self.told += events if answer.result == "delivered" else []
        return answer

    async def close(self) -> None:
        """Nothing to give up."""


def write(settings: Settings, run: int) -> None:
    """Write a decision and an outcome of each lane."""
    codec, now = Codec(KEY.encode()), time.time()
    producer = KafkaProducer(bootstrap_servers=settings.bootstrap, acks="all")
    for book in (OURS, SAFETY):
        decision = Decision(
            f"d-{run}-{book.id}", "town/ann", now, Verdict.SEND, Reason.SENT, book.id, lane=book.lane, channel="email"
        )
        producer.send(DECISIONS, key=b"town/ann", value=msgspec.json.encode(decision)).get(20)
        data = OutcomeData(command="c", playbook=book.id, via="email")
        event = Event(f"e-{run}-{book.id}", "outcome.helpful", "town/ann", now, data)
        producer.send(ACTIVITY, key=b"town/ann", value=codec.encode(event)).get(20)
    producer.close()


@pytest.mark.parametrize("how", ["until it answers", "at most once"])
def test_it_is_told_of_everything_but_the_safety_lane(
    broker: str, how: Literal["until it answers", "at most once"]
) -> None:
    """A refusal is told again, or, where a repetition would count twice, not."""
    settings = Settings(bootstrap=broker, app="analytics-tests", control_key=KEY, partitions=1)
    bundle = Bundle((), (OURS, SAFETY), {"*": Policy()})
    publish(broker, bundle, Codec(KEY.encode()), 1, time.time())
    once = how == "at most once"
    busy = Receipt("retry", "503")
    platform = Listening("once" if once else "again", *(() if once else (busy,)), at_most_once=once)

    async def story() -> None:
        stopped = asyncio.Event()
        feed = asyncio.create_task(AnalyticsFeed(settings, Codec(KEY.encode()), platform).run(stopped))
        for run in range(60):  # it listens from its first assignment on
            await asyncio.to_thread(write, settings, run)
            await asyncio.sleep(0.5)
            if len(platform.told) >= 4:
                break
        stopped.set()
        await feed

    asyncio.run(story())
    assert {one.facts["playbook"] for one in platform.told} == {"first-steps"}
    assert {one.name for one in platform.told} == {"lotse_decision", "lotse_outcome"}
    assert len({one.id for one in platform.told}) == len(platform.told)
    assert once or platform.asked > 1


class KilledError(Exception):
    """The process is gone at this point."""


class Dying(Listening):
    """Dies once, when it is told of `about`: before the platform has it, or after."""

    about, after = "", False

    async def send(self, events: list[Told]) -> Receipt:
        dies = bool(self.about) and any(one.facts.get("reason") == self.about for one in events)
        if dies:
            self.about = ""
        if dies and not self.after:
            raise KilledError
        receipt = await super().send(events)
        if dies:
            raise KilledError
        return receipt


@pytest.mark.parametrize(("once", "after", "times"), [(True, False, 0), (False, True, 2)])
def test_a_crash_loses_with_one_platform_and_repeats_with_another(
    broker: str, once: bool, after: bool, times: int
) -> None:
    """Where a repetition counts twice it is committed first, and lost; elsewhere told again, under the same id."""
    settings = Settings(bootstrap=broker, app="analytics-crash", control_key=KEY, partitions=1)
    platform = Dying(f"dying-{once}", at_most_once=once)
    platform.after = after

    def decide(reason: Reason) -> None:
        made = Decision(f"d-{reason}-{once}", "town/ann", time.time(), Verdict.DROP, reason, OURS.id, lane=OURS.lane)
        producer = KafkaProducer(bootstrap_servers=broker, acks="all")
        producer.send(DECISIONS, key=b"town/ann", value=msgspec.json.encode(made)).get(20)
        producer.close()

    def told(reason: Reason) -> list[str]:
        return [one.id for one in platform.told if one.facts.get("reason") == reason]

    async def listen(until: Reason, *, again: bool = False) -> None:
        """Run a feed until this is told or the feed has died; written once, or until somebody listens."""
        stopped, turn = asyncio.Event(), 0
        feed = asyncio.create_task(AnalyticsFeed(settings, Codec(KEY.encode()), platform).run(stopped))
        while not feed.done() and not told(until) and turn < 300:
            if again or not turn:
                await asyncio.to_thread(decide, until)
            turn += 1
            await asyncio.sleep(0.2)
        stopped.set()
        await asyncio.wait({feed})
        if not feed.cancelled() and not isinstance(feed.exception(), KilledError | None):
            await feed

    asyncio.run(listen(Reason.SHADOW, again=True))  # it listens from here on
    platform.about = Reason.HOLDOUT
    asyncio.run(listen(Reason.HOLDOUT))
    assert platform.about == "", "it died"
    asyncio.run(listen(Reason.RESTING))
    assert told(Reason.RESTING)
    assert len(told(Reason.HOLDOUT)) == times
    assert len(set(told(Reason.HOLDOUT))) <= 1
