"""Lost or frustrated: two signs are needed, the state stays small, and nothing cheerful follows."""

from processors.detectors import lost_or_frustrated
from processors.events import Event
from processors.member.state import MemberState, decode_state, encode_state
from processors.playbooks.resources import Policy
from processors.signals import Signal
from tests.support.stories import NOON, event


def observed(*events: Event, state: MemberState | None = None) -> list[Signal]:
    """What the detector concludes from events in order."""
    state = state or MemberState()
    return [one for each in events for one in lost_or_frustrated.observe(state, each, Policy(), each.time)]


def search(minute: float, results: int | None) -> Event:
    """A search with so many hits."""
    return event("search.performed", minute, query="export", results=results)


def test_searches_that_lead_nowhere() -> None:
    """Three that find nothing; or hits that nobody opened, until the next search."""
    assert [one.evidence["kinds"] for one in observed(*(search(minute, 0) for minute in range(3)))] == ["searches"]
    assert len(observed(*(search(minute, 7) for minute in range(4)))) == 1
    assert observed(*(search(minute, 7) for minute in range(3))) == []


def test_a_click_ends_a_row_of_searches() -> None:
    """Found is found."""
    click = event("link.clicked", 1.5, url="/help")
    assert observed(search(0, 0), search(1, 5), click, search(2, 0), search(3, 0)) == []


def test_back_and_forth_counts_with_words_only() -> None:
    """Going round among two pages is one sign; with words of being lost it is two."""
    round_and_round = [event("link.clicked", minute, url=f"/help/{minute % 2}") for minute in range(6)]
    assert observed(*round_and_round) == []
    signals = observed(*round_and_round, event("post.created", 7, text="I'm so confused"))
    assert [one.evidence["kinds"] for one in signals] == ["pages,words"]
    reading_on = [event("link.clicked", minute, url=f"/help/{minute}") for minute in range(6)]
    assert observed(*reading_on, event("post.created", 7, text="I'm so confused")) == []


def test_finishing_forgets_the_attempts() -> None:
    """The same draft thrice is a sign, unless it was finished in between."""
    tries = [event("task.begun", minute, name="profile") for minute in range(3)]
    assert len(observed(*tries)) == 1
    done = event("task.completed", 1.5, name="profile")
    assert observed(tries[0], tries[1], done, tries[2]) == []


def test_words_at_somebody_are_not_about_a_thing() -> None:
    """Those are conflict; words in distress are distress."""
    words = [event("post.created", minute, text="This is annoying, you are such an idiot") for minute in (0, 1)]
    assert observed(*words) == []
    troubled = MemberState(distress=((int(NOON) + 600, 2),))
    assert observed(*(event("post.created", m, text="I give up") for m in (0, 1)), state=troubled) == []


def test_it_rests_and_nothing_cheerful_follows() -> None:
    """Once a day; the inhibition is set; the state stays small and survives encoding."""
    state = MemberState()
    assert len(observed(*(search(minute, 0) for minute in range(50)), state=state)) == 1
    assert state.inhibited_until > NOON + 23 * 3600
    clicks = [event("link.clicked", 60 + minute, url=f"/{minute}") for minute in range(200)]
    observed(*clicks, state=state)
    assert len(encode_state(state)) < 400
    assert decode_state(encode_state(state)).friction == state.friction
