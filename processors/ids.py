"""Deterministic ids: hashes of what they are about, never random, never the clock."""

from hashlib import blake2b

# To be copied: most of what a short hash costs is to set it up.
_DIGEST, _MARK, _COIN = (blake2b(digest_size=size) for size in (16, 8, 7))


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits (BLAKE2b-128) of the parts; the unit separator keeps ("a", "bc") from ("ab", "c")."""
    digesting = _DIGEST.copy()
    digesting.update("\x1f".join(parts).encode())
    return digesting.hexdigest()


def mark(identifier: str) -> bytes:
    """Return the 8 bytes by which a state remembers an id that it has seen."""
    marking = _MARK.copy()
    marking.update(identifier.encode())
    return marking.digest()


def coin(*parts: str) -> float:
    """Return a number in [0, 1) that is a pure function of the parts (a salted hash, uniform)."""
    tossing = _COIN.copy()
    tossing.update("\x1f".join(parts).encode())
    return int.from_bytes(tossing.digest(), "big") / 2**56
