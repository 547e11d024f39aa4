"""A community before and after Lotse began to send there: questions, explanations, onboarding, attendance, and whom it reaches."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import inf, nextafter
from typing import NamedTuple

import msgspec

from processors.decisions import SAFETY, Decision, Verdict
from processors.detectors.repeated_question import is_question
from processors.events import Event
from processors.playbooks.resources import Playbook
from processors.vocabulary import WORDS, Click, OutcomeData, Preference, SignalData
from processors.vocabulary import Survey as SurveyAnswer
from streams.report.inference import Lift
from streams.report.newcomers import ONBOARDED_WITHIN, Newcomers

DAY, WEEK = 86400.0, 7 * 86400.0
SERVED_WITHIN = 3600.0  # seconds from a search to opening something
COMPARED_MIN = 14 * DAY  # of either period, for a comparison to be told
GROUP_MIN = 10  # members: a group smaller than this is not told
ASKED_AGAIN, EXPLAINED = frozenset({"asked_again", "asked_by_many"}), frozenset({"explained_again"})
CONTRIBUTES = frozenset({"post.created", "post.replied", "question.asked", "question.answered", "member.introduced"})
OPENS = frozenset({"link.clicked", "post.read"})


class Period(msgspec.Struct, frozen=True):
    """Figures of some days; shares 0 to 1, None where there was nothing to count. `members` were active in it.

    `*_per_100`: a week, per 100 members active in that week, so that a short period can be held against a long one; `adoption`: of the
    members active in a week, the share who used a feature in it.
    """

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


class Survey(NamedTuple):
    """What members said of a touchpoint: the mean of their scores (1 no help at all, 5 it helped a lot) and how many answered."""

    score: float
    answers: int


class CommunityFigures(msgspec.Struct, frozen=True):
    """One community. `reached_by_decile`: members by how active they are, the quietest tenth first, and the share who got something.

    `survey` and `found_helpful` (of the answers helpful or not, the share helpful, and how many) are by touchpoint, the playbook
    that was in touch; of fewer than `GROUP_MIN` answers nothing is told but in `survey_few`, how many. `onboarding`: the lift of
    onboarding playbooks on newcomers' first words within 14 days of joining.
    """

    community: str
    since: float | None
    before: Period | None
    after: Period | None
    enough: bool
    survey: dict[str, Survey]
    survey_few: int
    found_helpful: dict[str, tuple[float, int]]
    onboarding: Lift
    keep_help_on: float | None
    reached_by_decile: list[float] | None


class Community:
    """Takes the events and decisions of one community in the order of time."""

    def __init__(self, name: str, playbooks: Iterable[Playbook] = ()) -> None:
        self.name = name
        self._newcomers = Newcomers(playbooks)
        self._times: dict[str, list[tuple[float, str]]] = defaultdict(list)  # by what: (time, member)
        self._off: dict[str, bool] = {}
        self._sent: list[Decision] = []
        self._touched: dict[str, str] = {}  # by command, the playbook
        self._answers: dict[str, dict[str, bool]] = defaultdict(dict)  # by playbook and command: helpful or not
        self._scores: dict[str, dict[str, int]] = defaultdict(dict)
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
        if isinstance(data, SurveyAnswer):
            self._scored(data)
        self._times["active"].append((event.time, event.key))
        if kind in WORDS and is_question(event):
            self._times["asked"].append((event.time, event.key))
        self._times["contributed" if kind in CONTRIBUTES else kind].append((event.time, event.key))
        if kind in OPENS or isinstance(data, Click):
            self._times["opened"].append((event.time, event.key))

    def decision(self, decision: Decision) -> None:
        """Take a decision."""
        self._newcomers.decision(decision)
        if decision.verdict is not Verdict.SEND or decision.lane == SAFETY:
            return
        self._touched[decision.command] = decision.playbook
        if decision.lane in ("proactive", "answer"):
            self._sent.append(decision)

    def figures(self, since: float | None = None) -> CommunityFigures:
        """Return the figures, before and after `since` (epoch s; None: the first message)."""
        since = since if since is not None else (self._sent[0].time if self._sent else None)
        before = after = None
        if since is not None and self.begins < since < self.ends:
            before, after = self._period(self.begins, since), self._period(since, nextafter(self.ends, inf))
        enough = bool(before and after and min(before.days, after.days) * DAY >= COMPARED_MIN)
        members = {member for _, member in self._times["active"]}
        off = sum(self._off.values())
        on = 1 - off / len(members) if len(members) >= GROUP_MIN else None
        survey, few = self._survey()
        words = self._newcomers.lift(self._times["community.joined"], self._times["contributed"], self.ends)
        return CommunityFigures(
            self.name,
            since,
            before,
            after,
            enough,
            survey,
            few,
            self._found_helpful(),
            words,
            on,
            self._deciles(members),
        )

    def _signal(self, event: Event, data: SignalData) -> None:
        if data.kind in ASKED_AGAIN:
            self._times["repeated"].append((event.time, event.key))
        elif data.kind in EXPLAINED:
            self._times["moderator.explained"].append((event.time, event.key))

    def _outcome(self, kind: str, data: OutcomeData) -> None:
        if kind in ("outcome.helpful", "outcome.not_helpful") and data.command in self._touched:
            self._answers[self._touched[data.command]][data.command] = kind == "outcome.helpful"

    def _scored(self, data: SurveyAnswer) -> None:
        """Take a score where it is known what it is about; of the safety lane that is never known here."""
        touchpoint = self._touched.get(data.command)
        if touchpoint:
            self._scores[touchpoint][data.command] = data.score

    def _preference(self, member: str, kind: str, data: Preference) -> None:
        if data.kind == "all" and kind in ("preference.opted_out", "preference.opted_in"):
            self._off[member] = kind == "preference.opted_out"

    def _period(self, begins: float, ends: float) -> Period:
        def within(name: str) -> list[tuple[float, str]]:
            return [one for one in self._times[name] if begins <= one[0] < ends]

        def weekly(name: str) -> set[tuple[int, str]]:
            return {(int((time - begins) // WEEK), member) for time, member in within(name)}

        members = {member for _, member in within("active")}
        active = weekly("active")
        per_100 = 100 / len(active) if active else None
        weeks = (ends - begins) / WEEK
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
            adoption=len(weekly("feature.used")) / len(active) if active and self._times["feature.used"] else None,
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

    def _survey(self) -> tuple[dict[str, Survey], int]:
        enough = {name: of.values() for name, of in self._scores.items() if len(of) >= GROUP_MIN}
        told = {name: Survey(sum(of) / len(of), len(of)) for name, of in enough.items()}
        return dict(sorted(told.items())), sum(len(of) for of in self._scores.values() if len(of) < GROUP_MIN)

    def _found_helpful(self) -> dict[str, tuple[float, int]]:
        enough = {name: of.values() for name, of in sorted(self._answers.items()) if len(of) >= GROUP_MIN}
        return {name: (sum(of) / len(of), len(of)) for name, of in enough.items()}

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
