"""Who lives in a partition, sorted, by community and by what their profiles say: built when first asked, never stored."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

import msgspec

from processors.member.state import MemberState
from processors.vocabulary import Item

# What an announcement may ask for, and the field of a member's state that answers.
DIMENSIONS = {"interests": "interests", "roles": "role", "regions": "region"}
_WANTED = {"interests": tuple[str, ...], "role": str, "region": str}
# Only the fields in question are decoded; a state of many sends and questions costs little more than an empty one.
_Profile = msgspec.defstruct(
    "_Profile",
    [
        (
            name,
            _WANTED.get(name, msgspec.Raw),
            getattr(MemberState(), name) if name in _WANTED else msgspec.Raw(b"\xc0"),
        )
        for name in MemberState.__struct_fields__
    ],
    array_like=True,
)
_DECODER: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(_Profile)


class MemberIndex:
    """Keys in ascending order, as they are stored: no second copy of a million. `after` reads on from a key, so that a walk needs no memory but it.

    The order of UTF-8 is that of code points: of stored keys as of their names.
    """

    def __init__(self, stored_keys: Iterable[bytes]) -> None:
        self._all: dict[str, list[bytes]] = {}
        for key in sorted(key for key in stored_keys if b"/#" not in key):  # threads and channels are no members
            self._all.setdefault(_community(key), []).append(key)
        self._by: dict[tuple[str, str, str], list[bytes]] = {}
        self._known: dict[bytes, frozenset[tuple[str, str]]] = {}

    def add(self, key: bytes) -> None:
        """Take up a member; one that is in it already stays."""
        if b"/#" not in key:
            _insert(self._all.setdefault(_community(key), []), key)

    def remove(self, key: bytes) -> None:
        """Take a member out, wherever they are listed."""
        for dimension, value in self._known.pop(key, frozenset()):
            _delete(self._by[_community(key), dimension, value], key)
        _delete(self._all.get(_community(key), []), key)

    def profile(self, key: bytes, profile: Any) -> None:
        """Take note of what a member's profile (anything with interests, role and region) says now."""
        community, now = _community(key), _values(profile)
        before = self._known.get(key, frozenset())
        for dimension, value in before - now:
            _delete(self._by[community, dimension, value], key)
        for dimension, value in now - before:
            _insert(self._by.setdefault((community, dimension, value), []), key)
        if now:
            self._known[key] = now
        elif before:
            del self._known[key]

    def following(self, key: bytes, most: int) -> list[bytes]:
        """Return at most `most` keys behind `key`, of all communities, in the order of community and key."""
        found: list[bytes] = []
        first = _community(key)
        for community in sorted(one for one in self._all if one >= first):
            keys = self._all[community]
            begin = bisect_right(keys, key) if community == first else 0
            found += keys[begin : begin + most - len(found)]
            if len(found) == most:
                break
        return found

    def after(self, community: str, audience: Item, key: bytes, most: int) -> list[bytes]:
        """Return at most `most` keys behind `key` of members whom the audience names, in order.

        An audience names interests, roles and regions; of each of the three that is named, a member has at least one.
        """
        asked = [(field, wanted) for field in DIMENSIONS if (wanted := getattr(audience, field))]
        if not asked:
            keys = self._all.get(community, [])
            begin = bisect_right(keys, key)
            return keys[begin : begin + most]
        (field, values), *others = asked
        lists = [self._by.get((community, field, value), []) for value in dict.fromkeys(values)]
        walk = merge(*(islice(keys, bisect_right(keys, key), None) for keys in lists))
        return list(islice(self._matching(walk, others), most))

    def _matching(self, walk: Iterable[bytes], others: list[tuple[str, tuple[str, ...]]]) -> Iterator[bytes]:
        last = b""
        for key in walk:
            known = self._known[key]
            if key != last and all(any((field, value) in known for value in values) for field, values in others):
                yield key
            last = key


def profile_of(stored: bytes) -> Any:
    """Return interests, role and region of an encoded state, without decoding the rest."""
    return _DECODER.decode(memoryview(stored)[4:])


def _community(key: bytes) -> str:
    return key.partition(b"/")[0].decode()


def _values(profile: Any) -> frozenset[tuple[str, str]]:
    interests = {("interests", value) for value in profile.interests}
    role = {("roles", profile.role)} if profile.role else set()
    return frozenset(interests | role | ({("regions", profile.region)} if profile.region else set()))


def _insert(keys: list[bytes], key: bytes) -> None:
    place = bisect_left(keys, key)
    if place == len(keys) or keys[place] != key:
        keys.insert(place, key)


def _delete(keys: list[bytes], key: bytes) -> None:
    place = bisect_left(keys, key)
    if place < len(keys) and keys[place] == key:
        del keys[place]
