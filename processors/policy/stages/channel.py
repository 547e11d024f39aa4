"""Over which medium: in proportion to the message, the least intrusive that will be seen in time."""

from processors.decisions import Reason
from processors.platform_contracts import may_write
from processors.policy.case import DAY, Case, Ruling

# Distress support is private: never a place that others read.
PRIVATE = frozenset({"in_app", "direct_message", "email"})
# Where the words were written, the same account reads: safe although it is not sure whose it is.
SAME_ACCOUNT = frozenset({"in_app", "thread"})
PRESENT = 3600.0  # seconds after a visit in which the member will see what is shown in the app
USUAL_PERCENT = 80  # of a member's gaps between active days, within which the next visit is expected
DISLIKED = 30 * DAY
# What does not suit a message, by what it is (the table of medium and message); what suits goes by the playbook's order.
MISFITS: dict[str, frozenset[str]] = {
    "urgent": frozenset({"email", "pinned"}),
    "asked": frozenset({"email", "pinned"}),
    "long": frozenset({"direct_message", "thread"}),
    "small": frozenset({"pinned"}),
    "standing": frozenset({"email", "direct_message"}),
}
LONG_KINDS = frozenset({"session", "case-study"})  # to be read in peace


def rule(case: Case) -> Ruling | None:
    """Choose `case.channel` among those that playbook and community allow.

    What would not be seen in time goes last, then what the member called the wrong moment lately, then what does not suit
    the message; among equals the playbook's order rules. A digest prefers the mailbox.
    """
    allowed = [channel for channel in case.playbook.spec.channels if channel in case.policy.channels]
    able = [channel for channel in allowed if _can(case, channel)]
    platform = case.member.partition("/")[2].partition(":")[0] or case.policy.platform
    written = [
        channel for channel in able
        if may_write(case.policy.platform or platform, channel, case.lane, consented=_consented(case))
    ]  # fmt: skip
    if able and not written:
        return Ruling(Reason.PLATFORM_FORBIDS, "the member's consent, which the platform asks for")
    sure = [channel for channel in written if not case.state.unsure or channel in SAME_ACCOUNT]
    if written and not sure:
        return Ruling(Reason.IDENTITY_UNSURE, "a member whose identity is sure")
    if not sure:
        return Ruling(Reason.NO_CHANNEL, "an allowed channel")
    what = message_is(case)
    case.channel = min(
        sure, key=lambda one: (not _seen(case, one), _disliked(case, one), _misfit(what, one), sure.index(one))
    )
    case.values["message"] = what
    return None


def message_is(case: Case) -> str:
    """Say what kind of message it is: asked, urgent, long, standing or small."""
    if case.lane in ("answer", "request"):
        return "asked"
    if case.playbook.rank > 1 or case.lane == "safety":
        return "urgent"
    kind = case.resource.kind if case.resource else ""
    if case.in_digest or case.playbook.spec.sequence or kind in LONG_KINDS:
        return "long"
    return "standing" if _is_place(case) else "small"


def _can(case: Case, channel: str) -> bool:
    if channel == "thread":
        return bool(case.candidate.thread) and case.lane != "safety"
    if channel == "pinned":
        return _is_place(case)
    return case.lane != "safety" or channel in PRIVATE


def _is_place(case: Case) -> bool:
    return case.member.partition("/")[2].startswith("#")


def _consented(case: Case) -> bool:
    spec, consents = case.playbook.spec, case.state.consents
    return any(consents.get(kind, False) for kind in (spec.kind, spec.id, spec.theme, "all"))


def _misfit(what: str, channel: str) -> int:
    if what == "long" and channel == "email":
        return -1
    return int(channel in MISFITS[what])


def _disliked(case: Case, channel: str) -> bool:
    wishes = case.state.wishes
    return wishes is not None and any(
        channel == wrong and case.now - time < DISLIKED for time, _, wrong in wishes.wrong
    )


def _seen(case: Case, channel: str) -> bool:
    """Tell whether it will be seen before it expires; in the app that takes a visit."""
    if channel != "in_app" or case.now - case.state.last < PRESENT or case.state.rhythm is None:
        return True
    rhythm = case.state.rhythm
    usual = rhythm.usual(USUAL_PERCENT)
    return not usual or rhythm.last + usual <= (case.candidate.began + case.playbook.spec.expires) / DAY
