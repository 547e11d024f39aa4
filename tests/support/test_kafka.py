"""The broker that the tests stand on: it keeps what it was given over a stop and over a kill."""

import pytest
from kafka import KafkaProducer

from tests.support.kafka import Broker, create_topics, read_all, running_kafka

pytestmark = pytest.mark.integration


def write(bootstrap: str, topic: str, *values: bytes) -> None:
    """Write values, each acknowledged."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for value in values:
        producer.send(topic, value).get(20)
    producer.close()


def test_a_broker_comes_back_with_its_address_and_data(own_kafka: Broker) -> None:
    """Stopped or killed, then started: same port, same records."""
    create_topics(own_kafka.bootstrap, {"things": 2})
    write(own_kafka.bootstrap, "things", b"one", b"two")
    for end in (own_kafka.stop, own_kafka.kill):
        end()
        own_kafka.start()
        assert {record.value for record in read_all(own_kafka.bootstrap, "things")} == {b"one", b"two"}


def test_what_is_not_there_is_said(kafka: str) -> None:
    """A topic that nobody made is a message, not an endless wait; reading does not make it."""
    for _ in range(2):
        with pytest.raises(ValueError, match="there is no such topic"):
            read_all(kafka, "nothing-of-this-name")


def test_a_broker_leaves_nothing_behind() -> None:
    """Its data are gone with it."""
    with running_kafka() as broker:
        home = broker.home
        assert home.exists()
    assert not home.exists()
