"""Where a member stands in the life of a membership; derived from the state, never stored."""

from typing import Literal, get_args

from processors.member.rhythm import Rhythm
from processors.member.state import MemberState

Stage = Literal["visitor", "new", "activated", "regular", "helper", "fading", "dormant", "returned", "left"]
STAGES: tuple[str, ...] = get_args(Stage)
DAY = 86400
NEW_DAYS = 14  # since joining
AWAY_LONG = 60  # days of silence after which somebody is gone, and whose end is a return
REGULAR_DAYS = 4  # active days within the last 30
HELPER_ANSWERS = 5
HELPER_ACCEPTED = 1  # an answer that was accepted weighs as much
FADING_BEFORE = 6  # active days in the 60 before the last 30, without which a decline says nothing


def has_helped(state: MemberState) -> bool:
    """Tell a member who has answered others: five times, or once so that it was accepted; whatever stage they are in."""
    accepted = state.merits.accepted if state.merits else 0
    return state.answers >= HELPER_ANSWERS or accepted >= HELPER_ACCEPTED


def lifecycle(state: MemberState, now: float) -> Stage:
    """Return the stage of a member at `now` (epoch s); the first that holds.

    left: said so. dormant: silent for 60 days. returned: back from that for at most 14 days. new: joined at most 14 days ago.
    fading: the last 30 days have less than half the active days that the 60 before them had in 30. helper: five answers.
    regular: four active days of the last 30. activated: posted. visitor: all others.
    """
    if state.left:
        return "left"
    day, rhythm = int(now) // DAY, state.rhythm or Rhythm()
    silent = max(day - rhythm.last, 0) if rhythm.total else 0
    month = rhythm.active(30, silent)
    before = rhythm.active(90, silent) - month
    stages: tuple[tuple[bool, Stage], ...] = (
        (silent >= AWAY_LONG, "dormant"),
        (bool(rhythm.back) and day - rhythm.back <= NEW_DAYS, "returned"),
        (bool(state.joined) and now - state.joined <= NEW_DAYS * DAY, "new"),
        (before >= FADING_BEFORE and 4 * month < before, "fading"),
        (state.answers >= HELPER_ANSWERS, "helper"),
        (month >= REGULAR_DAYS, "regular"),
        (state.posts > 0, "activated"),
    )
    return next((stage for holds, stage in stages if holds), "visitor")
