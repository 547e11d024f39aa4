"""The arbiter at work: candidates come in, each leaves as one decision, sends as commands too."""

import msgspec

from processors.catalog import Catalog, CompiledPlaybook
from processors.commands import Command, command_id
from processors.decisions import HOLDS, SAFETY, Decision, Reason, Verdict, bare
from processors.ids import digest, mark
from processors.member import DONE_MAX, PENDING_MAX, SENDS_MAX, MemberState, Pending, Sent
from processors.message import compose
from processors.outputs import Outputs
from processors.over_trigger import COMMAND_CHARS
from processors.policy import NAMES, judge, precedence
from processors.policy.case import Case, Ruling
from processors.resources import Playbook, Policy
from processors.usefulness import NOTHING_LEARNT, Usefulness
from processors.version import VERSION

COMMAND_LIFE = 86400.0  # a command not delivered by then is not worth delivering


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


def decide(moment: Moment, candidates: list[Pending]) -> None:
    """Bring all candidates of a moment before the stages; the best proactive one goes, the others are outranked."""
    cases = sorted((_case(moment, one) for one in candidates), key=precedence)
    # Asked before anything goes, so that who loses to another of this moment is told so, not that a cap was hit.
    free = (
        {id(case) for case in cases if case.lane == "proactive" and judge(case)[1] is None} if len(cases) > 1 else set()
    )
    winner = ""
    for case in cases:
        passed, ruling = judge(case)
        if winner and id(case) in free:
            ruling = Ruling(Reason.OUTRANKED, f"{winner} not wanted at the same moment")
        if ruling is None:
            _send(moment, case)
            winner = case.playbook.spec.id if case.lane == "proactive" else winner
        elif ruling.reason in HOLDS:
            hold(moment, case, ruling, passed)
        else:
            record(moment, case, Verdict.DROP, ruling.reason, passed, ruling.needed)


def drop(moment: Moment, candidate: Pending, reason: Reason, needed: str = "") -> None:
    """End a waiting candidate without asking the stages: its exit was met, its need solved, its place taken."""
    record(moment, _case(moment, candidate), Verdict.DROP, reason, 0, needed)


def wait(moment: Moment, candidate: Pending) -> None:
    """Let a candidate wait for its playbook's time."""
    hold(moment, _case(moment, candidate), Ruling(Reason.WAIT, "the playbook's wait over", float(candidate.due)), 0)


def hold(moment: Moment, case: Case, ruling: Ruling, passed: int) -> None:
    """Keep a candidate until the ruling's time, to be decided again then; the fullest queue loses its lowest rank."""
    record(moment, case, Verdict.HOLD, ruling.reason, passed, ruling.needed, ruling.until)
    candidate, state = case.candidate, moment.state
    facts = {**candidate.facts, "quiet": 1} if ruling.reason is Reason.QUIET_HOURS_HOLD else candidate.facts
    due = max(int(ruling.until), int(moment.now) + 1)
    kept = Pending(
        candidate.playbook,
        candidate.episode,
        candidate.began,
        due,
        candidate.attempt + 1,
        candidate.thread,
        facts,
        candidate.trigger,
        candidate.resource,
        candidate.locale,
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
    identifier = digest("decision", moment.key, str(state.decided), spec.id, candidate.trigger, str(candidate.attempt))
    if spec.lane == SAFETY:
        moment.out.decisions.append(bare(identifier, moment.key, moment.now, reason, replay=moment.replay))
        return
    moment.out.decisions.append(
        Decision(
            id=identifier,
            member=moment.key,
            time=moment.now,
            verdict=verdict,
            reason=reason,
            playbook=spec.id,
            episode=candidate.episode,
            lane=spec.lane,
            theme=spec.theme,
            resource=case.offered,
            channel=case.channel,
            command=command_id(moment.key, spec.id, candidate.episode) if verdict is Verdict.SEND else "",
            attempt=candidate.attempt,
            until=until,
            probability=case.probability,
            stages=NAMES[: passed + 1],
            values=case.values,
            needed=needed,
            versions={
                "catalog": moment.catalog.hash[:12],
                "playbook": spec.version,
                "resource": resource.version if resource else "",
                "code": VERSION,
            },
            replay=moment.replay,
        )
    )


def _case(moment: Moment, candidate: Pending) -> Case:
    playbook = moment.catalog.playbooks.get(candidate.playbook)
    if playbook is None:  # withdrawn from the catalog while it waited
        playbook = CompiledPlaybook(Playbook(candidate.playbook, "", "", "", maturity="off"))
    return Case(
        moment.key, moment.community, moment.state, candidate, playbook, moment.policy, moment.catalog, moment.now
    )


def _send(moment: Moment, case: Case) -> None:
    spec, state, candidate = case.playbook.spec, moment.state, case.candidate
    command = _command(moment, case)
    moment.out.commands.append(command)
    record(moment, case, Verdict.SEND, Reason.SENT, len(NAMES))
    state.done = (state.done + mark(f"{spec.id}/{candidate.episode}"))[-8 * DONE_MAX :]
    if spec.lane == "request":  # no budget counts these, so they must not push out what budgets count
        return
    sent = Sent(int(moment.now), command.id[:COMMAND_CHARS], spec.id, case.offered, spec.theme, spec.lane, case.channel)
    state.sends = [*state.sends, sent][-SENDS_MAX:]


def _command(moment: Moment, case: Case) -> Command:
    spec, candidate, resource = case.playbook.spec, case.candidate, case.resource
    assert resource is not None, "freshness passes only with a resource"  # noqa: S101
    message = compose(
        case.playbook, resource, moment.state, moment.policy, candidate.facts, moment.now, candidate.locale
    )
    return Command(
        id=command_id(moment.key, spec.id, candidate.episode),
        target=f"{moment.community}/#{candidate.thread}" if case.channel == "thread" else moment.key,
        member=moment.key,
        community=moment.community,
        channel=case.channel,
        playbook=spec.id,
        lane=spec.lane,
        resource=resource.id,
        resource_version=resource.version,
        locale=message.locale,
        title=message.title,
        text=message.text,
        because=message.because,
        priority=spec.priority,
        not_before=moment.now,
        expires=min(moment.now + COMMAND_LIFE, candidate.began + spec.expires),
        link=message.link,
        thread=candidate.thread,
        probability=case.probability,
        replay=moment.replay,
        theme=spec.theme,
        kind=spec.kind,
    )


def _rank(catalog: Catalog, candidate: Pending) -> tuple[bool, int]:
    playbook = catalog.playbooks.get(candidate.playbook)
    return (playbook.spec.lane == "safety", playbook.rank) if playbook else (False, -1)
