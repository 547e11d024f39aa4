"""Repeated client complaints, said once in a while: without a broker aiokafka logs hundreds of lines a second."""

import asyncio
import logging
import time
from typing import Any

from aiokafka.errors import KafkaError

_LOGGERS = (
    "aiokafka",
    "aiokafka.client",
    "aiokafka.conn",
    "aiokafka.consumer.fetcher",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.producer.sender",
)


class Throttle(logging.Filter):
    """Passes a message template at most once per `interval_s`."""

    def __init__(self, interval_s: float = 10.0) -> None:
        super().__init__()
        self._interval = interval_s
        self._passed: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to log it."""
        now, template = time.monotonic(), str(record.msg)
        if now - self._passed.get(template, -self._interval) < self._interval:
            return False
        self._passed[template] = now
        return True


def without_stack(record: logging.LogRecord) -> bool:
    """Leave the stack out: that a broker is away is one line."""
    record.exc_info = None
    return True


def quieten_clients(*, stacks: bool = True) -> None:
    """Throttle the loggers of aiokafka; without `stacks` they say what is wrong in one line each."""
    throttle = Throttle()
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(throttle)
        if not stacks:
            logging.getLogger(name).addFilter(without_stack)


def pass_over_failed_batches(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Pass over what aiokafka leaves unheard of a failed batch, as a loop's exception handler: the batch's own future has told it."""
    if not isinstance(context.get("exception"), KafkaError):
        loop.default_exception_handler(context)
