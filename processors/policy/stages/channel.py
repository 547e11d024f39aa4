"""Over which medium: the first of the playbook's own order that the community allows and that fits."""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling

# Distress support is private: never a place that others read.
PRIVATE = frozenset({"in_app", "direct_message", "email"})


def rule(case: Case) -> Ruling | None:
    """Choose `case.channel`; a reply in the thread needs a thread, the safety lane a private channel."""
    for channel in case.playbook.spec.channels:
        if channel not in case.policy.channels:
            continue
        if channel == "thread" and not case.candidate.thread:
            continue
        if case.lane == "safety" and channel not in PRIVATE:
            continue
        case.channel = channel
        return None
    return Ruling(Reason.NO_CHANNEL, "an allowed channel")
