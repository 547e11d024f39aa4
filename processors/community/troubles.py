"""Troubles: a step where members get stuck, a search without a click, a moment of being lost; handed over, then counted by place."""

from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from processors.community.state import ASKS_MAX, EXPIRES, Ask
from processors.events import Event
from processors.ids import digest
from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.text.similarity import terms
from processors.threads import ThreadPost
from processors.vocabulary import Item

# The signal of each kind of trouble, by what the community stage calls it.
OF_SIGNAL = {"stuck": "stuck", "search_unclicked": "searched", "lost": "lost"}
KINDS = frozenset(OF_SIGNAL.values())
TROUBLES_MAX = 2_000  # places remembered per community
ABOUT_MAX = 128  # characters of what it is about


class Trouble(msgspec.Struct, array_like=True):
    """A place where members have trouble: `about` a step, the words searched for, a thing or a channel; the last to have it, and how many in all.

    `resource` is what the catalog would have had for the last search.
    """

    kind: str
    about: str
    asks: list[Ask]
    count: int = 0
    resource: str = ""

    @property
    def key(self) -> str:
        """What tells it from others of its kind in a community; searches of the same stems are one."""
        about = " ".join(sorted(terms(self.about))) or self.about if self.kind == "searched" else self.about
        return digest("trouble", self.kind, about)[:12]


class Troubles:
    """The troubles of one community by kind and place, the least recent first; `touched` maps keys to what is to be stored."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        ordered = sorted(troubles, key=lambda one: (one.asks[-1].time, one.kind, one.key))
        self._live = OrderedDict(((one.kind, one.key), one) for one in ordered)
        self.touched: dict[str, Trouble | None] = {}

    def add(self, post: ThreadPost) -> tuple[str, Trouble]:
        """Count a trouble that a member had, and return it with its key; beyond `TROUBLES_MAX` places the least recent is forgotten."""
        ask = Ask(post.member, int(post.time), post.id, thread=post.thread)
        self._forget(ask.time)
        fresh = Trouble(post.kind, post.about, [])
        key = fresh.key  # a hash of stems: worked out once
        trouble = self._live.setdefault((post.kind, key), fresh)
        trouble.asks = [*trouble.asks, ask][-ASKS_MAX:]
        trouble.count += 1
        trouble.resource = post.resource
        self._live.move_to_end((post.kind, key))
        self.touched[f"{post.kind}-{key}"] = trouble
        return key, trouble

    def erase(self, member: str) -> None:
        """Forget a member's troubles; a place that nobody else had trouble with is gone."""
        for where, trouble in list(self._live.items()):
            asks = [one for one in trouble.asks if one.member != member]
            if len(asks) == len(trouble.asks):
                continue
            trouble.asks = asks
            self.touched["-".join(where)] = trouble if asks else None
            if not asks:
                del self._live[where]

    def _forget(self, now: int) -> None:
        while self._live:
            (kind, key), oldest = next(iter(self._live.items()))
            if len(self._live) < TROUBLES_MAX and oldest.asks[-1].time > now - EXPIRES:
                return
            del self._live[kind, key]
            self.touched[f"{kind}-{key}"] = None


def told(signal: Signal, event: Event | None, member: str, state: MemberState, catalog: Catalog, now: float, *,
         replay: bool) -> ThreadPost | None:  # fmt: skip
    """Return what the community stage is told of a signal; None where it is of no place. `now` in epoch s."""
    kind = OF_SIGNAL[signal.kind]
    about, resource = _place(signal, event, state), ""
    if kind == "stuck" and _is_search(about, catalog.policy(member.partition("/")[0])):
        return None
    if signal.kind == "search_unclicked" and about:
        found = catalog.search.find(about, catalog.expired(now), most=1)
        resource = found[0].resource if found else ""
    if not about:
        return None
    return ThreadPost(
        id=digest("trouble", member, kind, signal.episode),
        kind=kind,  # type: ignore[arg-type]  # one of the literals of the field
        member=member,
        channel=(event.data.channel if event and event.data else None) or "",
        time=min(event.time, now) if event else now,
        replay=replay,
        about=about[:ABOUT_MAX],
        resource=resource,
    )


def _is_search(about: str, policy: Policy) -> bool:
    """Tell a journey that begins with a search: that one is told of with what was searched for."""
    journey = next((one for one in policy.journeys if one.id == about.partition("/")[0]), None)
    return journey is not None and set(journey.begins) <= {"search.performed"}


def _place(signal: Signal, event: Event | None, state: MemberState) -> str:
    if signal.kind == "stuck":
        return f"{signal.evidence.get('journey', '')}/{signal.evidence.get('step', '')}"
    if signal.kind == "search_unclicked":
        searched = state.occasions.searched if state.occasions else ""
        if state.occasions:
            state.occasions.searched = ""
        return searched
    data = event.data if event else None
    thing = data.name if isinstance(data, Item) else ""
    return thing or (data.channel if data else None) or str(signal.evidence.get("kinds", ""))
