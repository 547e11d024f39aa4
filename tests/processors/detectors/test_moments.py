"""Moments: clocks that start, stop and fire once."""

from processors.detectors import moments
from processors.member.state import MemberState, decode_state, encode_state
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook


def test_a_search_waits_for_a_click_or_words() -> None:
    """Nothing opened: told a quarter of an hour later, once. A click or a post ends it."""
    for after, wanted in (
        ([], 1),
        ([event("link.clicked", 2, url="/x")], 0),
        ([event("post.created", 3, text="where?")], 0),
    ):
        story = Story(catalog(playbook(trigger="signal.search_unclicked")))
        story.tell(event("search.performed", 0, query="export", results=3), *after).wait(600)
        assert len(story.commands) == wanted, after


def test_an_event_is_near_a_day_before_it() -> None:
    """Told once, and not after the member was there."""
    for attended in (False, True):
        story = Story(catalog(playbook(trigger="signal.event_near")))
        story.tell(event("event.registered", 0, name="meeting", starts=NOON + 5 * DAY))
        if attended:
            story.tell(event("event.attended", 60, name="meeting"))
        story.wait(3 * DAY / 60)
        assert story.commands == []
        story.wait(6 * DAY / 60)
        assert len(story.commands) == (0 if attended else 1)


def test_a_feature_is_new_once() -> None:
    """By its name; features beyond those remembered do not grow the state."""
    state = MemberState()

    def touched(name: str) -> int:
        return len(moments.observe(state, event("feature.used", name=name), Policy(), NOON))

    assert [touched("polls"), touched("polls"), touched("maps")] == [1, 0, 1]
    for number in range(200):
        touched(f"feature {number}")
    assert len(encode_state(state)) < 600
    assert decode_state(encode_state(state)).occasions == state.occasions
