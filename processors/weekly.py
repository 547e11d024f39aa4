"""Three names a week for a personal message by a person: who, why, and what speaks for it; chosen from the states alone."""

from collections.abc import Iterable, Mapping
from heapq import nsmallest
from typing import Literal, NamedTuple, get_args

import msgspec

from processors.community.state import OpenQuestion
from processors.community_partition import CommunityPartition
from processors.detectors.drop_off import DAYS_MIN, silence_odds
from processors.ids import coin
from processors.member.lifecycle import NEW_DAYS
from processors.member.rhythm import chance
from processors.member.state import MemberState
from processors.member_partition import MemberPartition

Why = Literal["newcomer", "drop_off", "thanks", "unanswered"]
WHYS: tuple[Why, ...] = get_args(Why)  # in the order in which they are taken in turn
NAMES = 3
DAY, WEEK, YEAR = 86400, 7 * 86400, 31556952  # seconds; a mean Gregorian year
SILENT_DAYS = 7  # of silence, and more than is usual for the member, from which a word is worth it
GONE_DAYS = 30  # of silence, after which a word comes too late for most
LIKELY = -868  # log-odds (1/1024) of thirty more silent days, three in ten: a word costs a minute, a loss a member
ADULT = 18
# Who is no member of their own, or is of the team that would write.
NOT_NAMED = frozenset({"bot", "system", "staff", "moderator", "admin"})


class Name(msgspec.Struct, frozen=True):
    """A member to write to: `why`, and the numbers that speak for it (hours, days, a chance, counts); never text."""

    member: str
    why: Why
    locale: str
    evidence: dict[str, float | int]


class Seen(NamedTuple):
    """What one look needs: `now` (epoch s), the community's rest so far (s), its questions that wait, and who answered how many this week."""

    now: float
    rest: int
    waiting: Mapping[str, OpenQuestion]
    answered: Mapping[str, int]


def seen(now: float, rest: int, questions: Iterable[OpenQuestion], helpers: Iterable[tuple[str, int]]) -> Seen:
    """Return what a look needs. `helpers` are (member, epoch s) of answers; of a member's questions the oldest of this week counts."""
    waiting: dict[str, OpenQuestion] = {}
    for one in sorted(questions, key=lambda one: (one.asked, one.number)):
        if one.told and now - one.asked <= WEEK:
            waiting.setdefault(one.member, one)
    answered: dict[str, int] = {}
    for member, time in helpers:
        if now - time <= WEEK:
            answered[member] = answered.get(member, 0) + 1
    return Seen(now, rest, waiting, answered)


def names(
    members: Iterable[MemberPartition], questions: Iterable[CommunityPartition], most: int = NAMES
) -> dict[str, list[Name]]:
    """Return the names of each community, from the partitions of both stages."""
    states: dict[str, list[tuple[str, MemberState]]] = {}
    now, rests = 0.0, dict[str, int]()
    for part in members:
        now = max(now, part.shared.time)
        for community, pulse in part.shared.pulses.items():
            rests[community] = max(pulse.rest, rests.get(community, 0))
        for key, state in part.members():
            states.setdefault(key.partition("/")[0], []).append((key, state))
    waiting, helpers = dict[str, list[OpenQuestion]](), dict[str, list[tuple[str, int]]]()
    for one in questions:
        waiting |= one.questions()
        helpers |= one.helpers()
    return {
        name: choose(states[name], seen(now, rests.get(name, 0), waiting.get(name, ()), helpers.get(name, ())), most)
        for name in sorted(states)
    }


def choose(members: Iterable[tuple[str, MemberState]], look: Seen, most: int = NAMES) -> list[Name]:
    """Return at most `most` names of one community, each member once: the best of each reason in turn, then the next best.

    Left out are bots and the team, who left, wishes for quiet, minors, and places.
    """
    found: dict[Why, list[tuple[tuple[float, ...], Name]]] = {why: [] for why in WHYS}
    for key, state in members:
        if _may_be_named(key, state, look.now):
            for rank, name in _reasons(key, state, look):
                found[name.why].append((rank, name))
    ranked = {why: [name for _, name in nsmallest(most * len(WHYS), ones, key=lambda one: (one[0], one[1].member))]
              for why, ones in found.items()}  # fmt: skip
    chosen: dict[str, Name] = {}
    while len(chosen) < most and any(ranked.values()):
        for why in WHYS:
            fresh = next((one for one in ranked[why] if one.member not in chosen), None)
            ranked[why] = ranked[why][ranked[why].index(fresh) + 1 :] if fresh else []
            if fresh and len(chosen) < most:
                chosen[fresh.member] = fresh
    return list(chosen.values())


def _may_be_named(key: str, state: MemberState, now: float) -> bool:
    if state.left or state.role in NOT_NAMED or key.partition("/")[2].startswith("#"):
        return False
    if "all" in state.opted_out or state.snoozed.get("all", 0) > now:
        return False
    return not state.birth_year or 1970 + now / YEAR - state.birth_year >= ADULT + 1


def _reasons(key: str, state: MemberState, look: Seen) -> Iterable[tuple[tuple[float, ...], Name]]:
    """Yield what speaks for this member, each with its rank, the lowest first."""
    now = look.now
    question = look.waiting.get(key)
    if question is not None:
        hours = round((now - question.asked) / 3600)
        days = int(now - state.joined) // DAY
        if state.joined and days <= NEW_DAYS:
            yield (-hours,), Name(key, "newcomer", state.locale, {"hours": hours, "days": days})
        else:
            yield (-hours,), Name(key, "unanswered", state.locale, {"hours": hours})
    leaving = _leaving(state, look)
    if leaving is not None:
        yield (-leaving["chance"], -leaving["active_days"]), Name(key, "drop_off", state.locale, leaving)
    answers = look.answered.get(key, 0)
    if answers and now >= state.inhibited_until:  # nothing cheerful while somebody may hurt
        week = int(now) // WEEK
        accepted = state.merits.accepted if state.merits else 0
        evidence: dict[str, float | int] = {"answers": answers, "accepted": accepted}
        yield (-answers, coin("weekly", str(week), key)), Name(key, "thanks", state.locale, evidence)


def _leaving(state: MemberState, look: Seen) -> dict[str, float | int] | None:
    """Return what speaks for a member's going away: silent longer than is usual for them, and likely to stay so; None where nothing does."""
    rhythm = state.rhythm
    if rhythm is None or rhythm.total < DAYS_MIN or state.away_until > look.now:
        return None
    silent, usual = int(look.now - max(state.last, state.away_until)) // DAY, max(rhythm.usual(80), 1)
    if not max(SILENT_DAYS, usual + 1) <= silent < GONE_DAYS:
        return None
    odds = silence_odds(state, look.now, look.rest)
    if odds < LIKELY:
        return None
    return {"chance": round(chance(odds), 2), "silent_days": silent, "usual_days": usual, "active_days": rhythm.total}
