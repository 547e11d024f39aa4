"""What is promised to members and the team, told apart from the code under test, and held against each send."""

from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from processors.commands import Command, Recall
from processors.decisions import Decision
from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Playbook, Policy
from processors.vocabulary import VISITS, WORDS
from tests.support.stories import DAY

HEAVY = "I feel completely hopeless and alone tonight."  # sincere, and severe enough for an offer
HURT = 1e9
SNOOZED, OUT = ("preference.snoozed", "outcome.snoozed"), ("preference.opted_out", "outcome.opted_out")
NOT_REPEATED = (
    "preference.opted_in",
    "preference.time_chosen",
    "consent.given",
    "consent.withdrawn",
    "community.joined",
    "community.left",
    "profile.changed",
)


class Got(NamedTuple):
    """Something that a member got; what joined a message of another counts for cool-downs alone."""

    time: float
    lane: str
    playbook: str
    theme: str
    resource: str
    merged: bool = False


class Member:
    """What one member has said, and what they got."""

    def __init__(self) -> None:
        self.out, self.snoozed, self.consents = set[str](), dict[str, float](), dict[str, bool]()
        self.zone = self.role = ""
        self.left = self.unsure = False
        self.birth_year, self.joined, self.hurt = 0, 0.0, -HURT
        self.chosen = ("now", 0, 0)
        self.sends: list[Got] = []
        self.heard_ids = set[str]()

    def heard(self, event: Event, now: float) -> None:
        """Take down what an event says of wishes and facts."""
        if not self.joined and event.type in VISITS | {"community.joined"}:
            self.joined = event.time
        again = (
            event.id in self.heard_ids
        )  # a repetition is no new need; a wish for quiet is heeded with the time that it names
        self.heard_ids.add(event.id)
        if again and (
            event.type not in SNOOZED + OUT or (event.type in SNOOZED and not getattr(event.data, "until", None))
        ):
            return
        if event.type in WORDS and getattr(event.data, "text", "") == HEAVY:
            self.hurt = now
        self._wished(event, now)

    def _wished(self, event: Event, now: float) -> None:
        data = event.data
        kind = getattr(data, "kind", "") or getattr(data, "playbook", "") or "all"
        wide = "all" if len(kind) > 128 else kind
        if event.type in OUT:
            self.out.add(wide)
        elif event.type in SNOOZED:
            until = float(int(getattr(data, "until", None) or now + 7 * DAY))
            self.snoozed[wide] = max(self.snoozed.get(wide, 0.0), until)
        elif event.type == "preference.opted_in":
            self.out = set() if kind == "all" else self.out - {kind}
            self.snoozed = {} if kind == "all" else {one: time for one, time in self.snoozed.items() if one != kind}
        elif event.type.startswith("consent."):
            given = event.type == "consent.given"
            if not given or wide == kind:
                self.consents = {"all": given} if wide == "all" else self.consents | {wide: given}
        elif event.type in ("community.left", "community.joined"):
            self.left = event.type == "community.left"
        elif event.type == "preference.time_chosen":
            self.chosen = (data.when, data.hour, data.until_hour)  # type: ignore[union-attr]  # a ChosenTime
        elif event.type == "profile.changed":
            self._profile(data)

    def _profile(self, data: object) -> None:
        for mine, theirs in (("zone", "timezone"), ("role", "role"), ("birth_year", "birth_year")):
            if (value := getattr(data, theirs)) is not None:
                setattr(self, mine, value)
        if (identity := getattr(data, "identity")) is not None:  # noqa: B009
            self.unsure = identity == "unsure"


