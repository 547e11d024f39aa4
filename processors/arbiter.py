"""The arbiter at work: candidates come in, each leaves as one decision, sends as commands too."""

from collections.abc import Mapping
from math import ceil

import msgspec

from processors.commands import Command, Item, command_id
from processors.deadlines import expires
from processors.decisions import HOLDS, SAFETY, Decision, Reason, Verdict, bare
from processors.ids import digest as hashed
from processors.ids import mark
from processors.member.state import DONE_MAX, OPEN_MAX, PENDING_MAX, SENDS_MAX, MemberState, Open, Pending, Sent
from processors.outputs import Outputs
from processors.over_trigger import COMMAND_CHARS, given
from processors.playbooks.catalog import Catalog, CompiledPlaybook
from processors.playbooks.resources import Playbook, Policy
from processors.policy import NAMES, digest, judge, precedence
from processors.policy.case import DAY, STAFF, Case, Ruling
from processors.policy.value import value
from processors.routes import ALL, Route
from processors.staff_budget import StaffBudget
from processors.usefulness import NOTHING_LEARNT, Usefulness
from processors.version import VERSION
from processors.volume import ENOUGH, STEERED, Volumes

SHOWN = 7 * 86400.0  # what has no goal stands so long in the app or pinned
COUNTED_WEEKLY = frozenset({"proactive", "safety"})


class Counts(msgspec.Struct, gc=False):
    """What one partition of so many counts for all its members: how much playbooks send, what staff was told; and what is enough to judge by."""

    volumes: Volumes = msgspec.field(default_factory=Volumes)
    staff: StaffBudget = msgspec.field(default_factory=StaffBudget)
    enough: float = ENOUGH
    partitions: int = 1


class Moment(msgspec.Struct, gc=False):  # made for each event: cheaper than a dataclass
    """One member at one moment of the log: who, their state, what rules, and where conclusions go."""

    key: str
    community: str
    state: MemberState
    now: float
    policy: Policy
    catalog: Catalog
    out: Outputs
    replay: bool = False
    learnt: Usefulness = msgspec.field(default_factory=lambda: NOTHING_LEARNT)
    counts: Counts = msgspec.field(default_factory=Counts)
    routes: Mapping[str, Route] = msgspec.field(default_factory=lambda: ALL)

    def count(self, playbook: str, lane: str, *, sent: int = 0, unwelcome: int = 0, welcome: int = 0) -> None:
        """Count for the volume controller; help in distress, staff and answers on request are not counted."""
        if lane not in STEERED:
            return
        most = self.policy.over_trigger_max
        counts = self.counts
        change = counts.volumes.count(
            self.community,
            playbook,
            self.now,
            most,
            sent=sent,
            unwelcome=unwelcome,
            welcome=welcome,
            least=counts.enough,
        )
        if change:
            self.out.volumes.append(change)


def decide(moment: Moment, candidates: list[Pending]) -> None:
    """Bring all candidates of a moment before the stages; the proactive one worth most goes, the others are outranked.

    Some of the others may go into one message with it (`processors.policy.digest`).
    """
    cases = [case for one in candidates if (case := _first(moment, one))]
    if len(cases) == 1:
        _carry_out(moment, cases[0], *judge(cases[0]), [])
    elif cases:
        cases.sort(key=precedence)
        _decide_among(moment, cases)


def _decide_among(moment: Moment, cases: list[Case]) -> None:
    """Bring several cases, in their order of precedence, before the stages."""
    # Asked before anything goes, so that who loses to another of this moment is told so, not that a cap was hit.
    asked = [judge(case) if case.lane == "proactive" else None for case in cases]
    free = [case for case, found in zip(cases, asked, strict=True) if found and found[1] is None]
    joining = digest.joining(free)
    winner, worth, sent = None, 0.0, False
    for case, found in zip(cases, asked, strict=True):
        passed, ruling = judge(case) if found is None or sent else found
        if winner and any(case is one for one in joining):
            _join(moment, case, winner)
            continue
        if winner and any(case is one for one in free):
            ruling = _outranked(case, winner, worth)
        if ruling is None:
            sent = True
            if case.lane == "proactive":
                winner, worth = case, value(case)
        _carry_out(moment, case, passed, ruling, joining if free and case is free[0] else [])


def _carry_out(moment: Moment, case: Case, passed: int, ruling: Ruling | None, joining: list[Case]) -> None:
    if ruling is None:
        _send(moment, case, joining)
    elif ruling.reason in HOLDS:
        hold(moment, case, ruling, passed)
    else:
        record(moment, case, Verdict.DROP, ruling.reason, passed, ruling.needed)


