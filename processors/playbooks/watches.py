"""What playbooks wait for beside events and signals: an absence, an hour, a stage or a segment that is entered or left."""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

import msgspec

from processors.events import Event
from processors.member.changes import ANSWERS, SNOOZES, STOPS
from processors.member.facts import Facts
from processors.member.remembered import Watch
from processors.member.state import NEVER, MemberState
from processors.playbooks.conditions import Condition, Definitions, negated
from processors.playbooks.foresight import FAR, Turns, least_active_days
from processors.playbooks.hours import AWAKE_DAYS, SCHEDULE, Hours
from processors.playbooks.resources import Playbook, Policy
from processors.signals import ACCEPTED, Signal
from processors.vocabulary import VISITS, WORDS, ChosenTime, OutcomeData, Preference, Profile, SignalData, types_of

NAME = "watches"
DAY = 86400
AHEAD_DAYS = 128  # days that are foreseen at once, at most
SILENT = 16  # days on which something may change that are looked at ahead for somebody who is silent, at most
LOOKS = 600  # seconds, whole slots of the due-index; those whose daily look falls into the same are looked at in one tick: a tick for each costs more than the look
# What may change a stage or a segment; a day that begins may too.
CHANGES = WORDS | ANSWERS | {
    "community.joined", "community.left", "profile.changed", "group.joined", "group.left", "answer.accepted", "question.asked",
}  # fmt: skip
# What alone changes the facts that tell whom an hour concerns at all.
SETTLING = types_of(Profile) | {"group.joined", "group.left"}
# What may bring the next timer nearer than the one that is set, beside visits.
NEARER = frozenset({"community.left", "community.joined", "absence.announced"})
# What changes no fact that a condition may ask of a member, but for the day of their last visit; of signals only an accepted answer does,
# and words do where their number still counts.
STILL = (VISITS - (CHANGES - WORDS - ANSWERS) - types_of(Preference, ChosenTime)) | (
    types_of(OutcomeData, SignalData) - STOPS - SNOOZES
)
# What somebody may come by of whom nothing is known then but that they came, when, and whether with words.
ARRIVING = VISITS - types_of(Preference, ChosenTime)
ARRIVALS_MAX = 1024  # ways to come that are kept with what they make of a member
# A visit that changes no fact but its own day: on a day that was looked at it tells nothing.
PASSING = (VISITS & STILL) - CHANGES
MARK = 8  # bytes of one id that a state has seen
NOBODY = "-"  # the stage of somebody who was not there before
ABSENCE, LIFECYCLE, ENTERED, LEFT = "absence.", "lifecycle.", "segment.entered.", "segment.left."


class _Standing(msgspec.Struct, frozen=True, gc=False):
    """What a member is at a moment: their stage, and in which segments they are."""

    stage: str
    segments: dict[str, bool]


class Occurrence(NamedTuple):
    """What came about: the trigger that playbooks wait for, and a signal with its episode and evidence."""

    trigger: str
    signal: Signal


class _Look(NamedTuple):
    """What a look finds: what a member is, and the triggers that this pulls."""

    standing: _Standing
    turned: list[str]


class _Telling(NamedTuple):
    """A condition that holds whenever a day has brought about a change that is waited for; with fewer active days it never does."""

    holds: Condition
    least: float


