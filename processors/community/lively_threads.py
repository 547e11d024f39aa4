"""Lively threads: those with a title that many wrote in or liked, so that who was away hears what they missed; bounded and forgotten."""

from collections.abc import Iterable

import msgspec

from processors.community.thread_heat import FLAG_KINDS
from processors.ids import mark
from processors.signals import Signal
from processors.threads import ThreadPost

NAME = "missed_threads"
AWAY = 14 * 86400  # seconds of absence whose end is a return
THREADS_MAX, KEPT = 240, 200  # remembered per community, and what is kept of them when they are too many
FORGET = 60 * 86400  # seconds without a post
YOUNG = 2 * 86400  # seconds in which a new thread keeps its place
MEMBERS_MAX, MARK = 32, 8  # members remembered per thread, each as a mark
LIVELY = 3  # members who wrote or reacted, from whom a thread is one to tell of
TOLD = 3
TITLE_MAX = 80  # characters


class Lively(msgspec.Struct, array_like=True):
    """A thread: its title (empty: not to be told of), when it was opened and last written in (epoch s), posts, members as marks.

    Members are those who wrote in it and those who reacted to something in it.
    """

    thread: str
    title: str
    opened: int
    last: int
    posts: int = 0
    members: bytes = b""

    @property
    def people(self) -> int:
        """How many wrote or reacted in it, up to `MEMBERS_MAX`."""
        return len(self.members) // MARK

    def has(self, member: bytes) -> bool:
        """Tell whether this member (a mark) wrote or reacted in it: they know it."""
        return any(self.members[at : at + MARK] == member for at in range(0, len(self.members), MARK))


class LivelyThreads:
    """The lively threads of one community; `touched` maps threads to what is to be stored, None where one is gone."""

    def __init__(self, threads: Iterable[Lively]) -> None:
        self._threads = {one.thread: one for one in sorted(threads, key=lambda one: (one.opened, one.thread))}
        self.touched: dict[str, Lively | None] = {}

    def fold(self, post: ThreadPost) -> None:
        """Count words in a thread, and who reacted. One that a moderator or a flag touched is not told of; one without a title is passed over."""
        one = self._threads.get(post.thread)
        if one is None:
            if not post.thread or not post.title or post.kind != "post":
                return
            self._make_room(int(post.time))
            one = self._threads[post.thread] = Lively(post.thread, post.title, int(post.time), int(post.time))
        if post.kind in FLAG_KINDS:
            one.title = ""
        elif post.kind in ("post", "reacted"):
            one.last, member = max(one.last, int(post.time)), mark(post.member)
            one.posts += post.kind == "post"
            if one.people < MEMBERS_MAX and not one.has(member):
                one.members += member
        self.touched[post.thread] = one

    def erase(self, member: str) -> None:
        """Take a member's mark out of the threads in which they wrote."""
        mine = mark(member)
        for one in self._threads.values():
            if one.has(mine):
                marks = (one.members[at : at + MARK] for at in range(0, len(one.members), MARK))
                one.members = b"".join(found for found in marks if found != mine)
                self.touched[one.thread] = one

    def missed(self, post: ThreadPost) -> Signal | None:
        """Return what a member who is back missed: up to three threads opened since, with the most people; None where there was none."""
        member = mark(post.member)
        found = [
            one for one in self._threads.values()
            if one.title and one.opened > post.since and one.people >= LIVELY and not one.has(member)
        ]  # fmt: skip
        if not found:
            return None
        found.sort(key=lambda one: (-one.people, -one.posts, -one.last, one.thread))
        evidence: dict[str, str | float | int] = {
            "titles": " · ".join(one.title for one in found[:TOLD]), "threads": len(found), "days": int(post.time - post.since) // 86400,
        }  # fmt: skip
        return Signal("missed", NAME, f"missed/{int(post.since)}", 1.0, evidence)

    def _make_room(self, now: int) -> None:
        """Beyond `THREADS_MAX` forget the old, then those with the fewest people; new ones have time to become lively."""
        if len(self._threads) < THREADS_MAX:
            return
        ranked = sorted(
            self._threads.values(),
            key=lambda one: (one.last > now - FORGET, one.opened > now - YOUNG, one.people, one.last, one.thread),
        )
        for one in ranked[: len(ranked) - KEPT]:
            del self._threads[one.thread]
            self.touched[one.thread] = None


def title_of(title: str) -> str:
    """Return a title as it is told: one line, not too long."""
    line = " ".join(title.split())
    return line if len(line) <= TITLE_MAX else line[: TITLE_MAX - 1] + "…"
