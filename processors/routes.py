"""What the type of an event alone decides in a community, worked out once: who looks at it, and what it may be."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from processors.detector import Observe
from processors.detectors import OBSERVERS, onboarding
from processors.member.changes import CHANGING
from processors.playbooks.journeys import Journey
from processors.playbooks.resources import Policy
from processors.vocabulary import COMMUNITY, CONTROL, VOCABULARY, WORDS

KEPT = 256  # policies with journeys of their own whose routes are kept; thousands of communities share theirs
CONTRIBUTIONS = WORDS | {"answer.accepted", "moderator.explained", "content.flagged", "content.moderated"}


class Route(NamedTuple):
    """Who looks at events of a type, whether they change the facts of a known member, and whether they are words, about what became
    of commands, of use to the community stage, and what a playbook may wait for.
    """

    observers: tuple[Observe, ...]
    changing: bool
    words: bool
    control: bool
    contribution: bool
    triggers: bool


def _route(kind: str, observers: tuple[Observe, ...]) -> Route:
    return Route(observers, kind in CHANGING, kind in WORDS, kind in CONTROL, kind in CONTRIBUTIONS, kind in COMMUNITY)


ALL: Mapping[str, Route] = {kind: _route(kind, observers) for kind, observers in OBSERVERS.items()}


def routes(policy: Policy) -> Mapping[str, Route]:
    """Return the route of each type where this policy rules; whoever has nothing to do with a type there is not asked."""
    return _routes(policy.journeys)


@lru_cache(KEPT)
def _routes(journeys: tuple[Journey, ...]) -> Mapping[str, Route]:
    idle = {kind for kind in VOCABULARY if not onboarding.concerns(kind, journeys)}
    return {
        kind: _route(kind, tuple(one for one in route.observers if one is not onboarding.observe)) if kind in idle else route
        for kind, route in ALL.items()
    }  # fmt: skip
