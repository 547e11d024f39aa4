"""Journeys: which step an event does, which is next, which journeys an event concerns."""

from processors.playbooks.journeys import Concern, Journey, Step, concerned
from tests.support.stories import event

JOURNEY = Journey(
    "tour",
    ("community.joined",),
    (Step("look", ("task.completed",), ("tour",)), Step("speak", ("post.created", "question.asked"))),
)


def test_a_step_is_done_by_its_event_and_name() -> None:
    """Another name does not do it; a step without names is done by any."""
    assert JOURNEY.done_by(event("task.completed", name="tour")) == 0b01
    assert JOURNEY.done_by(event("task.completed", name="form")) == 0
    assert JOURNEY.done_by(event("post.created", text="x")) == 0b10
    assert JOURNEY.is_begun_by(event("community.joined"))


def test_the_next_step_is_the_first_open_one() -> None:
    """In whatever order they were done."""
    assert [JOURNEY.next_step(done) for done in (0b00, 0b01, 0b10, 0b11)] == [0, 1, 0, 2]


def test_only_journeys_that_an_event_concerns_are_asked() -> None:
    """Found by type; policies that are equal but not the same do not mix."""
    other = Journey("other", ("post.created",), (Step("s", ("post.read",)),))
    both, one = (JOURNEY, other), (other,)
    assert concerned(both, "post.created") == (Concern(JOURNEY, False, 0b10), Concern(other, True, 0))
    assert concerned(one, "post.created") == (Concern(other, True, 0),)
    assert concerned(both, "post.read") == (Concern(other, False, 0b1),)
    assert concerned(both, "reaction.added") == ()
