"""What a word may be a slip of, among words that are known by their CRC-32 alone.

A CRC is linear: what changes letters changes it by what they say and how many bytes are behind them, whatever stands before.
So a letter that may be missing is carried through a word by one entry of a table at each place. And as letters differ in five
bits alone, what they change of a CRC can be struck from it, so that one look at a table of bits asks for all 26 at once.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

GLANCED_MAX = 12  # letters of a word at which a glance is cast first
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MISSING = 0x60  # stands for a missing letter: as each of them but for the last five bits
_FIVE = 0x1F
_BITS = 8  # for each word, at least: one look in ten or fewer finds what is none


class _Place(NamedTuple):
    """Where five bits of a CRC tell what a letter changed of it, what that was, and bits of all words with this struck out."""

    shift: int
    changed: list[int]
    bits: bytes


class Known:
    """Words by their CRC-32, ready to be asked for what is near to them."""

    def __init__(self, codes: Collection[int]) -> None:
        self.codes = frozenset(codes)
        self._mask = (1 << (_BITS * len(self.codes) | 7).bit_length()) - 1
        several = np.fromiter(self.codes, np.uint32, len(self.codes))
        self._places = [self._place(several, behind) for behind in range(GLANCED_MAX)]

    def _place(self, codes: "np.ndarray[tuple[int], np.dtype[np.uint32]]", behind: int) -> _Place:
        changes = [_change(bits, behind) for bits in range(_FIVE + 1)]
        shift = next(shift for shift in range(27, -1, -1) if len({one >> shift & _FIVE for one in changes}) > _FIVE)
        changed = sorted(changes, key=lambda one: one >> shift & _FIVE)
        left = codes ^ np.array(changed, np.uint32)[codes >> np.uint32(shift) & np.uint32(_FIVE)]
        bits = np.zeros(self._mask + 1, np.uint8)
        bits[left & np.uint32(self._mask)] = 1
        return _Place(shift, changed, np.packbits(bits, bitorder="little").tobytes())

    def near(self, word: bytes) -> bool:
        """Tell whether one may be meant by a word of at least two small letters from a to z, at most `GLANCED_MAX`."""
        codes, mask, places, behind = self.codes, self._mask, self._places, len(word) - 1
        whole, more = crc32(word), crc32(b"%b%c%b" % (word[:1], _MISSING, word[1:]))
        before = word[0]
        for letter in word[1:]:
            shift, changed, bits = places[behind]
            at = (more ^ changed[more >> shift & _FIVE]) & mask
            if bits[at >> 3] >> (at & 7) & 1 and not codes.isdisjoint(map(more.__xor__, _letters(behind))):
                return True
            behind -= 1
            turned = _TURNED[behind]
            if letter == before:
                if crc32(word[: -behind - 1] + word[len(word) - behind :]) in codes:
                    return True
            elif whole ^ turned[letter ^ before] in codes:
                return True
            more ^= turned[letter ^ _MISSING]
            before = letter
        return False


def undone(word: str, known: Known) -> Iterator[str]:
    """Yield the known words of which this may be a slip."""
    raw, codes = word.encode(), known.codes
    if 1 < len(raw) <= GLANCED_MAX and raw.isalpha() and raw.islower() and not known.near(raw):
        return
    for place in range(1, len(word)):
        head, tail = word[:place], word[place:]
        ways = []
        if len(tail) > 1 and tail[0] != tail[1]:
            ways.append(head + tail[1] + tail[0] + tail[2:])
        if tail[0] == head[-1]:
            ways.append(head + tail[1:])
        behind = tail.encode()
        without = crc32(head.encode() + bytes((_MISSING,)) + behind)
        if not codes.isdisjoint(map(without.__xor__, _letters(len(behind)))):
            ways += [head + letter + tail for letter in _LETTERS]
        yield from [way for way in ways if crc32(way.encode()) in codes]


def _change(bits: int, behind: int) -> int:
    """Return what bits of a byte change of a CRC-32, with so many bytes behind it."""
    return crc32(bytes((bits, *bytes(behind)))) ^ crc32(bytes(1 + behind))


@cache
def _letters(behind: int) -> tuple[int, ...]:
    """Return what each letter in the place of `_MISSING` changes of a CRC-32, with so many bytes behind it."""
    return tuple(_change(ord(letter) ^ _MISSING, behind) for letter in _LETTERS)


# By the bytes behind them, what two neighbours that change places change of a CRC-32: by the bits in which they differ.
_TURNED = [
    [_change(bits, behind + 1) ^ _change(bits, behind) for bits in range(_FIVE + 1)] for behind in range(GLANCED_MAX)
]
