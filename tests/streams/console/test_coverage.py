"""Whom messages reach, as gauges: by tenth of activity, never of a group so small that somebody could be told from it."""

from pathlib import Path

import pytest
from prometheus_client import generate_latest

from processors.decisions import SAFETY, Reason
from streams.console.coverage import ConsoleMeter, reached
from streams.console.reviews import Reviews, from_alert
from streams.console.store import Store
from streams.telemetry.metrics import REGISTRY
from tests.streams.console.test_reviews import alert
from tests.support.consoles import KEY, NOW, decision, event

MEMBERS = 110


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A town of 110: member number n did n things; the most active 55 got something, whatever else was decided about the rest."""
    made = Store(tmp_path / "console.sqlite", 1_000_000, "deployment", KEY)
    acts = [(member, number) for member in range(1, MEMBERS + 1) for number in range(member)]
    events = [event(at, "post.read", f"town/m{member:03}") for at, (member, _) in enumerate(acts)]
    events += [
        event(100_000 + at, "signal", f"town/m{at:03}", kind="lost", episode="e")
        for at in range(1, 60)
        for _ in range(9)
    ]
    sent = [
        decision(n, f"town/m{n:03}", Reason.SENT if n > MEMBERS // 2 else Reason.HOLDOUT) for n in range(1, MEMBERS + 1)
    ]
    made.take([*sent, decision(500, "town/m001", lane=SAFETY), decision(501, "hamlet/h1")], events)
    made.take(events=[event(200_000 + n, "post.read", f"hamlet/h{n}") for n in range(99)])
    return made


def test_the_quietest_tenth_first(store: Store) -> None:
    """Help in distress counts for nothing here; a hamlet whose tenths are smaller than ten is left out."""
    found = reached(store.reader(), NOW + 300_000)
    assert list(found) == ["town"]
    assert found["town"] == [0.0] * 5 + [1.0] * 5


def test_as_gauges(store: Store, tmp_path: Path) -> None:
    """With what waits for people beside it; nobody is named."""
    reviews = Reviews(tmp_path / "reviews.sqlite", lambda: NOW + 900)
    reviews.take([from_alert(alert("a1"), NOW, 0, 0)], {})
    meter = ConsoleMeter(store, reviews, lambda: NOW + 900)
    meter.count()
    meter.show()
    page = generate_latest(REGISTRY).decode()
    assert 'lotse_coverage_ratio{community="town",decile="10"} 1.0' in page
    assert 'lotse_coverage_ratio{community="town",decile="1"} 0.0' in page
    assert "hamlet" not in page
    assert 'lotse_review_queue_items{queue="safety"} 1.0' in page
    assert 'lotse_review_queue_waiting_seconds{queue="safety"} 900.0' in page
    assert 'lotse_review_queue_waiting_seconds{queue="moderation"} 0.0' in page
    assert "town/m" not in page
