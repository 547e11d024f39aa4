"""What the type of an event alone decides in a community, worked out once: who looks at it, and what it may be."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from processors.detector import Observe
from processors.detectors import OBSERVERS, distress_language, onboarding
from processors.member.changes import CHANGING
from processors.playbooks.catalog import Catalog
from processors.playbooks.catalog_answers import ASKING
from processors.playbooks.journeys import Journey
from processors.playbooks.resources import Policy
from processors.vocabulary import COMMUNITY, CONTROL, WORDS

KEPT = 256  # policies with journeys of their own whose routes are kept; thousands of communities share theirs
CONTRIBUTIONS = WORDS | {"answer.accepted", "moderator.explained", "content.flagged", "content.moderated"}


class Route(NamedTuple):
    """Who looks at events of a type, whether they change the facts of a known member, and whether they are words, about what became
    of commands, of use to the community stage, what a playbook waits for, and what the catalog may answer unasked by a signal.
    """

    observers: tuple[Observe, ...]
    changing: bool
    words: bool
    control: bool
    contribution: bool
    triggers: bool
    asking: bool


def _route(kind: str, observers: tuple[Observe, ...], triggers: Collection[str] = COMMUNITY) -> Route:
    return Route(
        observers,
        kind in CHANGING,
        kind in WORDS,
        kind in CONTROL,
        kind in CONTRIBUTIONS,
        kind in COMMUNITY and kind in triggers,
        kind in ASKING,
    )


ALL: Mapping[str, Route] = {kind: _route(kind, observers) for kind, observers in OBSERVERS.items()}


def routes(policy: Policy, catalog: Catalog) -> Mapping[str, Route]:
    """Return the route of each type where these rule; whoever has nothing to do with a type there is not asked."""
    return _routes(policy.journeys, distress_language.switched_on(policy), catalog.triggers)


@lru_cache(KEPT)
def _routes(journeys: tuple[Journey, ...], distress: bool, triggers: frozenset[str]) -> Mapping[str, Route]:
    never = set() if distress else {distress_language.observe}
    idle = {onboarding.observe, *never}
    return {
        kind: _route(
            kind,
            tuple(one for one in observers if one not in (never if onboarding.concerns(kind, journeys) else idle)),
            triggers,
        )
        for kind, observers in OBSERVERS.items()
    }
