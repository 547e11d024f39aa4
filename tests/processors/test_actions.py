"""Presses as events: what each says, the same event for a second press, effects that hold whatever else happens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.actions import Action, offered, pressed
from processors.commands import ACTIONS
from processors.events import Event
from processors.member import changes
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.vocabulary import Data, OutcomeData, Preference
from tests.support.commands import command
from tests.support.stories import HOUR, NOON, Story, catalog, event, playbook

NOW, DAY = 1_800_000_000.0, 86400.0
COMMAND = command(kind="onboarding", not_before=NOW)


def press(action: str, now: float = NOW) -> Event:
    """A press of an action of the command."""
    return pressed(offered(COMMAND, action), now, "page")


@pytest.mark.parametrize(
    ("action", "kind", "data"),
    [
        ("open", "outcome.clicked", OutcomeData(command="c1", playbook="first-steps", via="page")),
        (
            "helpful",
            "outcome.helpful",
            OutcomeData(command="c1", playbook="first-steps", via="page", resource="guide"),
        ),
        ("not_helpful", "outcome.not_helpful", OutcomeData(command="c1", playbook="first-steps", via="page")),
        ("wrong_moment", "outcome.wrong_moment", OutcomeData(command="c1", playbook="first-steps", via="page")),
        ("dismissed", "outcome.dismissed", OutcomeData(command="c1", playbook="first-steps", via="page")),
        (
            "snooze_7d",
            "outcome.snoozed",
            OutcomeData(command="c1", playbook="first-steps", via="page", until=NOW + 7 * DAY, kind="all"),
        ),
        (
            "snooze_30d",
            "outcome.snoozed",
            OutcomeData(command="c1", playbook="first-steps", via="page", until=NOW + 30 * DAY, kind="all"),
        ),
        (
            "stop_kind",
            "outcome.opted_out",
            OutcomeData(command="c1", playbook="first-steps", via="page", kind="onboarding"),
        ),
        ("stop_all", "outcome.opted_out", OutcomeData(command="c1", playbook="first-steps", via="page", kind="all")),
    ],
)
def test_what_a_press_says(action: str, kind: str, data: OutcomeData) -> None:
    """The event's type and data, for the member of the command."""
    event = press(action)
    assert (event.type, event.key, event.time, event.data) == (kind, "town/ann", NOW, data)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_second_press_is_the_same_event(action: str) -> None:
    """Whenever and wherever it is pressed; another action or command is another event."""
    again = pressed(offered(COMMAND, action), NOW + 5 * DAY, "email")
    assert again.id == press(action).id
    others = {press(one).id for one in ACTIONS} | {pressed(offered(command(2), action), NOW, "page").id}
    assert len(others) == len(ACTIONS) + 1


def test_a_door_to_a_page_is_no_press() -> None:
    """It gives no event."""
    with pytest.raises(ValueError, match="no press"):
        pressed(Action("preferences", "town/ann"), NOW, "page")


def test_a_command_without_a_kind_is_stopped_by_its_playbook() -> None:
    """As commands of an earlier version."""
    event = pressed(offered(command(), "stop_kind"), NOW, "page")
    assert isinstance(event.data, OutcomeData)
    assert event.data.kind == "first-steps"


ORDINARY = ("community.left", "community.joined", "post.created", "consent.given", "presence.seen")
noise = st.lists(
    st.tuples(st.sampled_from(ORDINARY), st.integers(1, 30)), max_size=25
)  # type, hours since the one before
PLAYBOOK = playbook(kind="onboarding", once_per="episode", cheerful=True)
FREE = Policy(
    budget_day=99,
    budget_week=99,
    budget_week_new=99,
    quiet_from=0,
    quiet_to=0,
    cooldown_theme=0.0,
    cooldown_resource=0.0,
)


class Wish:
    """A story in which each post asks for a message, and a member presses something of the first one."""

    def __init__(self) -> None:
        self.story, self.hour, self.number = Story(catalog(PLAYBOOK, policy=FREE)), 0, 0
        self.tell("post.created", 0)
        self.command = self.story.commands[0]

    def tell(self, kind: str, hours: int) -> None:
        """Something happens, hours after what came before."""
        self.hour, self.number = self.hour + hours, self.number + 1
        self.story.tell(event(kind, self.hour * 60.0, "ann", f"n{self.number}"))

    def press(self, action: str, hours: int = 1) -> None:
        """The member presses a button of the first message."""
        self.hour += hours
        self.story.tell(pressed(offered(self.command, action), NOON + self.hour * HOUR, "page"))

    def sent_since(self, count: int) -> list[float]:
        """The hours at which messages went, after the first `count`."""
        return [(one.not_before - NOON) / HOUR for one in self.story.commands[count:]]


@settings(max_examples=150, deadline=None)
@given(
    action=st.sampled_from(("snooze_7d", "snooze_30d", "stop_kind", "stop_all")),
    before=noise,
    after=noise,
    again=st.booleans(),
)
def test_quiet_holds_from_the_next_decision_through_leaving_and_rejoining(
    action: str, before: list[tuple[str, int]], after: list[tuple[str, int]], again: bool
) -> None:
    """No message until it ends by its own time, whatever else happens; pressed twice it is the same."""
    wish = Wish()
    for kind, hours in before:
        wish.tell(kind, hours)
    wish.press(action)
    ends = wish.hour + {"snooze_7d": 7 * 24, "snooze_30d": 30 * 24}.get(action, 10**6)
    count = len(wish.story.commands)
    if again:
        wish.press(action, 0)
    for kind, hours in [*after, ("community.joined", 1), ("post.created", 1)]:
        wish.tell(kind, hours)
    assert [hour for hour in wish.sent_since(count) if hour < ends] == []


@pytest.mark.parametrize("action", ["open", "helpful", "not_helpful", "wrong_moment", "dismissed"])
def test_an_answer_alone_stops_nothing(action: str) -> None:
    """The same story goes on without a pause (so that the test above could fail)."""
    wish = Wish()
    wish.press(action)
    wish.tell("post.created", 50)  # at another hour than that of the first: one may have been called the wrong moment
    assert len(wish.story.commands) == 2


def test_a_stop_pressed_again_after_it_was_taken_back_is_heeded() -> None:
    """Though its event is one that was seen: the page has said that it is done."""
    wish = Wish()
    wish.press("stop_all")
    wish.tell("preference.opted_in", 1)
    wish.press("stop_all")
    wish.tell("post.created", 1)
    assert wish.story.reasons[-1] == "opted_out"
    assert len(wish.story.commands) == 1


def test_a_repeated_record_without_an_end_does_not_lengthen_a_pause() -> None:
    """A producer that repeats itself wishes for nothing new."""
    state = MemberState()
    snooze = Event("s", "preference.snoozed", "town/ann", NOW, Preference())
    changes.apply(state, snooze, NOW)
    first = dict(state.snoozed)
    changes.wish_again(state, snooze, NOW + DAY)
    changes.wish_again(state, Event("x", "post.read", "town/ann", NOW, Data()), NOW + DAY)
    assert state.snoozed == first
