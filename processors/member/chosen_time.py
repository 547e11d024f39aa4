"""When a member wants to hear from us: what they choose is kept, and what waited for it is let go when it comes."""

from datetime import datetime

from processors.decisions import Reason
from processors.events import Event
from processors.local_time import zone_of
from processors.member.remembered import Wishes
from processors.member.state import MemberState, Pending
from processors.vocabulary import VISITS, ChosenTime

WRONG_MAX = 4  # moments remembered
SETTLES = 3600.0  # seconds: after so long a visit is another one


def choose(state: MemberState, data: ChosenTime) -> None:
    """Keep a choice; the last one counts."""
    wrong = state.wishes.wrong if state.wishes else ()
    state.wishes = Wishes(data.when, data.hour, data.until_hour, data.weekday, wrong)


def was_wrong(state: MemberState, channel: str, now: float, timezone: str) -> None:
    """Keep that this hour was the wrong moment, over this channel."""
    wishes = state.wishes or Wishes()
    hour = datetime.fromtimestamp(now, zone_of(state.timezone or timezone)).hour
    wishes.wrong = (*wishes.wrong, (int(now), hour, channel))[-WRONG_MAX:]
    state.wishes = wishes


def released(state: MemberState, event: Event, last_visit: int) -> list[Pending]:
    """Take what waits for a chosen time out of the queue, where this event is that time: a visit, or another choice.

    `last_visit` (epoch s) is the one before this event.
    """
    if event.type == "preference.time_chosen":
        let_go = [one for one in state.pending if one.held == Reason.CHOSEN_TIME_HOLD]
    elif (
        state.wishes is not None
        and state.wishes.when == "next_visit"
        and event.type in VISITS
        and event.time - last_visit >= SETTLES
    ):
        let_go = [one for one in state.pending if one.held == Reason.CHOSEN_TIME_HOLD]
        for one in let_go:
            one.visited = True
    else:
        return []
    state.pending = [one for one in state.pending if all(one is not other for other in let_go)]
    return let_go
