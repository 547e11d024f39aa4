"""Under thirteen: nothing is kept, concluded or sent, whatever the community's playbooks say."""

import pytest

from processors.member.children import is_child
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, MINUTE, NOON, Story, catalog, event, playbook

HELLO = playbook("hello", "post.created")
EVERYTHING = catalog(HELLO, playbook("answer", "post.replied", lane="answer"), policy=Policy(quiet_from=0, quiet_to=0))


@pytest.mark.parametrize(
    ("born", "child"), [(0, False), (None, False), (2014, True), (2013, True), (2012, False), (1990, False)]
)
def test_who_may_still_be_twelve_is_a_child(born: int | None, child: bool) -> None:
    """In January of 2026 somebody born in 2013 may still be twelve, and one born in 2012 is thirteen for certain."""
    assert is_child(born, NOON) is child


def test_nothing_of_a_child_is_concluded_or_kept() -> None:
    """Before it is known, as anybody; from then on the year alone, and no decision of any lane."""
    story = Story(EVERYTHING).tell(event("post.created", 0, text="hello"))
    assert story.reasons == ["sent"]
    story.tell(event("profile.changed", 1, birth_year=2015, role="pupil", interests=("horses",)))
    state = story.loop.member("town/ann")
    assert (state.birth_year, state.role, state.interests, state.posts, state.sends) == (2015, "", (), 0, [])
    story.tell(
        event("post.created", 2, text="How do I mount it?"),
        event("post.replied", 3, text="me too"),
        event("help.requested", 4, text="help"),
    )
    story.tell(event("profile.changed", 5, region="north")).wait(3 * DAY / MINUTE)
    state = story.loop.member("town/ann")
    assert (story.reasons, state.region, state.posts) == (["sent"], "", 0)


def test_a_year_that_was_wrong_can_be_put_right() -> None:
    """Who is no child after all begins anew."""
    story = Story(EVERYTHING).tell(event("profile.changed", 0, birth_year=2015), event("post.created", 1, text="hello"))
    story.tell(event("profile.changed", 2, birth_year=1990), event("post.created", 3, text="hello again"))
    assert story.reasons == ["sent"]
    assert story.loop.member("town/ann").posts == 1


def test_others_are_not_concerned() -> None:
    """A child's words leave no question behind, and nobody else's state changes."""
    story = Story(EVERYTHING).tell(event("post.created", 0, "eve", text="hello"))
    story.tell(event("profile.changed", 1, birth_year=2015), event("post.created", 2, text="How do I mount it?"))
    assert (story.loop.member("town/eve").posts, story.reasons) == (1, ["sent"])