def _first(moment: Moment, candidate: Pending) -> Case | None:
    """Return the case, None where the same is under way already: it waits, or stands in the queue."""
    if _waits(moment.state, candidate):
        drop(moment, candidate, Reason.DUPLICATE, "an end of the one that waits")
        return None
    case = _case(moment, candidate)
    change = moment.counts.volumes.ask(
        moment.community, candidate.playbook, moment.now, moment.policy.over_trigger_max, moment.counts.enough
    )
    if change:
        moment.out.volumes.append(change)
    return case


def _waits(state: MemberState, candidate: Pending) -> bool:
    """Tell whether the same waits already."""
    playbook, episode = candidate.playbook, candidate.episode
    for one in state.pending:  # noqa: SIM110  (asked for each candidate: a generator costs more than what it finds)
        if one.episode == episode and one.playbook == playbook:
            return True
    return False


def _outranked(case: Case, winner: Case, worth: float) -> Ruling:
    """Say what lost to what."""
    better = winner.playbook.spec.id
    case.values |= {"value": round(value(case), 3), "lost_to": better, "value_of_that": round(worth, 3)}
    return Ruling(Reason.OUTRANKED, f"{better} not wanted at the same moment")


def drop(moment: Moment, candidate: Pending, reason: Reason, needed: str = "") -> None:
    """End a waiting candidate without asking the stages: its exit was met, its need solved, its place taken."""
    record(moment, _case(moment, candidate), Verdict.DROP, reason, 0, needed)


def wait(moment: Moment, candidate: Pending) -> None:
    """Let a candidate wait for its playbook's time, unless the same waits already."""
    if _waits(moment.state, candidate):
        drop(moment, candidate, Reason.DUPLICATE, "an end of the one that waits")
        return
    hold(moment, _case(moment, candidate), Ruling(Reason.WAIT, "the playbook's wait over", float(candidate.due)), 0)


def hold(moment: Moment, case: Case, ruling: Ruling, passed: int) -> None:
    """Keep a candidate until the ruling's time, to be decided again then; the fullest queue loses its lowest rank."""
    record(moment, case, Verdict.HOLD, ruling.reason, passed, ruling.needed, ruling.until)
    candidate, state = case.candidate, moment.state
    due = max(ceil(ruling.until), int(moment.now) + 1)
    kept = Pending(
        candidate.playbook,
        candidate.episode,
        candidate.began,
        due,
        candidate.attempt + 1,
        candidate.thread,
        candidate.facts,
        candidate.trigger,
        candidate.resource,
        candidate.locale,
        str(ruling.reason),
        candidate.approved,
        candidate.visited,
        candidate.text,
    )
    state.pending = [*state.pending, kept]
    if len(state.pending) > PENDING_MAX:
        lowest = min(state.pending, key=lambda one: (_rank(moment.catalog, one), -one.began, one.playbook, one.trigger))
        state.pending = [one for one in state.pending if one is not lowest]
        drop(moment, lowest, Reason.OUTRANKED, "fewer candidates waiting")


def record(
    moment: Moment, case: Case, verdict: Verdict, reason: Reason, passed: int, needed: str = "", until: float = 0.0
) -> None:
    """Write the decision: exactly one line for each candidate and attempt."""
    spec, candidate = case.playbook.spec, case.candidate
    resource, state = case.resource, moment.state
    state.decided += 1
    identifier = hashed("decision", moment.key, str(state.decided), spec.id, candidate.trigger, str(candidate.attempt))
    if spec.lane == SAFETY:
        moment.out.decisions.append(bare(identifier, moment.key, moment.now, reason, replay=moment.replay))
        return
    moment.out.decisions.append(
        Decision(  # by position: msgspec looks each name up among all fields, and so many take ten times as long
            identifier,
            moment.key,
            moment.now,
            verdict,
            reason,
            spec.id,
            candidate.episode,
            spec.lane,
            case.offered,
            case.channel,
            _named(moment, case, verdict, reason),
            spec.theme,
            candidate.attempt,
            until,
            case.probability,
            NAMES[: passed + 1],
            case.values,
            needed,
            {
                "catalog": moment.catalog.hash[:12],
                "playbook": spec.version,
                "resource": resource.version if resource else "",
                "code": VERSION,
            },
            moment.replay,
        )
    )


def _case(moment: Moment, candidate: Pending) -> Case:
    playbook = moment.catalog.playbooks.get(candidate.playbook)
    if playbook is None:  # withdrawn from the catalog while it waited
        playbook = CompiledPlaybook(Playbook(candidate.playbook, "", "", "", maturity="off"))
    return Case(
        moment.key,
        moment.community,
        moment.state,
        candidate,
        playbook,
        moment.policy,
        moment.catalog,
        moment.now,
        playbook.spec.lane,
        None,
        "",
        1.0,
        moment.counts.volumes,
        moment.counts.staff,
        moment.counts.partitions,
    )