class Watches:
    """What the playbooks of a catalog wait for. Falsy where nothing is: then nothing is looked at."""

    def __init__(self, playbooks: Iterable[Playbook], definitions: Definitions) -> None:
        waiting = [one for one in playbooks if one.maturity != "off"]
        triggers = {trigger for one in waiting for trigger in (one.trigger, *one.also)}
        self.absences = sorted({int(_behind(one, ABSENCE)) for one in triggers if one.startswith(ABSENCE)})
        self._hours = Hours(waiting, definitions)
        self._timed = bool(self._hours)
        self._heard = frozenset(one for one in triggers if one.startswith((LIFECYCLE, ENTERED, LEFT)))
        self.lifecycle = any(one.startswith(LIFECYCLE) for one in self._heard)
        names = {_behind(one, prefix) for one in triggers for prefix in (ENTERED, LEFT) if one.startswith(prefix)}
        self.segments: dict[str, Condition] = {name: definitions.segment(name) for name in sorted(names)}
        self.stage = definitions.stage
        self._looks = bool(self._heard)
        self._telling = _telling(self._heard, definitions)
        self._least = min([one.least for one in self._telling], default=inf)
        # Who waits for something else is looked at anew: members already silent too. So is everybody where a stage or a
        # segment means something else from now on: what was foreseen for them no longer holds.
        meant = definitions.key[:8] if self._looks else ""
        self._turns = definitions.turns if self._looks else Turns()
        self._before = _Standing(NOBODY, dict.fromkeys(self.segments, False))
        self._arrivals: dict[tuple[int, int, int, float, int], _Look] = {}
        waited = (*map(str, self.absences), *self._hours.keys, *sorted(self._heard), meant)
        self.key = ";".join(waited).rstrip(";")

    def __bool__(self) -> bool:
        return bool(self.key)

    def catch_up(self, state: MemberState, watch: Watch, policy: Policy, now: float) -> None:
        """Before an event of a later day changes a member: make up for the looks that were spared; the last of them says where they stand."""
        day = min(watch.ahead, _look_day(state, now))
        if day > watch.day:
            watch.day = day
            standing = self._at(state, _facts(policy), _look_at(state, day))
            watch.stage, watch.segments = standing.stage, standing.segments

    def observe(
        self, state: MemberState, event: Event, policy: Policy, now: float, last_visit: int
    ) -> list[Occurrence]:
        """Look at a member after an event, when the state's facts are those of after it; `last_visit` is that before it (epoch s).

        A visit that moves the end of an absence leaves the timer: one that comes too early finds nothing and is set anew.
        """
        kind, watch, today = event.type, state.watch, int(now) // DAY
        begun = watch is None
        if watch is None:
            watch = self._first(state, policy, now)
        elif (
            kind in PASSING
            and watch.day == today
            and last_visit >= today * DAY
            and not (self.absences and self._is_nearer(state, watch, last_visit))
        ):
            return []  # most events: whatever is foreseen
        elif watch.ahead and kind in STILL and self._is_still(state, watch, event, now, last_visit):
            return []
        foreseen, settled = watch.ahead, self._timed and kind in SETTLING
        watch.ahead = 0
        if self._looks and (
            (kind in CHANGES and not (kind in WORDS and self._turns.counted(state, answer=kind in ANSWERS)))
            or (today != watch.day and kind in VISITS)
        ):
            if begun and kind in ARRIVING and watch.stage == NOBODY and not self._turns.daily and not state.heard:
                found = self._arrived(state, watch, policy, now)
            else:
                found = self._look(state, watch, policy, now)
            watch.ahead = self._spared(state, watch, self._turning(state, watch.day))
        elif foreseen or settled or kind in NEARER or (kind in VISITS and self._is_nearer(state, watch, last_visit)):
            found = []
            if foreseen:  # by what the member was before this event: the next look alone tells what they are now
                watch.ahead = self._after_next(state, watch, policy)
        elif begun:
            self._arm(state, watch)
            return []
        else:
            return []
        if settled or (self._timed and not watch.scheduled and kind in VISITS):
            found += self._passed(state, watch, policy, now)
            watch.scheduled = self._hours.following(state, policy, now)
        self._arm(state, watch)
        return found

    def _is_nearer(self, state: MemberState, watch: Watch, last_visit: int) -> bool:
        """Tell whether a visit brings a nearer timer: an absence had been told, or the member slept."""
        if state.last - last_visit >= (AWAKE_DAYS - 1) * DAY:
            return True
        return bool(self.absences) and max(state.last, state.away_until) + self.absences[0] < watch.due

    def _is_still(self, state: MemberState, watch: Watch, event: Event, now: float, last_visit: int) -> bool:
        """Tell whether what was foreseen holds after an event that is `STILL`: no new day for the member, and nothing that counts."""
        kind = event.type
        if state.last // DAY != last_visit // DAY:
            return False
        if kind in VISITS and (now // DAY != watch.day or self._is_nearer(state, watch, last_visit)):
            return False
        if kind in WORDS or kind in ANSWERS:
            return self._turns.counted(state, answer=kind in ANSWERS)
        return not isinstance(event.data, SignalData) or event.data.kind != ACCEPTED

    def _first(self, state: MemberState, policy: Policy, now: float) -> Watch:
        """Begin to watch a member; whatever somebody is at their first event, they have become it."""
        if len(state.seen) != MARK:
            return self.begin(state, policy, now)
        watch = state.watch = Watch(checked=int(now), stage=NOBODY, segments=self._before.segments)
        watch.scheduled = self._hours.following(state, policy, now)
        return watch

    def on_time(self, state: MemberState, policy: Policy, now: float) -> list[Occurrence]:
        """Conclude what has come about while nothing happened."""
        watch = state.watch
        if watch is None or not 0 < watch.due <= now:
            return []
        if not self:  # nothing is waited for any more
            state.watch = None
            return []
        found = self._passed(state, watch, policy, now)
        if self._next_look(state, watch) <= now:
            self.catch_up(state, watch, policy, now)
            # As of its own due: seconds later, at the tick, somebody may be further than those who were spared the look.
            found += self._look(state, watch, policy, _look_at(state, _look_day(state, now)))
            watch.ahead = self._foreseen(state, watch, policy)
        self._arm(state, watch)
        return found

    def begin(self, state: MemberState, policy: Policy, now: float) -> Watch:
        """Begin, or begin anew, to watch a member: what they are now is where changes are counted from."""
        watch = state.watch = Watch(checked=int(now))
        self._look(state, watch, policy, now)
        watch.scheduled = self._hours.following(state, policy, now)
        self._arm(state, watch)
        return watch

    def _look(self, state: MemberState, watch: Watch, policy: Policy, now: float) -> list[Occurrence]:
        """Compare stage and segments with those of the last look; what was never looked at changes silently."""
        before, standing = _Standing(watch.stage, watch.segments), self._at(state, _facts(policy), now)
        watch.day, watch.stage, watch.segments = int(now) // DAY, standing.stage, standing.segments
        return [self._occurrence(one, before, standing, watch.day) for one in self._turned(before, standing)]

    def _arrived(self, state: MemberState, watch: Watch, policy: Policy, now: float) -> list[Occurrence]:
        """Look at somebody at their first event: who comes in the same way is the same, so most are looked up."""
        day, last = int(now) // DAY, state.rhythm.last if state.rhythm is not None else 0
        came = state.posts, state.questions, state.answers, now - state.joined, day - last
        known = self._arrivals.get(came)
        if known is None:
            if len(self._arrivals) >= ARRIVALS_MAX:
                self._arrivals.clear()
            standing = self._at(state, _facts(policy), now)
            known = self._arrivals[came] = _Look(standing, self._turned(self._before, standing))
        standing = known.standing
        watch.day, watch.stage, watch.segments = day, standing.stage, standing.segments
        return [self._occurrence(one, self._before, standing, day) for one in known.turned] if known.turned else []

    def _at(self, state: MemberState, facts: Facts, now: float) -> _Standing:
        stage = str(self.stage(state, facts, now)) if self.lifecycle else ""
        return _Standing(stage, {name: holds(state, facts, now) for name, holds in self.segments.items()})

    def _turned(self, before: _Standing, now: _Standing) -> list[str]:
        """Return the triggers of what has changed and somebody waits for."""
        if before == now:
            return []
        stage = LIFECYCLE + now.stage
        found = [stage] if before.stage not in ("", now.stage) and stage in self._heard else []
        for name, inside in now.segments.items():
            trigger = (ENTERED if inside else LEFT) + name
            if before.segments.get(name, inside) != inside and trigger in self._heard:
                found.append(trigger)
        return found

    def _occurrence(self, trigger: str, before: _Standing, now: _Standing, day: int) -> Occurrence:
        if trigger.startswith(LIFECYCLE):
            evidence: dict[str, str | float | int] = {"from": before.stage.strip(NOBODY), "to": now.stage}
            return Occurrence(trigger, Signal("lifecycle", NAME, f"lifecycle/{now.stage}/{day}", 1.0, evidence))
        segment = trigger.removeprefix(ENTERED).removeprefix(LEFT)
        return Occurrence(trigger, Signal("segment", NAME, f"{trigger}/{day}", 1.0, {"segment": segment}))

    def _spared(self, state: MemberState, watch: Watch, day: int) -> int:
        """Return the day up to which looks would tell nobody anything if no event comes, `day` being the first that may; 0 where the next may.

        What a member is follows from their own events and the day, so looks are spared on all days on which nothing may change.
        """
        if not self._looks or state.left:
            return 0
        ahead, last = watch.day + AHEAD_DAYS, _last_look(state)
        if last < ahead:
            ahead = last
        if day <= ahead:
            ahead = day - 1
        return ahead if ahead > watch.day else 0

    def _after_next(self, state: MemberState, watch: Watch, policy: Policy) -> int:
        """Return the same of a member who was changed and not looked at: the next look may find that, whatever its day."""
        day = watch.day + 1
        found = self._at(state, _facts(policy), _look_at(state, day))
        told = self._turned(_Standing(watch.stage, watch.segments), found)
        return 0 if told else self._spared(state, watch, self._turning(state, day))

    def _turning(self, state: MemberState, day: int) -> int:
        """Return the first day after `day` that may bring about what somebody waits for, if no event comes."""
        return self._turns.following(state, day) if self._may_tell(state) else FAR

    def _may_tell(self, state: MemberState) -> bool:
        """Tell whether a day may bring about what somebody waits for; most members were not there often enough for any of it."""
        return (state.rhythm.total if state.rhythm is not None else 0) >= self._least

    def _foreseen(self, state: MemberState, watch: Watch, policy: Policy) -> int:
        """Return the same of a member who is silent: of days on which something may change, some looks are made at once.

        Then no timer and no tick is needed for them.
        """
        if not self._may_tell(state):
            return self._spared(state, watch, FAR)
        facts, hour, last = _facts(policy), _look_at(state, 0), _last_look(state)
        standing: _Standing | None = _Standing(watch.stage, watch.segments)
        for looked, day in enumerate(self._turns.coming(state, watch.day)):
            if day > last or looked == SILENT or self._tells(state, facts, float(day * DAY + hour), standing):
                break
            standing = None
        return self._spared(state, watch, day)

    def _tells(self, state: MemberState, facts: Facts, at: float, before: _Standing | None) -> bool:
        """Tell whether somebody waits for what a look at that time finds to have turned since the one before, where None since the day before.

        Most often what they wait for is not so then, whatever was so before.
        """
        for told in self._telling:
            if told.holds(state, facts, at):
                return bool(self._turned(before or self._at(state, facts, at - DAY), self._at(state, facts, at)))
        return False

    def _absent(self, state: MemberState, watch: Watch, now: float) -> list[Occurrence]:
        """Tell the longest absence that was reached since the last look."""
        since = max(state.last, state.away_until)
        passed = [one for one in self.absences if watch.checked < since + one <= now]
        if passed:
            watch.checked = int(now)
        if not passed or not state.last or state.left:
            return []
        evidence: dict[str, str | float | int] = {"days": int(now - state.last) // DAY}
        return [
            Occurrence(
                f"{ABSENCE}{passed[-1]}", Signal("absence", NAME, f"absence/{passed[-1]}/{state.last}", 1.0, evidence)
            )
        ]

    def _passed(self, state: MemberState, watch: Watch, policy: Policy, now: float) -> list[Occurrence]:
        """Tell the absence and the hours that have come since the last look; from now on it is the last."""
        found = self._absent(state, watch, now)
        if 0 < watch.scheduled <= now:
            found += self._struck(state, watch, policy, now)
            watch.scheduled = self._hours.following(state, policy, now)
        return found

    def _struck(self, state: MemberState, watch: Watch, policy: Policy, now: float) -> list[Occurrence]:
        struck = self._hours.struck(state, policy, watch.scheduled, now)
        return [Occurrence(SCHEDULE + key, Signal("schedule", NAME, f"schedule/{key}/{at}", 1.0)) for key, at in struck]

    def _arm(self, state: MemberState, watch: Watch) -> None:
        due = self._next_look(state, watch)
        if watch.scheduled and watch.scheduled < due:
            due = watch.scheduled
        if self.absences and state.last and not state.left:
            since = max(state.last, state.away_until)
            due = min([due, *[since + one for one in self.absences if since + one > watch.checked][:1]])
        watch.due = due if due < NEVER else NEVER

    def _next_look(self, state: MemberState, watch: Watch) -> int:
        """Return when a member is looked at next if no event comes, `NEVER` for one who is not."""
        if not self._looks or state.left:
            return NEVER
        day = (watch.ahead if watch.ahead > watch.day else watch.day) + 1
        return _look_at(state, day) if day <= _last_look(state) else NEVER


def _telling(heard: Iterable[str], definitions: Definitions) -> tuple[_Telling, ...]:
    """Return the conditions of which at least one holds whenever a day has just brought about one of these changes."""
    found: list[_Telling] = []
    for one in sorted(heard):
        stage, segment = one.removeprefix(LIFECYCLE), one.removeprefix(ENTERED).removeprefix(LEFT)
        if one.startswith(LIFECYCLE):
            least = min(map(least_active_days, definitions.asked_of(stage=stage)), default=0)
            found.append(_Telling(definitions.in_stage(stage), least))
        elif definitions.turns_with_days(segment) and one.startswith(ENTERED):
            (asked,) = definitions.asked_of(segment=segment)
            found.append(_Telling(definitions.segment(segment), least_active_days(asked)))
        elif definitions.turns_with_days(segment):
            found.append(_Telling(negated(definitions.segment(segment)), 0))
    return tuple(found)


def _facts(policy: Policy) -> Facts:
    return {"community.timezone": policy.timezone}


def _look_at(state: MemberState, day: int) -> int:
    """Return when a member is looked at on a day: each at an hour of their own."""
    return day * DAY + state.joined % DAY // LOOKS * LOOKS


def _look_day(state: MemberState, now: float) -> int:
    """Return the day of the last look of a member that was due by `now`."""
    today = int(now) // DAY
    return today if now >= _look_at(state, today) else today - 1


def _last_look(state: MemberState) -> int:
    """Return the last day on which somebody is looked at if no event comes, 0 for one who was never there: the first look when they are
    awake no more.
    """
    since, joined = state.last, state.joined
    if since < joined:
        since = joined
    return since and AWAKE_DAYS - (joined % DAY // LOOKS * LOOKS - since) // DAY  # days begun since that hour of theirs


def _behind(trigger: str, prefix: str) -> str:
    return trigger.removeprefix(prefix)
