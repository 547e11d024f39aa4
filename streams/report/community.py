"""A community before and after Lotse began to send there: questions, explanations, onboarding, attendance, and whom it reaches."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

import msgspec

from processors.decisions import Decision, Verdict
from processors.detectors.repeated_question import is_question
from processors.events import Event
from processors.vocabulary import WORDS, Click, OutcomeData, Preference, SignalData

DAY, WEEK = 86400.0, 7 * 86400.0
SERVED_WITHIN = 3600.0  # seconds from a search to opening something
ONBOARDED_WITHIN = 14 * DAY  # from joining to the first words
COMPARED_MIN = 14 * DAY  # of either period, for a comparison to be told
GROUP_MIN = 10  # members: a group smaller than this is not told
ASKED_AGAIN, EXPLAINED = frozenset({"asked_again", "asked_by_many"}), frozenset({"explained_again"})
CONTRIBUTES = frozenset({"post.created", "post.replied", "question.asked", "question.answered", "member.introduced"})
OPENS = frozenset({"link.clicked", "post.read"})


class Period(msgspec.Struct, frozen=True):
    """Figures of some days; shares 0 to 1, None where there was nothing to count. `members` were active in it."""

    days: float
    members: int
    questions_per_100: float | None
    repeated_per_100: float | None
    requests_per_100: float | None
    explanations_a_week: float | None
    self_served: float | None
    onboarded: float | None
    attendance: float | None
    adoption: float | None


class CommunityFigures(msgspec.Struct, frozen=True):
    """One community. `reached_by_decile`: members by how active they are, the quietest tenth first, and the share who got something.

    `survey`: by touchpoint (channel), of the answers the share that said helpful, and how many there were.
    """

    community: str
    since: float | None
    before: Period | None
    after: Period | None
    enough: bool
    survey: dict[str, tuple[float, int]]
    keep_help_on: float | None
    reached_by_decile: list[float] | None


class Community:
    """Takes the events and decisions of one community in the order of time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._times: dict[str, list[tuple[float, str]]] = defaultdict(list)  # by what: (time, member)
        self._off: dict[str, bool] = {}
        self._sent: list[Decision] = []
        self._answers: list[OutcomeData] = []
        self._helpful: set[str] = set()
        self.begins, self.ends = 0.0, 0.0

    def event(self, event: Event) -> None:
        """Take an event, or a signal, of a member."""
        self.begins = self.begins or event.time
        self.ends = max(self.ends, event.time)
        kind, data = event.type, event.data
        if isinstance(data, SignalData):
            self._signal(event, data)
            return
        if isinstance(data, OutcomeData):
            self._outcome(kind, data)
            return
        if isinstance(data, Preference):
            self._preference(event.key, kind, data)
            return
        self._times["active"].append((event.time, event.key))
        if kind in WORDS and is_question(event):
            self._times["asked"].append((event.time, event.key))
        self._times["contributed" if kind in CONTRIBUTES else kind].append((event.time, event.key))
        if kind in OPENS or isinstance(data, Click):
            self._times["opened"].append((event.time, event.key))

    def decision(self, decision: Decision) -> None:
        """Take a decision."""
        if decision.verdict is Verdict.SEND and decision.lane in ("proactive", "answer"):
            self._sent.append(decision)

    def figures(self, since: float | None = None) -> CommunityFigures:
        """Return the figures, before and after `since` (epoch s; None: the first message)."""
        since = since if since is not None else (self._sent[0].time if self._sent else None)
        before = after = None
        if since is not None and self.begins < since < self.ends:
            before, after = self._period(self.begins, since), self._period(since, self.ends)
        enough = bool(before and after and min(before.days, after.days) * DAY >= COMPARED_MIN)
        members = {member for _, member in self._times["active"]}
        off = sum(self._off.values())
        on = 1 - off / len(members) if len(members) >= GROUP_MIN else None
        return CommunityFigures(self.name, since, before, after, enough, self._survey(), on, self._deciles(members))

    def _signal(self, event: Event, data: SignalData) -> None:
        if data.kind in ASKED_AGAIN:
            self._times["repeated"].append((event.time, event.key))
        elif data.kind in EXPLAINED:
            self._times["moderator.explained"].append((event.time, event.key))

    def _outcome(self, kind: str, data: OutcomeData) -> None:
        if kind in ("outcome.helpful", "outcome.not_helpful"):
            self._answers.append(data)
            if kind == "outcome.helpful":
                self._helpful.add(data.command)

    def _preference(self, member: str, kind: str, data: Preference) -> None:
        if data.kind == "all" and kind in ("preference.opted_out", "preference.opted_in"):
            self._off[member] = kind == "preference.opted_out"

    def _period(self, begins: float, ends: float) -> Period:
        def within(name: str) -> list[tuple[float, str]]:
            return [one for one in self._times[name] if begins <= one[0] < ends]

        members = {member for _, member in within("active")}
        per_100 = 100 / len(members) if members else None
        weeks = (ends - begins) / WEEK
        used = {member for _, member in within("feature.used")}
        return Period(
            days=(ends - begins) / DAY,
            members=len(members),
            questions_per_100=_times(per_100, len(within("asked"))),
            repeated_per_100=_times(per_100, len(within("repeated"))),
            requests_per_100=_times(per_100, len(within("help.requested"))),
            explanations_a_week=len(within("moderator.explained")) / weeks if weeks else None,
            self_served=self._followed(within("search.performed"), "opened", SERVED_WITHIN),
            onboarded=self._followed(within("community.joined"), "contributed", ONBOARDED_WITHIN),
            attendance=self._followed(within("event.registered"), "event.attended", ONBOARDED_WITHIN),
            adoption=len(used) / len(members) if members and self._times["feature.used"] else None,
        )

    def _followed(self, firsts: list[tuple[float, str]], then: str, within: float) -> float | None:
        """Return the share of firsts that the same member followed with something in time; those whose time is not over are left out."""
        later: dict[str, list[float]] = defaultdict(list)
        for time, member in self._times[then]:
            later[member].append(time)
        over = [(time, member) for time, member in firsts if time + within <= self.ends]
        done = 0
        for time, member in over:
            place = bisect_right(later[member], time)
            done += place < len(later[member]) and later[member][place] <= time + within
        return done / len(over) if over else None

    def _survey(self) -> dict[str, tuple[float, int]]:
        channels = {one.command: one.channel for one in self._sent}
        asked = Counter(channels.get(one.command, "unknown") for one in self._answers)
        yes = Counter(channels.get(one.command, "unknown") for one in self._answers if one.command in self._helpful)
        return {
            channel: (yes[channel] / count, count) for channel, count in sorted(asked.items()) if count >= GROUP_MIN
        }

    def _deciles(self, members: set[str]) -> list[float] | None:
        if len(members) < 10 * GROUP_MIN:
            return None
        activity = Counter(member for _, member in self._times["active"])
        order = sorted(members, key=lambda member: (activity[member], member))
        reached = {one.member for one in self._sent}
        cuts = [len(order) * part // 10 for part in range(11)]
        return [_share(member in reached for member in order[low:high]) for low, high in pairwise(cuts)]


def _times(factor: float | None, count: int) -> float | None:
    return None if factor is None else factor * count


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found)
