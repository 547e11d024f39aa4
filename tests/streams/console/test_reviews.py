"""The file of what people are asked to look at: each once, bounded, the answered ones forgotten but for their label."""

from pathlib import Path

import pytest

from processors.outputs import Alert
from processors.reviews import Review
from streams.console.reviews import KEPT_S, SAMPLES_MAX, Reviews, from_alert, from_review, reviews_path
from streams.errors import UserError
from tests.support.consoles import NOW


def review(name: str, **fields: object) -> Review:
    """An item of moderation.review.v1."""
    given = {
        "queue": "moderation",
        "kind": "reported",
        "detector": "conflict",
        "member": "town/ann",
        "time": NOW,
        "episode": f"flag/{name}",
        **fields,
    }
    return Review(id=name, **given)  # type: ignore[arg-type]


def alert(name: str, member: str = "town/ann") -> Alert:
    """A line of safety.v1."""
    return Alert(name, member, NOW, 3, ("wish", "plan"))


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    """An empty file, an hour after `NOW`."""
    return Reviews(tmp_path / "reviews.sqlite", lambda: NOW + 3600)


def test_the_longest_waiting_first_safety_before_all(reviews: Reviews) -> None:
    """Whoever may not see the safety queue is given none of it."""
    items = [from_review(review(f"r{number}"), NOW + 50 - number, 0, number) for number in range(3)]
    reviews.take([*items, from_alert(alert("a1"), NOW + 90, 0, 9)], {("t", 0): 4})
    assert [one.id for one in reviews.open(("safety", "moderation", "sample"))] == ["a1", "r2", "r1", "r0"]
    assert [one.id for one in reviews.open(("moderation",))] == ["r2", "r1", "r0"]
    assert reviews.offsets() == {("t", 0): 4}
    found = reviews.item("a1")
    assert found
    assert (found.evidence, found.community) == ({"tier": 3, "kinds": "wish, plan"}, "town")
    waits = reviews.waiting()
    assert waits["safety"] == (1, NOW + 90)
    assert waits["sample"] == (0, NOW + 3600)


def test_an_answer_leaves_a_label_without_the_member(reviews: Reviews, tmp_path: Path) -> None:
    """Once; the item does not come again when the topic is read anew."""
    item = from_alert(alert("a1", "town/secret-member"), NOW, 0, 1)
    reviews.take([item], {})
    assert reviews.answer(item, "acted", "ann")
    assert not reviews.answer(item, "wrong", "ben")
    reviews.take([item], {})
    assert reviews.open(("safety",)) == []
    (label,) = reviews.labels(("safety",))
    assert (label.said, label.account, label.kind) == ("acted", "ann", "distress")
    assert reviews.counts(("safety",)) == [("distress_language", "distress", "acted", 1)]
    assert reviews.labels(("moderation",)) == []
    assert reviews.counts(("moderation",)) == []
    rows = reviews._file.execute("SELECT * FROM item UNION ALL SELECT *, 0, 0, 0 FROM label").fetchall()
    assert "secret-member" not in repr(rows)
    assert not [path for path in tmp_path.iterdir() if b"secret-member" in path.read_bytes()]


def test_what_nobody_looked_at_goes_by_itself(reviews: Reviews) -> None:
    """After thirty days; of samples the newest of a kind stay; a tombstone takes one away; who is erased is forgotten."""
    old = from_review(review("old"), NOW + 3600 - KEPT_S - 1, 0, 0)
    samples = [
        from_review(review(f"s{n:03}", queue="sample", kind="lost"), NOW + n, 0, n) for n in range(SAMPLES_MAX + 5)
    ]
    other = from_review(review("other", member="town/ben"), NOW, 0, 0)
    reviews.take([old, *samples, other], {})
    left = [one.id for one in reviews.open(("moderation", "sample"), 500)]
    assert left == ["other", *(f"s{n:03}" for n in range(5, SAMPLES_MAX + 5))]
    reviews.take([], {}, gone=["s005"])
    reviews.forget(["town/ben"])
    left = [one.id for one in reviews.open(("moderation", "sample"), 500)]
    assert left == [f"s{n:03}" for n in range(6, SAMPLES_MAX + 5)]


def test_a_replay_is_no_hurry(reviews: Reviews) -> None:
    """It may be looked at, and nobody is paged for it."""
    reviews.take([from_review(review("r", replay=True), NOW, 0, 0)], {})
    assert len(reviews.open(("moderation",))) == reviews.counts_open()["moderation"] == 1
    assert reviews.waiting()["moderation"][0] == 0


def test_half_a_batch_is_none(reviews: Reviews) -> None:
    """What could not be kept leaves neither items nor offsets."""

    def items() -> object:
        yield from_review(review("r"), NOW, 0, 0)
        raise RuntimeError("in the midst of it")

    with pytest.raises(RuntimeError):
        reviews.take(items(), {("t", 0): 9})  # type: ignore[arg-type]
    assert reviews.offsets() == {}
    assert reviews.open(("moderation",)) == []


def test_another_version_is_said(tmp_path: Path) -> None:
    """And nothing is overwritten."""
    path = reviews_path(tmp_path / "console.sqlite")
    assert path.name == "console-reviews.sqlite"
    Reviews(path, lambda: NOW)._file.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="another version"):
        Reviews(path, lambda: NOW)
