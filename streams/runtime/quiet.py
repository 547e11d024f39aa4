"""Repeated client complaints, said once in a while: without a broker aiokafka logs hundreds of lines a second."""

import logging
import time

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


def quieten_clients() -> None:
    """Throttle the loggers of aiokafka."""
    throttle = Throttle()
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(throttle)
