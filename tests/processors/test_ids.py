"""Ids: stored states hold marks, so that what a mark is may never change."""

from hashlib import blake2b

from processors.ids import mark


def test_a_mark_is_eight_bytes_of_a_plain_hash() -> None:
    """Of each id by itself, whatever was marked before it."""
    for identifier in ("", "e1", "ein Beitrag über Zähne", "e1"):
        assert mark(identifier) == blake2b(identifier.encode(), digest_size=8).digest()
