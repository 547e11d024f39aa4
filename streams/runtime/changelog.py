"""The form of changelog records: an engine-owned prefix before each value, claims and closing records."""

import struct

import msgspec

CLAIM_KEY = b"\x00claim"
TOMBSTONE_HEADER = "cut"

_PREFIX = struct.Struct(">BIQ")
_VERSION = 1
PREFIX_SIZE = _PREFIX.size


class Stamp(msgspec.Struct, frozen=True):
    """Who wrote a record, and for which cut: owners' epochs grow, cuts are counted through all epochs."""

    epoch: int
    cut: int

    def encode(self) -> bytes:
        """Return the binary prefix (13 bytes: version, epoch, cut)."""
        return _PREFIX.pack(_VERSION, self.epoch, self.cut)


class Closing(msgspec.Struct, frozen=True):
    """What a closing record says besides its stamp.

    `next` is the offset that folding resumes at.
    """

    next: int
    shared: bytes | None


class Claim(msgspec.Struct, frozen=True):
    """What an owner writes before it folds: from here on, what an earlier epoch writes is void."""

    owner: str


_encoder = msgspec.msgpack.Encoder()
_closing = msgspec.msgpack.Decoder(Closing)
_claim = msgspec.msgpack.Decoder(Claim)


def decode_stamp(prefix: bytes) -> Stamp:
    """Decode a value's prefix. Raises ValueError if it is not ours."""
    if len(prefix) != PREFIX_SIZE or prefix[0] != _VERSION:
        raise ValueError("a changelog record without the engine's prefix")
    _, epoch, cut = _PREFIX.unpack(prefix)
    return Stamp(epoch, cut)


def encode_closing(stamp: Stamp, closing: Closing) -> bytes:
    """Return the value of a closing record."""
    return stamp.encode() + _encoder.encode(closing)


def decode_closing(value: bytes) -> Closing:
    """Decode the value of a closing record."""
    return _closing.decode(value[PREFIX_SIZE:])


def encode_claim(epoch: int, owner: str) -> bytes:
    """Return the value of a claim."""
    return Stamp(epoch, 0).encode() + _encoder.encode(Claim(owner))


def decode_claim(value: bytes) -> Claim:
    """Decode the value of a claim."""
    return _claim.decode(value[PREFIX_SIZE:])
