"""Deterministic ids: hashes of what they are about, never random, never the clock."""

from hashlib import blake2b

_MARKING = blake2b(digest_size=8)  # to be copied: most of what a short hash costs is to set it up


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits (BLAKE2b-128) of the parts; the unit separator keeps ("a", "bc") from ("ab", "c")."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def mark(identifier: str) -> bytes:
    """Return the 8 bytes by which a state remembers an id that it has seen."""
    marking = _MARKING.copy()
    marking.update(identifier.encode())
    return marking.digest()


def coin(*parts: str) -> float:
    """Return a number in [0, 1) that is a pure function of the parts (a salted hash, uniform)."""
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=7).digest(), "big") / 2**56
