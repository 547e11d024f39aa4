"""Who looks at events of a type in a community: everybody to whom such an event may be anything there."""

from itertools import product

import pytest

from processors.detectors import DETECTORS, OBSERVERS, TIMED, distress_language, onboarding
from processors.events import Event
from processors.member.state import MemberState, Progress, encode_state
from processors.playbooks.catalog import EMPTY, Catalog
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.resources import Bundle, Playbook, Policy
from processors.routes import routes
from processors.vocabulary import VOCABULARY, Data

TOUR = Journey("tour", ("feature.used",), (Step("look", ("post.read",)), Step("like", ("reaction.added",), ("heart",))))
POLICIES = (Policy(), Policy(journeys=(TOUR,)))
HEEDFUL = Policy(distress_support=True, safety_owner="ann")
NOON = 1_768_000_000.0


@pytest.mark.parametrize("policy", POLICIES)
def test_who_is_not_asked_would_have_said_and_changed_nothing(policy: Policy) -> None:
    """Of somebody who has not begun as of somebody under way, whose clocks run."""
    under_way = {"tour": Progress(int(NOON) - 60, int(NOON) - 60, int(NOON) + 60)}
    for kind, journeys in product(VOCABULARY, ({}, under_way)):
        left_out = set(OBSERVERS[kind]) - set(routes(policy, EMPTY)[kind].observers)
        state = MemberState(start_at=int(NOON) + 60, stuck_at=int(NOON) + 60, journeys=dict(journeys))
        before, event = encode_state(state), Event("e", kind, "town/ann", NOON, Data())
        assert [signal for observe in left_out for signal in observe(state, event, policy, NOON)] == []
        assert encode_state(state) == before, kind


def test_a_type_that_a_journey_names_is_looked_at() -> None:
    """Its beginnings and its steps; where no journey names them, nobody is asked."""
    for kind in ("feature.used", "post.read", "reaction.added"):
        assert onboarding.observe not in routes(POLICIES[0], EMPTY)[kind].observers
        assert onboarding.observe in routes(POLICIES[1], EMPTY)[kind].observers
    assert onboarding.observe in routes(POLICIES[0], EMPTY)["community.joined"].observers


def test_communities_with_the_same_journeys_share_their_routes() -> None:
    """A deployment may have thousands of communities."""
    assert routes(Policy(salt="a", journeys=(TOUR,)), EMPTY) is routes(Policy(salt="b", journeys=(TOUR,)), EMPTY)


def test_words_are_read_for_distress_where_that_is_switched_on() -> None:
    """Elsewhere nobody looks, which is not to be asked with each of them."""
    assert distress_language.observe in routes(HEEDFUL, EMPTY)["post.created"].observers
    assert distress_language.observe not in routes(Policy(), EMPTY)["post.created"].observers


def test_playbooks_are_looked_for_where_one_waits_for_the_type() -> None:
    """In the catalog in force."""
    waiting = Catalog(Bundle(playbooks=(Playbook("p", "post.read", "r", "t", maturity="live"),)))
    assert routes(Policy(), waiting)["post.read"].triggers
    assert not routes(Policy(), waiting)["post.created"].triggers
    assert not routes(Policy(), EMPTY)["post.read"].triggers


def test_each_clock_is_asked() -> None:
    """Whoever concludes by time is among those whom a timer asks."""
    assert [one for one in DETECTORS if hasattr(one, "on_time")] == list(TIMED)
