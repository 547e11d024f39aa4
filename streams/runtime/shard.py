"""One partition's states as its changelog tells them: the rule of restoring, and what must be written again."""

from collections.abc import Iterable, Sequence

import msgspec

from streams.runtime.changelog import (
    CLAIM_KEY,
    PREFIX_SIZE,
    TOMBSTONE_HEADER,
    Closing,
    Stamp,
    decode_claim,
    decode_closing,
    decode_stamp,
)
from streams.runtime.stage import CUT_KEY, Record
from streams.runtime.stores import Store


class _Group:
    """The states written for one cut that is not known to be closed."""

    __slots__ = ("changed", "deleted", "stamp")

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self.changed: dict[bytes, bytes] = {}
        self.deleted: set[bytes] = set()

    def keys(self) -> set[bytes]:
        return self.deleted | self.changed.keys()


class Position(msgspec.Struct, frozen=True):
    """What a persistent store keeps with its states: where in the changelog they end, and what was closed there."""

    changelog: int  # next offset of the changelog to read
    epoch: int
    cut: int
    closing: Closing


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Position).decode


class Shard:
    """Applies changelog records in offset order, each cut as a whole or not at all.

    A closing record is accepted if its epoch is not below the largest seen. It makes valid: its own epoch's cuts up to
    itself, and earlier epochs' cuts up to its base. The rest is set aside, as is every state an earlier epoch writes
    after a later one's claim; `aside` holds those keys until their valid values have been written again.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.position = 0  # next changelog offset
        self.epoch = 0  # largest seen
        self.owner = ""  # who claimed it first
        self.cut = 0  # last closed
        self.closing: Closing | None = None
        self.aside: set[bytes] = set()
        self.void_closing = False  # an ignored closing record may be the last of its key
        self.records = 0  # applied in all
        self._groups: dict[bytes, _Group] = {}
        self._resume()

    def _resume(self) -> None:
        stored = self.store.position()
        if stored is None:
            return
        known = _decode(stored)
        self.position, self.epoch, self.cut, self.closing = known.changelog, known.epoch, known.cut, known.closing

    def resumed(self) -> bool:
        """Tell whether a persistent store gave a position, and nothing has been read since."""
        return self.position > 0 and self.records == 0

    def follows(self, last: Record) -> bool:
        """Tell whether the record before `position` is the closing record that the store remembers."""
        known = Stamp(self.epoch, self.cut).encode()
        return last.key == CUT_KEY and (last.value or b"")[:PREFIX_SIZE] == known

    def apply(self, records: Sequence[Record]) -> None:
        """Apply records of the changelog in offset order; those below `position` are skipped.

        Raises ValueError for a record that the engine has not written.
        """
        prefix, group = b"", None
        for record in records:
            if record.offset < self.position:
                continue
            key, value = record.key, record.value
            if key is None:
                raise ValueError("a changelog record without a key")
            if key[:1] == b"\x00":
                self._apply_control(key, value or b"", record.offset)
                prefix = b""
                continue
            head = value[:PREFIX_SIZE] if value is not None else _tombstone_prefix(record)
            if head != prefix:
                prefix, group = head, self._group(head)
            if group is None:
                self.aside.add(key)
            elif value is None:
                group.changed.pop(key, None)
                group.deleted.add(key)
            else:
                group.changed[key] = value[PREFIX_SIZE:]
                if group.deleted:
                    group.deleted.discard(key)
        if records:
            self.position = max(self.position, records[-1].offset + 1)
            self.records += len(records)

    def _group(self, prefix: bytes) -> _Group | None:
        """Return where to collect a cut's states, or None if their writer is no longer the owner."""
        stamp = decode_stamp(prefix)
        if stamp.epoch < self.epoch:
            return None
        self._see(stamp.epoch, "")
        return self._groups.setdefault(prefix, _Group(stamp))

    def _see(self, epoch: int, owner: str) -> None:
        if epoch > self.epoch:
            self.epoch, self.owner = epoch, owner

    def _apply_control(self, key: bytes, value: bytes, offset: int) -> None:
        stamp = decode_stamp(value[:PREFIX_SIZE])
        if key == CLAIM_KEY:
            self._see(stamp.epoch, decode_claim(value).owner)
        elif key == CUT_KEY and stamp.epoch >= self.epoch:
            self._see(stamp.epoch, "")
            self._close(stamp, decode_closing(value), offset)
        else:
            self.void_closing = True

    def _close(self, stamp: Stamp, closing: Closing, offset: int) -> None:
        for group in self._groups.values():
            limit = stamp.cut if group.stamp.epoch == stamp.epoch else closing.base
            if group.stamp.cut <= limit:
                self.store.hold(group.changed, group.deleted)
                self.aside -= group.keys() if self.aside else set()
            else:
                self.aside |= group.keys()
        self._groups.clear()
        self.void_closing = False
        self._closed(stamp.cut, closing, offset + 1)

    def claim_own(self, epoch: int, owner: str, offset: int) -> None:
        """Take note of our own claim that directly follows what was applied."""
        self._see(epoch, owner)
        self.position = offset + 1

    def settle(self) -> None:
        """End of restoring: what no closing record has made valid is set aside."""
        for group in self._groups.values():
            self.aside |= group.keys()
        self._groups.clear()

    def must_rewrite(self) -> bool:
        """Tell whether a cut is due even if nothing was folded."""
        return bool(self.aside) or self.void_closing

    def rewrites(self, touched: Iterable[bytes]) -> list[tuple[bytes, bytes | None]]:
        """Return the closed values of keys set aside, but for those that the cut writes anyway."""
        return [(key, self.store.states.get(key)) for key in self.aside.difference(touched)] if self.aside else []

    def close_own(self, cut: int, closing: Closing, position: int) -> None:
        """Take note of our own closed cut, whose states the store already holds."""
        self.aside.clear()
        self.void_closing = False
        self._closed(cut, closing, position)

    def _closed(self, cut: int, closing: Closing, position: int) -> None:
        self.cut, self.closing, self.position = cut, closing, position
        # While keys are set aside the stored position stays behind them: a restart must meet them again.
        if not self.aside:
            self.store.close(_encode(Position(position, self.epoch, cut, closing)))

    def reset(self) -> None:
        """Forget everything: the changelog is read from its beginning."""
        self.store.clear()
        self.position = self.epoch = self.cut = self.records = 0
        self.owner, self.closing, self.void_closing = "", None, False
        self.aside.clear()
        self._groups.clear()


def _tombstone_prefix(record: Record) -> bytes:
    return next((value for name, value in record.headers if name == TOMBSTONE_HEADER), b"")
