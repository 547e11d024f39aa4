"""A way out that does not deliver is news once, and once more when it is over."""

import logging

import pytest

from streams.telemetry.way_news import SAID_S, WayNews


class Told:
    """The news of a way called webhook, on a clock that is set by hand."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "lotse.delivery")
        self.now, self._log = 0.0, caplog
        self.news = WayNews("webhook", lambda: self.now)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Level and words of each line."""
        return [(one.levelname, one.getMessage()) for one in self._log.records]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    """News and what was logged of them."""
    return Told(caplog)


def test_a_thousand_attempts_are_two_lines(told: Told) -> None:
    """The first names the cause and the counter of the others, the last how many there were."""
    for _ in range(1000):
        told.news.failed("503")
        told.now += 0.1
    told.news.delivered()
    (first, words), (last, over) = told.lines
    assert (first, last) == ("WARNING", "INFO")
    assert "webhook" in words
    assert "(503)" in words
    assert "lotse_delivery_retries_total" in words
    assert "after 1000 attempts" in over


def test_one_target_that_fails_beside_others_is_said_once_a_minute(told: Told) -> None:
    """Each other message goes, so that it begins and ends again and again."""
    for _ in range(int(3 * SAID_S)):
        told.news.failed("404")
        told.news.delivered()
        told.now += 1.0
    assert [level for level, _ in told.lines] == ["WARNING", "INFO"] * 3


def test_a_way_that_delivers_is_no_news(told: Told) -> None:
    """Nor is the end of a failure that nobody was told of."""
    told.news.delivered()
    told.news.failed("503")
    told.news.delivered()
    told.news.failed("503")
    told.news.delivered()
    assert len(told.lines) == 2
