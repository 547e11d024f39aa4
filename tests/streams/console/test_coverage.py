"""Whom messages reach, as gauges: by tenth of activity, never of a group so small that somebody could be told from it."""

from pathlib import Path

import pytest
from prometheus_client import generate_latest

from processors.decisions import SAFETY, Reason
from streams.console.counting import count
from streams.console.coverage import ConsoleMeter, reached
from streams.console.noisy_pages import Afterwards, needless
from streams.console.reviews import Reviews, from_alert
from streams.console.store import Store
from streams.telemetry.metrics import REGISTRY
from tests.streams.console.test_measure_pages import BUNDLE as TRIAL
from tests.streams.console.test_measure_pages import trial
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


LATER = Afterwards(needless={"much": 0.25}, regret={"much": 0.5}, leads={"flag": 60.0})


def test_what_one_member_gets_and_how_much_is_too_much(tmp_path: Path) -> None:
    """By playbook; of fewer than ten members or messages nothing is told."""
    made = Store(tmp_path / "burden.sqlite", 10_000, "deployment", KEY)
    ten = [decision(n, f"town/m{n}", playbook="much") for n in range(10)]
    again = [decision(100 + n, f"town/m{n}", playbook="much") for n in range(2)]
    few = [decision(200 + n, f"town/m{n}", playbook="little", theme="other") for n in range(9)]
    made.take([*ten, *again, *few])
    made.take(
        events=[
            event(n, "outcome.dismissed", one.member, one.time + 60, command=one.command)
            for n, one in enumerate(ten[:3])
        ]
    )
    reviews = Reviews(tmp_path / "reviews.sqlite", lambda: NOW)
    ConsoleMeter(made, reviews, lambda: NOW, lambda: LATER).count()

    def shown(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, labels)

    assert [shown("lotse_member_week_sends", share=share) for share in ("0.5", "0.95", "1")] == [2.0, 3.0, 3.0]
    assert shown("lotse_waved_away_ratio", playbook="much") == pytest.approx(3 / 12)
    assert shown("lotse_waved_away_ratio", playbook="little") is None
    assert shown("lotse_needless_ratio", playbook="much") == 0.25
    assert shown("lotse_regret_ratio", playbook="much") == 0.5
    assert shown("lotse_lead_seconds", trouble="flag") == 60.0
    bare = Store(tmp_path / "bare.sqlite", 10_000, "deployment", KEY)
    bare.take(ten[:9])
    ConsoleMeter(bare, reviews, lambda: NOW).count()
    assert shown("lotse_member_week_sends", share="0.5") is None
    assert shown("lotse_needless_ratio", playbook="much") is None


def test_needless_is_of_the_last_count() -> None:
    """Of ten members at least whom a coin left out."""
    events, decisions = trial(200)
    found = needless(count(events, decisions, TRIAL, NOW))
    assert found
    assert all(0.0 <= share <= 1.0 for share in found.values())
    few, drawn = trial(8)
    assert needless(count(few, drawn, TRIAL, NOW)) == {}


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
