"""Ids: states and logs hold them, so that what they are may never change."""

from hashlib import blake2b

from processors.ids import coin, digest, mark


def test_a_mark_is_eight_bytes_of_a_plain_hash() -> None:
    """Of each id by itself, whatever was marked before it."""
    for identifier in ("", "e1", "ein Beitrag über Zähne", "e1"):
        assert mark(identifier) == blake2b(identifier.encode(), digest_size=8).digest()


def test_parts_are_hashed_with_a_mark_between_them() -> None:
    """For an id in hexadecimal, for a coin as a number below one."""
    parts, joined = ("a", "bc", "é"), "a\x1fbc\x1fé".encode()
    assert digest(*parts) == blake2b(joined, digest_size=16).hexdigest() != digest("ab", "c", "é")
    assert coin(*parts) == int.from_bytes(blake2b(joined, digest_size=7).digest(), "big") / 2**56
