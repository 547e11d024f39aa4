"""The catalog topic: bundles are published whole, and every worker holds those that its log may name."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from processors.events import Event
from processors.ids import digest
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from processors.vocabulary import Activation
from streams.codec import Codec
from streams.control import read_orders
from streams.servers import broker_access
from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY, CATALOG

log = logging.getLogger("lotse.catalog")

TIMEOUT_S = 20.0
AGAIN_S = 2.0
_DECODER = msgspec.json.Decoder(Bundle)


class CatalogFeed:
    """Reads the catalog topic from its beginning, then follows it in a thread of its own.

    `prepare` is called with a new catalog before anybody can get it.
    """

    def __init__(self, bootstrap: str, prepare: Callable[[Catalog], None] = lambda _: None) -> None:
        self._prepare = prepare
        self._catalogs: dict[str, Catalog] = {}
        self.latest: Catalog | None = None  # the one that was published last
        self._bootstrap = bootstrap

    def get(self, content_hash: str) -> Catalog | None:
        """Return the compiled catalog of a hash, None where it has not arrived."""
        return self._catalogs.get(content_hash)

    def load(self) -> "CatalogFeed":
        """Read what is there now. Raises `UserError` where the topic cannot be read."""
        for record in read_topic(self._bootstrap, CATALOG, patient=True):  # a worker may be up before its broker
            self._take(record.key, record.value)
        return self

    def follow(self) -> None:
        """Keep reading, as a daemon thread."""
        threading.Thread(target=self._follow, name="catalog-feed", daemon=True).start()

    def _follow(self) -> None:
        while True:
            try:
                self._read_on()
            except (KafkaError, OSError) as error:  # whoever waits for a bundle would wait for ever
                log.warning("the catalog topic is read again in %.0f s (%s)", AGAIN_S, type(error).__name__)
                time.sleep(AGAIN_S)

    def _read_on(self) -> None:
        consumer = KafkaConsumer(**broker_access.options(self._bootstrap), auto_offset_reset="earliest", group_id=None)
        with closing(consumer):
            consumer.assign([TopicPartition(CATALOG, 0)])
            consumer.seek_to_beginning()
            while True:
                for records in consumer.poll(timeout_ms=500).values():
                    for record in records:
                        self._take(record.key, record.value)

    def _take(self, key: bytes | None, value: bytes | None) -> None:
        name = (key or b"").decode(errors="replace")
        if not name or not value:
            return
        if name not in self._catalogs:
            try:
                catalog = Catalog(_DECODER.decode(value), name)
            except (
                msgspec.DecodeError,
                ValueError,
            ):  # a bundle of another version: whoever names it waits for one we can read
                return
            self._prepare(catalog)
            self._catalogs[name] = catalog
        self.latest = self._catalogs[name]


def last_published(bootstrap: str) -> Bundle | None:
    """Return the bundle that was published last, None where there is none that this version reads."""
    bundle = None
    for record in read_topic(bootstrap, CATALOG):
        with suppress(msgspec.DecodeError):
            bundle = _DECODER.decode(record.value or b"")
    return bundle


def publish(bootstrap: str, bundle: Bundle, codec: Codec, partitions: int, now: float, *, replay: bool = False) -> str:
    """Write the bundle, wait until it is acknowledged, then activate it in each partition of the member log; return its hash.

    The operators' standing orders become its silences: whatever is published, what they stopped stays stopped.
    """
    bundle = msgspec.structs.replace(bundle, silences=read_orders(bootstrap, codec).silences(time.time()))
    content_hash = bundle.hash()
    producer = KafkaProducer(**broker_access.options(bootstrap), acks="all")
    try:
        producer.send(CATALOG, key=content_hash.encode(), value=bundle.encode()).get(TIMEOUT_S)
        for partition in range(partitions):
            event = Event(
                digest("activated", content_hash, str(partition), str(now)),
                "catalog.activated",
                f"@{partition}",
                now,
                Activation(hash=content_hash),
                replay,
            )
            producer.send(ACTIVITY, key=event.key.encode(), value=codec.encode(event), partition=partition).get(
                TIMEOUT_S
            )
    finally:
        producer.close()
    return content_hash
