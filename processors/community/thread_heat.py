"""Heat in threads: sharp words between the same members, flags, moderators stepping in; per place, bounded and expiring.

Words alone are a forecast, and a forecast alone never acts: a place is heated only when two sides keep at it, when people
flag what was sharp, or when a moderator steps in where something was flagged or sharp.
"""

from collections.abc import Iterable, Iterator
from math import inf

import msgspec

from processors.ids import mark
from processors.signals import Signal
from processors.threads import ThreadPost

NAME = "conflict"
PLACES_MAX = 1_000  # places with heat remembered per community
REMEMBERED = 16  # sharp posts, and flags, remembered per place
CHAT_WINDOW, THREAD_WINDOW = 3600, 86400  # seconds; a quarrel in a chat is over in an hour
REST = 86400  # seconds after which a place that is still heated is told again
FORGET = 7 * 86400  # seconds after which a quiet place is forgotten
CALM = 6 * 3600  # seconds without anything sharp, flagged or moderated after which a heated place is calm again
SIDES_MAX = 6
SUSTAINED, EACH = 4, 2  # sharp posts in all, and of each of two sides
FLAG_KINDS = ("flagged", "moderated")


class Sharp(msgspec.Struct, array_like=True, gc=False):
    """A sharp post: whose, to whom (empty = unknown), when (epoch s), its level, and a mark of its id."""

    member: str
    to: str
    time: int
    level: int
    post: bytes


class Flagged(msgspec.Struct, array_like=True, gc=False):
    """A flag: by whom, on whose words (empty = unknown), when (epoch s), and a mark of the post."""

    by: str
    author: str
    time: int
    post: bytes


class Place(msgspec.Struct, array_like=True, gc=False):
    """A thread, or a channel without threads; `last` is when something happened, `told` when it was called heated,
    `hot` that it was not called calm since."""

    name: str
    sharp: list[Sharp] = []
    flags: list[Flagged] = []
    last: int = 0
    told: int = 0
    hot: bool = False


class ThreadHeat:
    """The warm places of one community; `touched` maps names to what is to be stored, None where it is gone."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.touched: dict[str, Place | None] = {}
        self._places = {place.name: place for place in places}
        self._hot = {name: place for name, place in sorted(self._places.items()) if place.hot}

    def fold(self, post: ThreadPost) -> list[tuple[str, Signal]]:
        """Fold words, a flag or a moderator's step; return signals with the key of the member, or place, each is for.

        Calm words in a calm place cost one look-up and change nothing.
        """
        stepped = post.kind in ("moderated", "explained")
        name = post.thread or post.channel
        if not name or (not post.heat and post.kind != "flagged" and not (stepped and name in self._places)):
            return list(_explained(post, None)) if stepped else []
        place = self._warm(name, post)
        if post.heat:
            sharp = Sharp(post.member, post.to, int(post.time), post.heat, mark(post.about or post.id))
            place.sharp = [*place.sharp, sharp][-REMEMBERED:]
        if post.kind in FLAG_KINDS:
            place.flags = [*_others(place.flags, post), _flag(post)][-REMEMBERED:]
        found = [*_explained(post, place), *_heated(place, post, stepped=stepped)]
        if place.hot:
            self._hot[name] = place
        return found

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which a heated place may be called calm; infinity if none is heated."""
        return min([place.last + CALM for place in self._hot.values()]) if self._hot else inf

    def calmed(self, community: str, now: float) -> list[tuple[str, Signal]]:
        """Return a signal for each place that has been calm for long enough, with its key."""
        found = []
        for place in [one for one in self._hot.values() if one.last + CALM <= now]:
            place.hot = False
            del self._hot[place.name]
            self.touched[place.name] = place
            hours = round((now - place.last) / 3600, 1)
            signal = Signal("calmed", NAME, f"heat/{place.name}/{place.told}", hours, {"hours": hours})
            found.append((f"{community}/#{place.name}", signal))
        return found

    def erase(self, member: str) -> None:
        """Forget a member's sharp words and flags, and those about them."""
        for place in self._places.values():
            sharp = [one for one in place.sharp if member not in (one.member, one.to)]
            flags = [one for one in place.flags if member not in (one.by, one.author)]
            if (len(sharp), len(flags)) != (len(place.sharp), len(place.flags)):
                place.sharp, place.flags = sharp, flags
                self.touched[place.name] = place

    def _warm(self, name: str, post: ThreadPost) -> Place:
        """Return the place without what is too old in it."""
        place = self._places.get(name) or self._opened(name, post.time)
        since = post.time - (THREAD_WINDOW if post.thread else CHAT_WINDOW)
        place.sharp = [one for one in place.sharp if one.time > since]
        place.flags = [one for one in place.flags if one.time > post.time - THREAD_WINDOW]
        place.last = max(place.last, int(post.time))
        self.touched[name] = place
        return place

    def _opened(self, name: str, now: float) -> Place:
        """Add a place; those that have been quiet for long are forgotten, beyond the bound the one longest quiet."""
        gone = [one for one in self._places.values() if one.last < now - FORGET]
        if len(self._places) - len(gone) >= PLACES_MAX:
            gone = [*gone, min(self._places.values(), key=lambda one: (one.last, one.name))]
        for one in gone:
            del self._places[one.name]
            self._hot.pop(one.name, None)
            self.touched[one.name] = None
        self._places[name] = Place(name)
        return self._places[name]


