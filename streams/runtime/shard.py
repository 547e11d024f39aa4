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

    States are collected until a closing record makes them valid. It is accepted if its epoch is not below the largest
    seen; a state or closing record of an epoch below that is void: a paused worker wrote it after its successor's
    claim. Whatever an owner finds void, or not closed, when it begins is in `aside` until its cut has written the valid
    values again; so what an earlier owner left open is always written over before the next accepted closing record.
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
        self.records = 0  # read in all
        self._changed: dict[bytes, bytes] = {}  # not closed yet
        self._deleted: set[bytes] = set()
        self._resumed = False
        self._resume()

    def _resume(self) -> None:
        stored = self.store.position()
        if stored is None:
            return
        known = _decode(stored)
        self.position, self.epoch, self.cut, self.closing = known.changelog, known.epoch, known.cut, known.closing
        self._resumed = True

    def resumed(self) -> bool:
        """Tell whether a persistent store gave the position, and nothing has been read or claimed since."""
        return self._resumed

    def follows(self, last: Record) -> bool:
        """Tell whether the record before `position` is the closing record that the store remembers."""
        known = Stamp(self.epoch, self.cut).encode()
        return last.key == CUT_KEY and (last.value or b"")[:PREFIX_SIZE] == known

    def apply(self, records: Sequence[Record]) -> None:
        """Apply records of the changelog in offset order; those below `position` are skipped.

        Raises ValueError for a record that the engine has not written.
        """
        prefix, void, aside = b"", False, self.aside
        for record in self._unread(records):  # a million times at a start: no call for the usual record
            key, value = record.key, record.value
            if key is None:
                raise ValueError("a changelog record without a key")
            if key[:1] == b"\x00":
                self._apply_control(key, value or b"", record.offset)
                prefix = b""
                continue
            head = value[:PREFIX_SIZE] if value is not None else _tombstone_prefix(record)
            if head != prefix:
                prefix, void = head, self._is_void(head)
            if void:
                aside.add(key)
                continue
            if aside:
                aside.discard(key)  # written again; if that is never closed, settling sets it aside anew
            if value is None or self._deleted:
                self._collect(key, value)
            else:
                self._changed[key] = value[PREFIX_SIZE:]
        if records:
            self.position = max(self.position, records[-1].offset + 1)
            self.records += len(records)
            self._resumed = False

    def _unread(self, records: Sequence[Record]) -> Sequence[Record]:
        if not records or records[0].offset >= self.position:
            return records
        return [record for record in records if record.offset >= self.position]

    def _collect(self, key: bytes, value: bytes | None) -> None:
        if value is None:
            self._changed.pop(key, None)
            self._deleted.add(key)
            return
        self._changed[key] = value[PREFIX_SIZE:]
        self._deleted.discard(key)

    def _is_void(self, prefix: bytes) -> bool:
        epoch = decode_stamp(prefix).epoch
        void = epoch < self.epoch
        self._see(epoch, "")
        return void

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
        self.store.hold(self._changed, self._deleted)
        self._changed, self._deleted = {}, set()
        self.void_closing = False
        self._closed(stamp.cut, closing, offset + 1)

    def claim_own(self, epoch: int, owner: str, offset: int) -> None:
        """Take note of our own claim that directly follows what was applied."""
        self._see(epoch, owner)
        self.position = offset + 1
        self._resumed = False

    def settle(self) -> None:
        """End of restoring: what no closing record has made valid is set aside."""
        self.aside |= self._changed.keys() | self._deleted
        self._changed, self._deleted = {}, set()

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
        self.owner, self.closing, self.void_closing, self._resumed = "", None, False, False
        self.aside.clear()
        self._changed, self._deleted = {}, set()


def _tombstone_prefix(record: Record) -> bytes:
    return next((value for name, value in record.headers if name == TOMBSTONE_HEADER), b"")
