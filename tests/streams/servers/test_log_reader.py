"""Reading a partition of the embedded broker, which tells the beginning of its last batch as its end."""

from contextlib import closing

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic

from streams.servers.embedded_broker import embedded_broker
from streams.servers.log_reader import read_partition

pytestmark = pytest.mark.integration


def test_all_that_was_written_is_read_where_it_is_known_to_be_there() -> None:
    """Five records in one batch: the broker names an end before them, who wrote them knows better."""
    with embedded_broker() as bootstrap:
        with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
            admin.create_topics([NewTopic("batch", 1, 1)])
        with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=500)) as producer:
            sent = [producer.send("batch", str(number).encode(), partition=0) for number in range(5)]
            producer.flush(20)
            end = sent[-1].get(20).offset + 1
        found = [record.value for record in read_partition(bootstrap, "batch", 0, end, written=True)]
    assert found == [str(number).encode() for number in range(5)]