class Promises:
    """The promises, checked as decisions and commands come; `counts` tells what was reached."""

    def __init__(self, catalog: Catalog) -> None:
        self.members: dict[str, Member] = {}
        self.decisions: list[Decision] = []
        self.commands: list[Command] = []
        self.recalls: list[Recall] = []
        self.suggestions: list[tuple[str, str]] = []
        self.counts = Counter[str]()
        self.staff: list[float] = []
        self._ids: set[str] = set()
        self.rule(catalog)

    def rule(self, catalog: Catalog) -> None:
        """Another catalog is in force; budgets that were larger until now may be seen to be exceeded, so counting begins anew."""
        self.catalog: Catalog = catalog
        self.policy: Policy = catalog.policy("town")

    def of(self, key: str) -> Member:
        """The member of a key."""
        return self.members.setdefault(key, Member())

    def may_repeat(self, event: Event) -> bool:
        """Tell whether a repetition of an event means the same whenever it comes."""
        return event.type not in NOT_REPEATED and not event.type.startswith("suggestion.")

    def hear(self, event: Event, now: float) -> None:
        """Take an event down, just before it is told; what is older than four weeks is refused."""
        if event.time < now - 28 * DAY:
            return
        self.of(event.key).heard(event, now)
        self.counts[event.type] += 1

    def recalled(self, recall: Recall) -> None:
        """A recall names a command that was given, once."""
        assert recall.id not in self._ids
        assert recall.recalls in {one.id for one in self.commands}
        self._ids.add(recall.id)
        self.recalls.append(recall)
        self.counts["recall"] += 1

    def decided(self, decision: Decision) -> None:
        """Each id once; a send within all promises."""
        assert decision.id not in self._ids
        self._ids.add(decision.id)
        self.counts[str(decision.reason)] += 1
        if str(decision.reason) == "suggestion_waits":
            self.suggestions.append((decision.member, decision.command))
        self.decisions.append(decision)
        if str(decision.reason) == "merged_into_digest":
            got = Got(decision.time, "digest", decision.playbook, decision.theme, decision.resource, merged=True)
            self._hold(decision.member, got)

    def commanded(self, command: Command) -> None:
        """Each command once, and as promised."""
        assert command.id not in self._ids
        self._ids.add(command.id)
        self.commands.append(command)
        self.counts[f"sent.{command.lane}"] += 1
        self.counts[f"by {command.channel}"] += 1
        assert command.expires > command.not_before == self._now(command)
        self._hold(
            command.member,
            Got(command.not_before, command.lane, command.playbook, command.theme, command.resource),
        )
        if command.lane == "safety":
            assert command.channel in ("in_app", "direct_message", "email")
            assert command.target == command.member
        self._hold_deadline(command)
        if command.channel == "staff":
            assert sum(1 for time in self.staff if time > command.not_before - DAY) < self.policy.staff_day
            self.staff.append(command.not_before)

    def _now(self, command: Command) -> float:
        return command.not_before

    def _hold(self, key: str, got: Got) -> None:
        member, spec, now = self.of(key), self.catalog.playbooks[got.playbook].spec, got.time
        assert spec.maturity in ("live", "canary", "suggest")
        assert not any(one.until > now and one.matches("town", spec.id, spec.theme) for one in self.catalog.silences)
        assert not member.left
        assert member.role not in ("bot", "system")
        own = {spec.kind, spec.id, spec.theme}
        self._hold_wishes(member, spec.lane, own, now)
        if spec.lane in ("proactive", "answer"):
            self._hold_clock(member, spec.lane, now)
        if spec.lane == "proactive":
            assert not member.unsure
            assert not member.birth_year or now >= datetime(member.birth_year + 18, 1, 1, tzinfo=UTC).timestamp()
        if spec.cheerful and spec.lane != "safety":
            assert now - member.hurt >= self.policy.inhibition
        if spec.lane not in ("request", "safety"):
            self._hold_rests(member, spec, got)
        if spec.lane != "request":
            member.sends.append(got)
        if not got.merged:
            self._hold_budgets(member, spec.lane, spec.theme, now)

    def _hold_rests(self, member: Member, spec: Playbook, got: Got) -> None:
        """The same resource, theme or playbook not again so soon; the last 24 are surely remembered."""
        for one in member.sends[-24:]:
            age = got.time - one.time
            assert one.playbook != spec.id or age >= spec.cooldown
            assert one.resource != got.resource or age >= self.policy.cooldown_resource
            of_one_course = spec.sequence and one.playbook.partition(":")[0] == spec.sequence
            if not spec.matching and not of_one_course:
                assert one.theme != spec.theme or age >= self.policy.cooldown_theme

    def _hold_wishes(self, member: Member, lane: str, own: set[str], now: float) -> None:
        stopping = own if lane in ("safety", "request") else {*own, "all"}
        assert not member.out & stopping
        if lane != "safety":
            assert max((member.snoozed.get(kind, 0.0) for kind in stopping), default=0.0) <= now
        words = [member.consents[kind] for kind in own if kind in member.consents]
        consent = all(words) if words else member.consents.get("all")
        assert consent is not False or (lane == "safety" and not words)
        if lane != "safety" and ({"all", *own} & set(self.policy.consent_required)):
            assert consent

    def _hold_clock(self, member: Member, lane: str, now: float) -> None:
        hour = self._hour(member, now)
        assert not _within(hour, self.policy.quiet_from, self.policy.quiet_to)
        when, begin, end = member.chosen
        if lane == "proactive" and when == "hours" and begin != end:
            assert _within(hour, begin, end)

    def _hold_deadline(self, command: Command) -> None:
        """What rings may not be delivered once night has come."""
        if command.lane not in ("proactive", "answer") or command.channel not in ("direct_message", "email", "thread"):
            return
        moment, member = command.not_before, self.of(command.member)
        while moment < command.expires:
            assert not _within(self._hour(member, moment), self.policy.quiet_from, self.policy.quiet_to)
            moment += 900.0

    def _hour(self, member: Member, now: float) -> int:
        zone = member.zone or self.policy.timezone
        return datetime.fromtimestamp(now, UTC if zone == "no/zone" else ZoneInfo(zone)).hour

    def _hold_budgets(self, member: Member, lane: str, theme: str, now: float) -> None:
        def went(window: float, *, of: str = "") -> int:
            lately = (one for one in member.sends if one.time > now - window and one.lane == lane)
            return sum(1 for one in lately if not of or one.theme == of)

        if lane == "proactive":
            assert went(DAY) <= self.policy.budget_day
            new = now - member.joined < self.policy.new_days * DAY
            assert went(7 * DAY) <= (self.policy.budget_week_new if new else self.policy.budget_week)
        elif lane == "answer":
            assert went(DAY) <= self.policy.answers_day
        elif lane == "safety":
            assert went(7 * DAY, of=theme) <= self.policy.safety_week


def _within(hour: int, start: int, end: int) -> bool:
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end
