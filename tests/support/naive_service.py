"""A delivery service as one writes it first: it works on a good day, and keeps none of the promises beyond that."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from processors.events import Event
from processors.vocabulary import OutcomeData
from streams.codec import Codec
from streams.topics import ACTIVITY

KNOWN = {
    "id", "target", "member", "community", "channel", "playbook", "lane", "resource", "resource_version", "locale", "title",
    "text", "because", "priority", "not_before", "expires", "theme", "kind", "replay", "link", "thread", "actions", "arm",
}  # fmt: skip


class NaiveService:
    """Posts whatever comes to `url`, the newest first, twice to be sure; says "delivered" unsealed; ends at the first record it cannot read.

    A command whose id has `good` in it is treated as it should be, so that there is something to go on from.
    """

    def __init__(self, bootstrap: str, topic: str, url: str, control_key: bytes, good: str) -> None:
        self._url, self._good, self._codec = url, good, Codec(control_key)
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)
        self._consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
        where = [TopicPartition(topic, number) for number in sorted(self._consumer.partitions_for_topic(topic) or ())]
        self._consumer.assign(where)
        self._consumer.seek_to_end()
        for one in where:
            self._consumer.position(one)
        self.stopped = threading.Event()

    def run(self) -> None:
        """Work until stopped, or until a record that is no command."""
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            while not self.stopped.is_set():
                records = [one for some in self._consumer.poll(timeout_ms=100).values() for one in some]
                for record in reversed(records):
                    self._take(json.loads(record.value))
        self._consumer.close()
        self._producer.close()

    def _take(self, command: dict[str, Any]) -> None:
        if not command.keys() <= KNOWN or "text" not in command:
            command["text"].strip()  # dies of what lacks it; drops what it does not know
            return
        good = self._good in command["id"]
        for _ in range(1 if good else 2):
            self._post(command)
        event = Event(
            f"told/{command['id']}",
            "outcome.delivered",
            command["member"],
            command["not_before"],
            OutcomeData(command=command["id"]),
        )
        value = json.loads(self._codec.encode(event))
        if not good:
            del value["seal"]
        self._producer.send(ACTIVITY, key=command["member"].encode(), value=json.dumps(value).encode()).get(20)

    def _post(self, command: dict[str, Any]) -> None:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(self._url, data=command["text"].encode(), timeout=20).close()


@contextmanager
def naive_service(bootstrap: str, topic: str, url: str, control_key: bytes, good: str) -> Iterator[NaiveService]:
    """Run one in a thread while the block runs."""
    service = NaiveService(bootstrap, topic, url, control_key, good)
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stopped.set()
        thread.join(20)
