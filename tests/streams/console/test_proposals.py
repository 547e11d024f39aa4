"""Proposals: one of each person about a playbook, bounded, answered once."""

from pathlib import Path

from streams.console.proposals import WAITING_MAX, Proposals


def test_a_later_one_of_the_same_person_takes_the_place(tmp_path: Path) -> None:
    """Of another person it stands beside; what was taken is gone, unless it is put back."""
    now = [1.0]
    kept = Proposals(tmp_path / "a.sqlite", lambda: now[0])
    kept.add("p", "one", "", "ann", "why")
    now[0] = 2.0
    second = kept.add("p", "two", "", "ann", "why")
    now[0] = 3.0
    third = kept.add("p", "three", "b", "ben", "why")
    assert second
    assert third
    assert [one.text for one in Proposals(tmp_path / "a.sqlite", lambda: 0.0).waiting()] == ["two", "three"]
    assert (kept.take(second.id), kept.take(second.id)) == (True, False)
    assert kept.find(second.id) is None
    kept.put_back(second)
    assert kept.find(second.id) == second


def test_they_are_bounded(tmp_path: Path) -> None:
    """A forgotten list grows no further."""
    kept = Proposals(tmp_path / "a.sqlite", lambda: 0.0)
    for number in range(WAITING_MAX):
        assert kept.add(f"p{number}", "", "", "ann", "")
    assert kept.add("one more", "", "", "ann", "") is None
