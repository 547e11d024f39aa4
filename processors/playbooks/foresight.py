"""On which days to come a silent member may be somewhere else: in another stage, in or out of a segment.

While no event comes, what conditions ask of a member changes with the days alone: silence, time since joining and since a return pass
the numbers they are compared with, and active days leave the windows of 30 and 90 days. On all other days a look finds nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from math import floor, inf
from typing import Any

import msgspec

from processors.member.facts import LIFECYCLE, SEGMENT, TIME_FIELDS
from processors.member.lifecycle import HELPER_ANSWERS
from processors.member.rhythm import Rhythm
from processors.member.state import MemberState

DAY = 86400
DAYS_MAX = 1_000_000  # beyond, no day is reached
FAR = 1 << 40  # a day that never comes
COUNTED = {"member.silent_days": "silent", "member.back_days": "back", "member.days": "joined"}
COUNTS = {"member.posts": "posts", "member.questions": "questions", "member.answers": "answers"}
WINDOWS = {"member.active_days_30": (30,), "member.active_days_before": (30, 90), "member.activity_percent": (30, 90)}
ACTIVE = (
    "member.active_days",
    "member.active_days_30",
    "member.active_days_before",
)  # none is more than all active days
GROUPS = ("any", "none")
_NO_RHYTHM = Rhythm()


class Turns(msgspec.Struct):
    """What may turn a condition: numbers that days are compared with (in order), windows; `daily` where the hour or the weekday may.

    `stages` where a stage is asked for. `posts`, `questions` and `answers` are the largest number that each is compared with: beyond, one more turns nothing.
    """

    silent: list[int] = msgspec.field(default_factory=list)
    back: list[int] = msgspec.field(default_factory=list)
    joined: list[int] = msgspec.field(default_factory=list)
    windows: set[int] = msgspec.field(default_factory=set)
    posts: float = -inf
    questions: float = -inf
    answers: float = -inf
    daily: bool = False
    stages: bool = False

    def counted(self, state: MemberState, *, answer: bool) -> bool:
        """Tell whether words of this member, just counted, turn nothing on their day: before them too they had said more than is asked.

        A question may be among them; an answer to one only where `answer` says so.
        """
        return (
            state.posts > self.posts + 1
            and state.questions > self.questions + 1
            and (not answer or state.answers > self.answers + 1)
            and not self.daily
        )

    def following(self, state: MemberState, day: int) -> int:
        """Return the first day (since 1970) after `day` on which something may change; `FAR` where there is none."""
        return next(self.coming(state, day))

    def coming(self, state: MemberState, day: int) -> Iterator[int]:
        """Go through the days after `day` on which something may change, in order; after the last of them comes `FAR`."""
        if self.daily:
            yield from count(day + 1)
        joined, rhythm = state.joined // DAY, state.rhythm or _NO_RHYTHM
        last, back, bits = rhythm.last, rhythm.back, int.from_bytes(rhythm.days, "big")
        while True:
            first = _after(self.joined, joined, day)
            if bits:
                first = min(first, _after(self.silent, last, day), _after(self.back, back, day))
            for window in self.windows if bits else ():
                # An active day leaves the window so many days after it: of those in it the earliest leaves first.
                within = bits & ((1 << min(max(last + window - day, 0), window)) - 1)
                if within:
                    first = min(first, last + window - within.bit_length() + 1)
            yield first
            day = first


def _after(numbers: list[int], since: int, day: int) -> int:
    """Return the first day after `day` that is so many days as one of these numbers since another; `FAR` where there is none."""
    place = bisect_right(numbers, day - since)
    return since + numbers[place] if place < len(numbers) else FAR


def turns(
    conditions: Iterable[Mapping[str, Any]], segments: Mapping[str, Mapping[str, Any]], own_stages: bool
) -> Turns:
    """Return what may turn any of these conditions; `own_stages` where stages are among them, else those of the program are meant."""
    found, asked = Turns(), set[str]()
    for one in conditions:
        _read(one, segments, found, asked)
    if not own_stages:  # processors.member.lifecycle
        _count(found, "posts", (0,))
        _count(found, "answers", (HELPER_ANSWERS,))
        for name, numbers in (("silent", (60,)), ("back", (14,)), ("joined", (14,))):
            _note(getattr(found, name), numbers)
        found.windows |= {30, 90}
    return found


def least_active_days(conditions: Mapping[str, Any]) -> float:
    """Return how many active days a member has at least for whom these conditions hold, as far as their own lines tell."""
    asked = [conditions[path] for path in ACTIVE if path in conditions]
    lines = [one if isinstance(one, dict) else {"gte": one} for one in asked]
    numbers = [line[name] for line in lines for name in ("gte", "gt") if isinstance(line.get(name), int | float)]
    return max(numbers, default=0)


def _read(conditions: Any, segments: Mapping[str, Mapping[str, Any]], found: Turns, asked: set[str]) -> None:
    """Take down what these lines ask; what is no condition at all is refused elsewhere, and asks nothing here."""
    for path, wanted in conditions.items() if isinstance(conditions, Mapping) else ():
        if path in GROUPS:
            for one in wanted if isinstance(wanted, list | tuple) else ():
                _read(one, segments, found, asked)
        elif path == SEGMENT:
            for name in set(segments) & set(_texts(wanted)) - asked:
                asked.add(name)
                _read(segments[name], segments, found, asked)
        elif path in TIME_FIELDS or path == LIFECYCLE:
            # A stage within a condition turns when the stages do, and those are among what is read.
            found.daily, found.stages = found.daily or path != LIFECYCLE, found.stages or path == LIFECYCLE
        elif path in COUNTS:
            _count(found, COUNTS[path], _numbers(wanted))
        elif path in COUNTED:
            _note(getattr(found, COUNTED[path]), _numbers(wanted))
        elif path in WINDOWS:
            found.windows |= set(WINDOWS[path])


def _note(days: list[int], numbers: Iterable[float]) -> None:
    more = {floor(one) + after for one in numbers for after in range(3)}
    days[:] = sorted(more.union(days))


def _count(found: Turns, name: str, numbers: Iterable[float]) -> None:
    setattr(found, name, max([getattr(found, name), -1, *numbers]))


def _numbers(wanted: Any) -> list[float]:
    if isinstance(wanted, dict):
        return [number for one in wanted.values() for number in _numbers(one)]
    if isinstance(wanted, list | tuple):
        return [number for one in wanted for number in _numbers(one)]
    return [float(wanted)] if isinstance(wanted, int | float) and abs(wanted) <= DAYS_MAX else []


def _texts(wanted: Any) -> list[str]:
    if isinstance(wanted, dict):
        return [text for one in wanted.values() for text in _texts(one)]
    if isinstance(wanted, list | tuple):
        return [text for one in wanted for text in _texts(one)]
    return [wanted] if isinstance(wanted, str) else []
