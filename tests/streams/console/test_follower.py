"""The follower on a real broker: everything once, outcomes find their decisions, on from where it was, a topic made anew."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from processors.decisions import Reason, write_decision
from processors.vocabulary import Tick
from streams.codec import Codec
from streams.console import lookups
from streams.console.follower import Follower
from streams.console.store import Store, decisions_kept
from streams.errors import UserError
from streams.log_reader import connect
from streams.topics import ACTIVITY, DECISIONS
from tests.support.consoles import KEY, decision, event

pytestmark = pytest.mark.integration
CODEC = Codec(KEY)


@pytest.fixture
def producer(broker: str) -> Iterator[KafkaProducer]:
    """Writes to it."""
    with closing(KafkaProducer(bootstrap_servers=broker, acks="all")) as made:
        yield made


def followed(broker: str, store: Store) -> Follower:
    """A round of a follower."""
    follower = Follower(broker, store, CODEC)
    with closing(connect(broker)) as consumer:
        follower.round(consumer)
    return follower


def test_rounds(broker: str, producer: KafkaProducer, tmp_path: Path) -> None:
    """What is no decision and no event is passed over; a second follower goes on where the first one was."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    sent = [decision(number) for number in range(20)] + [decision(20, reason=Reason.WAIT)]
    outcome = event(1, "outcome.dismissed", command=sent[3].command)
    tick = event(2, "tick", "@0")
    assert isinstance(tick.data, Tick)
    for one in (event(3, "post.created", text="words"), outcome, tick):
        producer.send(ACTIVITY, key=one.key.encode(), value=CODEC.encode(one))
    for one in [*sent, sent[0]]:
        producer.send(DECISIONS, key=one.member.encode(), value=write_decision(one))
    producer.send(DECISIONS, key=b"town/ann", value=b"{")
    producer.send(ACTIVITY, key=b"town/ann", value=b"{")
    producer.flush(20)
    follower = followed(broker, store)
    assert (follower.behind, follower.fault) == (0, "")
    assert store.offsets() == {(DECISIONS, 0): 23, (ACTIVITY, 0): 4}
    file = store.reader()
    assert decisions_kept(file) == 21
    assert sorted(one.kind for one in lookups.events_of(file, 1)) == ["outcome.dismissed", "post.created"]
    producer.send(DECISIONS, key=b"town/ann", value=write_decision(decision(30))).get(20)
    followed(broker, store)
    assert decisions_kept(file) == 22


def test_a_topic_made_anew_is_read_from_its_beginning(broker: str, tmp_path: Path) -> None:
    """Offsets beyond its end are of another one."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    store.take(offsets={(DECISIONS, 0): 10_000})
    followed(broker, store)
    assert decisions_kept(store.reader()) == 22


def test_a_missing_topic_is_said(tmp_path: Path, own_kafka: object) -> None:
    """With what to do."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    with pytest.raises(UserError, match="lotse topics apply"):
        followed(own_kafka.bootstrap, store)  # type: ignore[attr-defined]
