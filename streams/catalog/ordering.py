"""An operator's order, given: delivery obeys at once, the arbiter as the log reaches the catalog that carries it."""

import time

import msgspec

from processors.orders import Order
from streams.catalog.feed import last_published, publish
from streams.codec import Codec
from streams.control import read_orders, write_order
from streams.settings import Settings

STEP_S = 0.001  # between two orders of one key, where clocks of two operators differ


def give(settings: Settings, order: Order) -> str:
    """Tell delivery first, which needs no log, then the arbiter; return the catalog's hash, empty where none is published yet.

    Raises `UserError` where the order could not be written.
    """
    codec = Codec(settings.control())
    known = read_orders(settings.bootstrap, codec).latest(order.key)
    if known is not None and known.at >= order.at:
        order = msgspec.structs.replace(order, at=known.at + STEP_S)
    write_order(settings.bootstrap, codec, order)
    bundle = last_published(settings.bootstrap)
    return publish(settings.bootstrap, bundle, codec, settings.partitions, time.time()) if bundle else ""


def standing(settings: Settings) -> list[Order]:
    """Return the orders in force. Raises `UserError` without a broker."""
    return read_orders(settings.bootstrap, Codec(settings.control())).standing(time.time())
