"""Which language a reader wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.web.languages import choose, wanted


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", ["de-at", "de", "en"]),
        ("en;q=0.1, de", ["de", "en"]),
        ("*", []),
        ("de;q=0, en", ["en"]),
        ("de;q=lots, en;q=0.5", ["en"]),
        ("", []),
    ],
)
def test_accept_language_is_read_by_weight(header: str, tags: list[str]) -> None:
    """Dearest first; zero is none, what is no weight is left out."""
    assert wanted(header) == tags


@given(st.text(max_size=2000))
def test_any_header_is_read(header: str) -> None:
    """Bounded, without a fault."""
    assert len(wanted(header)) <= 20
    assert choose(wanted(header)) in ("en", "de")


def test_the_first_wish_that_is_known_wins() -> None:
    """As it is, or by its language; else the first known one."""
    assert choose(["fr", "de-CH"]) == "de"
    assert choose(["fr"]) == "en"
    assert choose([]) == "en"
