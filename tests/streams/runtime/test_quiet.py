"""Throttling of repeated log lines."""

import asyncio
import logging

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.runtime.quiet import Throttle, pass_over_failed_batches


def test_a_repeated_template_passes_once_and_others_pass(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test-throttle")
    logger.addFilter(Throttle(60))
    for node in range(50):
        logger.error("no connection to %s", node)
    logger.error("something else")
    assert [record.getMessage() for record in caplog.records] == ["no connection to 0", "something else"]


@pytest.mark.parametrize(("error", "lines"), [(KafkaConnectionError(), 0), (ValueError("a fault"), 1)])
def test_only_failed_batches_are_passed_over(caplog: pytest.LogCaptureFixture, error: Exception, lines: int) -> None:
    """A future that fails and that nobody asks: what the broker's absence leaves is no line, any other fault is one."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(pass_over_failed_batches)
        loop.create_future().set_exception(error)

    asyncio.run(run())
    assert len(caplog.records) == lines