def _flag(post: ThreadPost) -> Flagged:
    return Flagged(post.member, post.to, int(post.time), mark(post.about) if post.about else b"")


def _others(flags: list[Flagged], post: ThreadPost) -> list[Flagged]:
    """Leave out an earlier flag by the same member on the same words: ten flags by one are one."""
    same = mark(post.about) if post.about else b""
    return [one for one in flags if one.by != post.member or one.post != same]


def _explained(post: ThreadPost, place: Place | None) -> Iterator[tuple[str, Signal]]:
    """What a moderator's decision means: to the author, and to the one whom the words were aimed at, where that is known.

    A flag alone tells the author nothing, or it could be used against them.
    """
    if post.kind != "moderated" or not post.to:
        return
    episode = f"moderated/{post.about or post.id}"
    yield post.to, Signal("moderated", NAME, episode, 1.0, {"thread": post.thread, "channel": post.channel})
    words = mark(post.about) if post.about else b""
    targets = {one.to for one in place.sharp if one.post == words and one.to} if place else set()
    for target in sorted(targets - {post.to}):
        yield target, Signal("targeted", NAME, episode, 1.0, {"thread": post.thread, "channel": post.channel})


def _heated(place: Place, post: ThreadPost, *, stepped: bool) -> Iterator[tuple[str, Signal]]:
    """Conclude, once a rest, that a place is heated: to the place itself (staff sees it), and to its sides."""
    counts: dict[str, int] = {}
    for one in place.sharp:
        counts[one.member] = counts.get(one.member, 0) + 1
    reporters = {flag.by for flag in place.flags if flag.by != flag.author}
    kind = _kind(counts, len(reporters), stepped=stepped)
    if not kind or post.time - place.told < REST:
        return
    place.told, place.hot = int(post.time), True
    evidence: dict[str, str | float | int] = {
        "kind": kind, "sharp": len(place.sharp), "sides": len(counts), "flags": len(reporters), "thread": post.thread,
        "channel": post.channel,
    }  # fmt: skip
    episode = f"heat/{place.name}/{place.told}"
    score = min(1.0, (len(place.sharp) + 2 * len(reporters)) / 8)
    community = post.member.partition("/")[0]
    yield f"{community}/#{place.name}", Signal("heated", NAME, episode, score, evidence)
    flagged = {flag.author for flag in place.flags if flag.by != flag.author}
    sides = [member for member, times in counts.items() if times >= EACH or member in flagged]
    for member in sorted(sides, key=lambda one: (-counts[one], one))[:SIDES_MAX]:
        yield member, Signal("quarrelled", NAME, episode, score, evidence)


def _kind(counts: dict[str, int], reporters: int, *, stepped: bool) -> str:
    """Say what makes the heat: sustained words by two sides, flags on sharp words or by several, or a moderator's step."""
    total = sum(counts.values())
    if sum(1 for times in counts.values() if times >= EACH) >= 2 and total >= SUSTAINED:
        return "sustained"
    if reporters and (total >= 2 or reporters >= 2):
        return "flags"
    return "moderator" if stepped and (total >= 2 or reporters) else ""
