"""Outputs added up keep everything, in order."""

from processors.outputs import Alert, Outputs


def test_adding_keeps_all_there_is() -> None:
    """Lists behind each other, counts summed; the one added stays as it was."""
    first = Outputs(alerts=[Alert("a", "c/ann", 1.0, 3, ())], detections={"asked": 1}, repeats=2, unknown_types=1)
    second = Outputs(alerts=[Alert("b", "c/bob", 2.0, 3, ())], detections={"asked": 2, "overdue": 1}, repeats=1)
    first.add(second)
    assert [one.id for one in first.alerts] == ["a", "b"]
    assert first.detections == {"asked": 3, "overdue": 1}
    assert (first.repeats, first.unknown_types) == (3, 1)
    assert [one.id for one in second.alerts] == ["b"]


def test_every_field_is_added() -> None:
    """A field that somebody adds later is not forgotten."""
    full = Outputs(*([object()] for _ in range(5)), {"kind": 1}, 1, 1)  # type: ignore[arg-type]
    total = Outputs()
    total.add(full)
    assert total == full
