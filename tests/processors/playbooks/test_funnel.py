"""Funnels: set out, done, stopped, under way; begun again only when it was done."""

from processors.playbooks.funnel import Funnels
from processors.playbooks.journeys import Journey, Step
from tests.support.stories import DAY, MINUTE, NOON, event

A_DAY = DAY / MINUTE
TOUR = Journey(
    "tour",
    ("community.joined",),
    (Step("look", ("post.read",), usual=DAY), Step("speak", ("post.created",), usual=2 * DAY)),
    title="The tour",
)


def test_a_funnel_counts_who_stopped_where() -> None:
    """Ann finishes, Ben stops before speaking, Eve has looked yesterday, Dan has done nothing for a week."""
    counting = Funnels((TOUR,))
    for one in (
        *(event("community.joined", 0, name) for name in ("ann", "ben", "dan")),
        event("post.read", A_DAY, "ann"),
        event("post.read", 3 * A_DAY, "ben"),
        event("post.created", 2 * A_DAY, "ann", text="x"),
        event("community.joined", 6 * A_DAY, "eve"),
        event("post.read", 6.5 * A_DAY, "eve"),
        event("post.read", 6.6 * A_DAY, "nobody"),
    ):
        counting.take(one)
    (funnel,) = counting.at(NOON + 7 * DAY)
    assert (funnel.begun, funnel.members, funnel.finished) == (4, 4, 1)
    look, speak = funnel.steps
    assert (look.done, look.median_s, look.stopped, look.under_way) == (3, DAY, 1, 0)
    assert (speak.done, speak.median_s, speak.stopped, speak.under_way) == (1, 2 * DAY, 1, 1)
    assert funnel.drop_off == "look"


def test_a_journey_is_begun_again_only_when_it_was_done() -> None:
    """Joining twice is one journey; joining again after the last step is a second."""
    counting = Funnels((TOUR,))
    for one in ("community.joined", "community.joined", "post.read", "post.created", "community.joined"):
        counting.take(event(one, 0, "ann", **({"text": "x"} if one == "post.created" else {})))
    (funnel,) = counting.at(NOON)
    assert (funnel.begun, funnel.members, funnel.finished) == (2, 1, 1)
    assert Funnels((TOUR,)).at(NOON)[0].drop_off == ""
