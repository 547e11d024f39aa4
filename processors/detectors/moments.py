"""Moments: a search without a click, a feature touched for the first time, an event registered for that is near."""

from functools import lru_cache

from processors.events import Event
from processors.ids import mark
from processors.member.remembered import Occasions
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.text.normalise import tokens
from processors.text.similarity import is_stop_word
from processors.vocabulary import WORDS, Click, Item, Search, types_of

NAME, VERSION = "moments", "1"
OBSERVES = WORDS | types_of(Search, Click, Item)
PATIENCE = 900  # seconds after a search in which a click would still come
NEAR = 86400  # seconds before an event at which it is near
EVENTS_MAX, FEATURES_MAX = 8, 32
WORDS_MAX, LETTERS_MAX = 6, 24  # kept of a search, for those who look what is not found
QUERIES_MAX = 1024  # kept as read: members look for the same
NAME_MAX = 80  # characters of a feature's or event's name


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Set and stop clocks; tell a first touch."""
    data = event.data
    if isinstance(data, Search):
        occasions = _occasions(state)
        occasions.search_due = int(min(event.time, now)) + PATIENCE
        occasions.searched = _content(data.query)
    elif isinstance(data, Click) or event.type in WORDS:
        if state.occasions:  # found it, or asks people instead
            state.occasions.search_due, state.occasions.searched = 0, ""
    elif isinstance(data, Item) and data.name:
        return _item(state, event.type, data, now)
    return []


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Conclude what has come due."""
    occasions = state.occasions
    if occasions is None or not 0 < occasions.due() <= now:
        return []
    signals = []
    if 0 < occasions.search_due <= now:
        signals.append(Signal("search_unclicked", NAME, f"search/{occasions.search_due}", 1.0))
        occasions.search_due = 0
    due = [name for at, name in occasions.events if at <= now]
    occasions.events = tuple(one for one in occasions.events if one[0] > now)
    return signals + [Signal("event_near", NAME, f"event/{name}", 1.0, {"event": name}) for name in due]


def _item(state: MemberState, kind: str, data: Item, now: float) -> list[Signal]:
    occasions = _occasions(state)
    name = data.name[:NAME_MAX]
    if kind == "feature.used":
        feature = mark(name)
        known = occasions.features
        if any(known[at : at + 8] == feature for at in range(0, len(known), 8)):
            return []
        occasions.features = (known + feature)[-8 * FEATURES_MAX :]
        return [Signal("feature_first_used", NAME, f"feature/{name}", 1.0, {"feature": name})]
    others = tuple(one for one in occasions.events if one[1] != name)
    if kind == "event.registered" and data.starts and data.starts > now:
        due = max(int(data.starts - NEAR), int(now) + 1)
        occasions.events = tuple(sorted((*others, (due, name)))[:EVENTS_MAX])
    elif kind == "event.attended":
        occasions.events = others
    return []


def _occasions(state: MemberState) -> Occasions:
    if state.occasions is None:
        state.occasions = Occasions()
    return state.occasions


@lru_cache(maxsize=QUERIES_MAX)
def _content(query: str) -> str:
    """Return the first words of a search that say something of the matter."""
    words = dict.fromkeys(one for one in tokens(query) if len(one) <= LETTERS_MAX and not is_stop_word(one))
    return " ".join(list(words)[:WORDS_MAX])
