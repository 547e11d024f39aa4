"""The control topic: operators' orders, written sealed, read at once by whoever delivers."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing

from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.orders import Order, StandingOrders
from streams.codec import Codec, UndecodableError
from streams.errors import UNREACHABLE, UserError
from streams.servers import broker_access
from streams.servers.log_reader import read_topic
from streams.topics import CONTROL

TIMEOUT_S = 20.0
log = logging.getLogger("lotse.control")


def read_orders(bootstrap: str, codec: Codec, refused: Callable[[str], None] = lambda _reason: None) -> StandingOrders:
    """Return the orders that the topic holds now; a forged one counts for nothing. Raises `UserError` without a broker."""
    orders = StandingOrders()
    for record in read_topic(bootstrap, CONTROL):
        _take(orders, codec, record.key, record.value, refused)
    return orders


def write_order(bootstrap: str, codec: Codec, order: Order) -> None:
    """Write an order and wait until it is acknowledged. Raises `UserError` where it is not."""
    try:
        with closing(
            KafkaProducer(**broker_access.options(bootstrap), acks="all", bootstrap_timeout_ms=10_000)
        ) as producer:
            producer.send(CONTROL, key=order.key.encode(), value=codec.order(order)).get(TIMEOUT_S)
    except (KafkaError, OSError) as error:
        raise UserError(
            f"the order was not written to {CONTROL} on {bootstrap} ({type(error).__name__}): nothing is stopped by it",
            UNREACHABLE,
        ) from None


class ControlFeed:
    """Follows the topic on the event loop; `changed` is called after each order, `refused` with why one counts for nothing."""

    def __init__(
        self, bootstrap: str, codec: Codec, changed: Callable[[], None], refused: Callable[[str], None]
    ) -> None:
        self._bootstrap, self._codec = bootstrap, codec
        self._changed, self._refused = changed, refused
        self.orders = StandingOrders()

    async def load(self) -> None:
        """Read the topic from its beginning up to where it ends now. Raises `UserError` where it cannot be read."""
        self.orders = await asyncio.to_thread(read_orders, self._bootstrap, self._codec)

    async def follow(self) -> None:
        """Read on, from the beginning once more, so that nothing is missed in between; returns only by an error."""
        consumer = AIOKafkaConsumer(**broker_access.options(self._bootstrap), group_id=None, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign([TopicPartition(CONTROL, 0)])
            await consumer.seek_to_beginning()
            async for record in consumer:
                _take(self.orders, self._codec, record.key, record.value, self._refused)
                self._changed()
        finally:
            await consumer.stop()


def _take(
    orders: StandingOrders, codec: Codec, key: bytes | None, value: bytes | None, refused: Callable[[str], None]
) -> None:
    try:
        orders.take(codec.read_order(key, value))
    except UndecodableError as error:
        refused(error.reason)
        log.warning("a record of %s counts for nothing: %s", CONTROL, error)
