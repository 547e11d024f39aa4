"""The load of what was waved away: at once, weighed, fading."""

from processors.detectors import overload
from processors.member.load import FADES, load
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook


def test_it_is_felt_at_once_and_fades_evenly() -> None:
    """A dismissal weighs one, half of it after half the time, nothing after all of it."""
    state = MemberState()
    overload.observe(state, event("outcome.dismissed", command="c"), Policy(), NOON)
    assert [load(state, NOON + share * FADES) for share in (0, 0.5, 1, 2)] == [1.0, 0.5, 0.0, 0.0]


def test_a_mute_is_much_and_is_told_once_a_week() -> None:
    """One opt-out is an overload; the next one within the week is not told again."""
    state = MemberState()
    first = overload.observe(state, event("preference.opted_out", kind="digest"), Policy(), NOON)
    again = overload.observe(state, event("preference.opted_out", 1, kind="tips"), Policy(), NOON + 60)
    later = overload.observe(state, event("outcome.dismissed", 2, command="c"), Policy(), NOON + 8 * DAY)
    assert [[one.kind for one in signals] for signals in (first, again, later)] == [["overloaded"], [], ["overloaded"]]


def test_two_mutes_stop_what_is_proactive_until_it_has_faded() -> None:
    """Nothing goes while much was waved away; weeks later it goes again."""
    story = Story(catalog(playbook()))
    story.tell(event("preference.opted_out", 0, kind="digest"), event("preference.opted_out", 1, kind="tips"))
    story.tell(event("post.created", 5, text="hello"))
    assert (story.reasons, story.commands) == (["budget_shrunk"], [])
    story.wait(25 * DAY / 60).tell(event("post.created", 25 * DAY / 60, text="hello again"))
    assert len(story.commands) == 1
