"""Throttling of repeated log lines."""

import logging

import pytest

from streams.runtime.quiet import Throttle


def test_a_repeated_template_passes_once_and_others_pass(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test-throttle")
    logger.addFilter(Throttle(60))
    for node in range(50):
        logger.error("no connection to %s", node)
    logger.error("something else")
    assert [record.getMessage() for record in caplog.records] == ["no connection to 0", "something else"]
