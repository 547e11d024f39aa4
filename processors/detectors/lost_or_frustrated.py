"""Lost or frustrated: words of it, searches that lead nowhere, the same attempt again, back and forth between help pages.

One sign alone is an ordinary moment; two within the hour are a member who could do with a hand, never with cheer.
"""

from collections import Counter
from zlib import crc32

from processors.events import Event
from processors.member.remembered import Friction
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.text.conflict import heat
from processors.text.frustration import frustration
from processors.vocabulary import WORDS, Click, Item, Search, Text, types_of

NAME, VERSION = "lost_or_frustrated", "4"
WINDOW = 3600  # seconds in which signs count together
WORDS_WINDOW = 6 * 3600
SIGNS = 2  # from so many on it is a signal
SEARCHES = 3  # searches in a row that found, or led to, nothing
AGAIN = 3  # attempts at the same thing without finishing it
PAGES, PAGES_DISTINCT = 5, 3  # visits of help pages, going round among so few
REST = 86400  # seconds between two signals
QUIET = 86400  # seconds without anything cheerful after one
_ATTEMPTS = frozenset({"draft.started", "task.begun", "draft.abandoned"})
OBSERVES = WORDS | _ATTEMPTS | {"task.completed"} | types_of(Search, Click)


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Note a sign; conclude when there are enough of them."""
    data, time = event.data, int(min(event.time, now))
    if isinstance(data, Text):
        noted = event.type in WORDS and _said(state, data.text, time)
    elif isinstance(data, Search):
        noted = _searched(state, data, time)
    elif isinstance(data, Click):
        noted = _clicked(state, data, time)
    elif isinstance(data, Item):
        noted = _tried(state, event.type, data, time)
    else:
        return []
    return _conclude(state, event, time, now) if noted else []


def _said(state: MemberState, text: str, time: int) -> bool:
    """Note words, unless the same words are distress or are aimed at somebody: those are other matters."""
    if not frustration(text) or heat(text) or (state.distress and state.distress[-1][0] >= time):
        return False
    friction = _friction(state)
    friction.words = (*(one for one in friction.words if time - one < WORDS_WINDOW), time)[-3:]
    return True


def _searched(state: MemberState, data: Search, time: int) -> bool:
    """Count searches in a row that found nothing, or whose hits were not opened before the next search."""
    friction = _friction(state)
    nowhere = friction.open_search and time - friction.open_search < WINDOW
    found = data.results != 0
    if nowhere:
        friction.searches = (*_recent(friction.searches, time), friction.open_search)[-SEARCHES:]
    if not found:
        friction.searches = (*_recent(friction.searches, time), time)[-SEARCHES:]
    friction.open_search = time if found else 0
    return bool(nowhere) or not found


def _clicked(state: MemberState, data: Click, time: int) -> bool:
    """A click ends a row of searches; clicks that go round among few pages are a sign."""
    page = data.resource or data.url
    if not page:
        return False
    friction = _friction(state)
    friction.open_search, friction.searches = 0, ()
    pages = tuple(one for one in friction.pages if time - one[0] < WINDOW)
    friction.pages = (*pages, (time, crc32(page.encode())))[-PAGES:]
    return True


def _tried(state: MemberState, kind: str, data: Item, time: int) -> bool:
    """Note an attempt; finishing the thing forgets them."""
    if not data.name or (kind not in _ATTEMPTS and kind != "task.completed"):
        return False
    friction, thing = _friction(state), crc32(data.name.encode())
    attempts = tuple(one for one in friction.attempts if time - one[0] < REST)
    if kind == "task.completed":
        friction.attempts = tuple(one for one in attempts if one[1] != thing)
        return False
    if kind != "draft.abandoned":
        friction.attempts = (*attempts, (time, thing))[-6:]
    return True


def _conclude(state: MemberState, event: Event, time: int, now: float) -> list[Signal]:
    friction = _friction(state)
    if friction.told and time - friction.told < REST:
        return []
    signs = _signs(friction, time)
    if sum(signs.values()) < SIGNS:
        return []
    friction.told = time
    state.inhibited_until = max(state.inhibited_until, int(now + QUIET))
    evidence: dict[str, str | float | int] = {"kinds": ",".join(signs), "signs": sum(signs.values())}
    return [Signal("lost", NAME, f"lost/{event.id}", min(1.0, sum(signs.values()) / 4), evidence)]


def _signs(friction: Friction, time: int) -> dict[str, int]:
    """Weigh the kinds of signs: failed searches and attempts weigh two, words and pages one each time or once."""
    signs = {
        "searches": 2 if len(_recent(friction.searches, time)) >= SEARCHES else 0,
        "again": 2 if _most(friction.attempts) >= AGAIN else 0,
        "pages": 1 if _round_and_round(friction.pages, time) else 0,
        "words": min(2, sum(1 for one in friction.words if time - one < WORDS_WINDOW)),
    }
    return {kind: weight for kind, weight in signs.items() if weight}


def _round_and_round(pages: tuple[tuple[int, int], ...], time: int) -> bool:
    """Tell whether the last visits went back and forth: as many as are kept, few distinct, two of them again."""
    if len(pages) < PAGES or time - pages[0][0] >= WINDOW:
        return False
    counts = Counter(mark for _, mark in pages)
    return len(counts) <= PAGES_DISTINCT and sum(1 for times in counts.values() if times >= 2) >= 2


def _most(attempts: tuple[tuple[int, int], ...]) -> int:
    return max(Counter(thing for _, thing in attempts).values()) if len(attempts) >= AGAIN else 0


def _recent(times: tuple[int, ...], time: int) -> tuple[int, ...]:
    return tuple([one for one in times if time - one < WINDOW])


def _friction(state: MemberState) -> Friction:
    if state.friction is None:
        state.friction = Friction()
    return state.friction
