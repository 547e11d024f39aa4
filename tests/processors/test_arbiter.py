"""What a member reads of facts: numbers as people write them, and never a template of somebody else's."""

import pytest

from processors.playbooks.message import fill


@pytest.mark.parametrize(
    ("value", "read"), [(24.0, "24"), (1.5, "1.5"), (7, "7"), ("help", "help"), (1234567.0, "1234567")]
)
def test_a_number_is_written_as_people_do(value: float | str, read: str) -> None:
    """Hours and days come as floats."""
    assert fill("for {signal.hours} hours", {"signal.hours": value}) == f"for {read} hours"


def test_a_fact_is_never_read_as_a_template() -> None:
    """A channel may have any name, that of a place too; what the moment does not know is left out, never shown as a place."""
    assert fill("{channel.name} {event.title}", {"channel.name": "{event.title}"}) == "{event.title} …"


def test_a_fact_that_there_is_not_is_told_in_the_words_that_stand_for_it() -> None:
    """In the language of the text; of the moment's own facts nothing changes."""
    line = "gefundene Seiten: {signal.titles|keine}"
    assert fill(line, {}) == "gefundene Seiten: keine"
    assert fill(line, {"signal.titles": "Eins · Zwei"}) == "gefundene Seiten: Eins · Zwei"
    assert fill(line, {"signal.titles": "{signal.x|y}"}) == "gefundene Seiten: {signal.x|y}"