def _named(moment: Moment, case: Case, verdict: Verdict, reason: Reason) -> str:
    """Return the id of the command that a decision made, would make if somebody said yes, or put it into."""
    if reason is Reason.MERGED_INTO_DIGEST:
        return moment.out.commands[-1].id
    if verdict is Verdict.SEND or reason is Reason.SUGGESTION_WAITS:
        return command_id(moment.key, case.playbook.spec.id, case.candidate.episode)
    return ""


def _send(moment: Moment, case: Case, joining: list[Case]) -> None:
    command = _command(moment, case, joining)
    moment.out.commands.append(command)
    record(moment, case, Verdict.SEND, Reason.SENT, len(NAMES))
    lane = case.lane
    if lane != "request":  # no budget counts these, so they must not push out what budgets count
        _remember(moment, case, command.id, lane)
        _follow(moment, case, command)
        moment.count(command.playbook, lane, sent=1)
        if case.channel == STAFF:
            moment.counts.staff.take(moment.community, moment.now)
    _served(moment.state, case)


def _join(moment: Moment, case: Case, lead: Case) -> None:
    """Note that a case goes out in the message of another; it counts for cool-downs, not for budgets."""
    case.channel = lead.channel
    record(moment, case, Verdict.DROP, Reason.MERGED_INTO_DIGEST, len(NAMES))
    _remember(moment, case, command_id(moment.key, case.playbook.spec.id, case.candidate.episode), "digest")
    _served(moment.state, case)


def _served(state: MemberState, case: Case) -> None:
    state.done = (state.done + mark(f"{case.playbook.spec.id}/{case.candidate.episode}"))[-8 * DONE_MAX :]


def _remember(moment: Moment, case: Case, command: str, lane: str) -> None:
    spec, state = case.playbook.spec, moment.state
    sent = Sent(int(moment.now), command[:COMMAND_CHARS], spec.id, case.offered, spec.theme, lane, case.channel)
    given(state, sent, moment.out)
    sends = [*state.sends, sent]
    if len(sends) > SENDS_MAX:  # what budgets count stays the longest
        spare = next((one for one in sends if one.lane not in COUNTED_WEEKLY and moment.now - one.time >= DAY), None)
        sends.remove(spare or next((one for one in sends if one.lane not in COUNTED_WEEKLY), sends[0]))
    state.sends = sends


def _follow(moment: Moment, case: Case, command: Command) -> None:
    """Keep what may be called back, or has a goal to reach; of the staff's messages nothing is followed but what is pinned."""
    spec, state = case.playbook.spec, moment.state
    timed = case.channel == "pinned" or _is_template(case)
    if spec.lane == "staff" and not timed:
        return
    until = int(command.shown_until or max(command.expires, moment.now + (spec.goal_within or spec.expires)))
    target = command.target if command.target != moment.key else ""
    episode, vanishes = mark(case.candidate.episode), timed or case.channel == "in_app"
    followed = Open(
        command.id, case.channel, spec.id, episode, int(moment.now), until, target, vanishes=vanishes, timed=timed
    )
    state.open = [*state.open, followed]
    if len(state.open) > OPEN_MAX:  # what nobody else would take away stays
        state.open.remove(next((one for one in state.open if not one.timed), state.open[0]))


def _is_template(case: Case) -> bool:
    return case.channel == "thread" and case.resource is not None and case.resource.kind == "template"


def _command(moment: Moment, case: Case, joining: list[Case]) -> Command:
    spec, candidate, resource, message = case.playbook.spec, case.candidate, case.resource, case.message
    assert resource is not None, "freshness passes only with a resource"  # noqa: S101
    assert message is not None, "the last stage composes it"  # noqa: S101
    shown = case.channel in ("in_app", "pinned") or _is_template(case)
    return Command(
        command_id(moment.key, spec.id, candidate.episode),
        f"{moment.community}/#{candidate.thread}" if case.channel == "thread" else moment.key,
        moment.key,
        moment.community,
        case.channel,
        spec.id,
        spec.lane,
        resource.id,
        resource.version,
        message.locale,
        message.title,
        message.text,
        message.because,
        spec.priority,
        moment.now,
        expires(case),
        message.link,
        candidate.thread,
        probability=case.probability,
        replay=moment.replay,
        theme=spec.theme,
        kind=spec.kind,
        items=tuple(_item(one) for one in joining),
        shown_until=moment.now + (spec.goal_within or SHOWN) if shown else 0.0,
    )


def _item(case: Case) -> Item:
    assert case.message is not None, "only what passed all stages joins"  # noqa: S101
    message = case.message
    return Item(case.playbook.spec.id, case.offered, message.title, message.text, message.because, message.link)


def _rank(catalog: Catalog, candidate: Pending) -> tuple[bool, int]:
    playbook = catalog.playbooks.get(candidate.playbook)
    return (playbook.spec.lane == "safety", playbook.rank) if playbook else (False, -1)
