"""A decision: what the arbiter made of a candidate, always with one reason of a closed list."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """What becomes of a candidate."""

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why: the metric label, the ledger entry and the explanation are this one list."""

    SENT = "sent"
    # drops
    SHADOW = "shadow"
    CANARY_EXCLUDED = "canary_excluded"
    SILENCED = "silenced"
    KILL_SWITCH = "kill_switch"
    NOT_SWITCHED_ON = "not_switched_on"
    OPTED_OUT = "opted_out"
    SNOOZED = "snoozed"
    NO_CONSENT = "no_consent"
    PLATFORM_FORBIDS = "platform_forbids"
    AUDIENCE_EXCLUDED = "audience_excluded"
    IDENTITY_UNSURE = "identity_unsure"
    CONDITION_GONE = "condition_gone"
    EXIT_MET = "exit_met"
    EVENT_STALE = "event_stale"
    RESOURCE_EXPIRED = "resource_expired"
    RESOURCE_MISSING = "resource_missing"
    HELPLINE_UNVERIFIED = "helpline_unverified"
    ALREADY_DELIVERED = "already_delivered"
    ALREADY_SOLVED = "already_solved"
    COOLDOWN_PLAYBOOK = "cooldown_playbook"
    COOLDOWN_RESOURCE = "cooldown_resource"
    COOLDOWN_THEME = "cooldown_theme"
    RESTING = "resting"
    VOLUME_CONTROLLED = "volume_controlled"
    INHIBITED = "inhibited"
    BUDGET_DAY = "budget_day"
    BUDGET_WEEK = "budget_week"
    BUDGET_SHRUNK = "budget_shrunk"
    QUIET_HOURS_STALE = "quiet_hours_stale"
    HOLDOUT = "holdout"
    RANDOMISED_OUT = "randomised_out"
    OUTRANKED = "outranked"
    NO_CHANNEL = "no_channel"
    RATE_LIMITED = "rate_limited"
    UNSAFE_TEXT = "unsafe_text"
    SUGGESTION_DECLINED = "suggestion_declined"
    RECALLED = "recalled"
    DUPLICATE = "duplicate"
    REPLAY = "replay"
    # holds
    QUIET_HOURS_HOLD = "quiet_hours_hold"
    CHOSEN_TIME_HOLD = "chosen_time_hold"
    WAIT = "wait"
    SUGGESTION_WAITS = "suggestion_waits"
    # sent otherwise
    MERGED_INTO_DIGEST = "merged_into_digest"


HOLDS = frozenset({Reason.QUIET_HOURS_HOLD, Reason.CHOSEN_TIME_HOLD, Reason.WAIT, Reason.SUGGESTION_WAITS})


SENDS = frozenset({Reason.SENT})


def verdict_of(reason: Reason) -> Verdict:
    """Return what a reason makes of a candidate; what goes into a digest is not sent by itself."""
    return Verdict.SEND if reason in SENDS else Verdict.HOLD if reason in HOLDS else Verdict.DROP


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of decisions.v1; of the safety lane only id, time and reason are written (`BareDecision`).

    `id` is a hash of member, number among the member's decisions, playbook, trigger and attempt; `time` is the log time in epoch seconds. `stages` lists
    the stages passed up to the one that decided; `values` what they saw (numbers and kinds, never text); `needed` what
    would have had to differ. `command` is the id of the command that a send made.
    """

    id: str
    member: str
    time: float
    verdict: Verdict
    reason: Reason
    playbook: str = ""
    episode: str = ""
    lane: str = ""
    resource: str = ""
    channel: str = ""
    command: str = ""
    theme: str = ""
    attempt: int = 0
    until: float = 0.0
    probability: float = 1.0
    stages: tuple[str, ...] = ()
    values: dict[str, str | float | int] = {}
    needed: str = ""
    versions: dict[str, str] = {}
    replay: bool = False


class BareDecision(msgspec.Struct, frozen=True, gc=False):
    """One line of decisions.v1 about the safety lane: whoever reads it learns of no playbook, resource, channel or need."""

    id: str
    time: float
    reason: Reason


SAFETY = "safety"
_ENCODER = msgspec.json.Encoder(order="deterministic")


class _Written(BareDecision, frozen=True, gc=False):
    verdict: Verdict | None = None


_WRITTEN, _WHOLE = msgspec.json.Decoder(_Written), msgspec.json.Decoder(Decision)


def bare(identifier: str, member: str, time: float, reason: Reason, *, replay: bool) -> Decision:
    """Return a decision of the safety lane, with no more than its key and its record say."""
    return Decision(identifier, member, time, verdict_of(reason), reason, lane=SAFETY, replay=replay)


def write_decision(decision: Decision) -> bytes:
    """Return a decision as it is written."""
    if decision.lane == SAFETY:
        return _ENCODER.encode(BareDecision(decision.id, decision.time, decision.reason))
    return _ENCODER.encode(decision)


def read_decision(key: bytes | None, value: bytes | None) -> Decision:
    """Return the decision of a record. Raises `msgspec.DecodeError`."""
    written = _WRITTEN.decode(value or b"")
    if written.verdict is None:
        return bare(written.id, (key or b"").decode(errors="replace"), written.time, written.reason, replay=False)
    return _WHOLE.decode(value or b"")
