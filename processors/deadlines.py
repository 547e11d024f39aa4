"""Until when a command may be delivered: a message that was decided by day must not ring at night because a platform was slow."""

from processors.local_time import Schedule
from processors.policy.case import Case

COMMAND_LIFE = 86400.0  # a command not delivered by then is not worth delivering
DIGEST_LIFE = 3600.0  # what waited for its hour may have passed its own time; it has this long to be delivered
RINGING = frozenset({"direct_message", "email", "thread"})  # what is in the app or pinned is seen by who comes by
HEED_NIGHT = frozenset({"proactive", "answer"})  # the other lanes go at night too


def expires(case: Case) -> float:
    """Return when the command of a case ceases to be worth delivering (epoch s).

    What rings is so before the next quiet hours begin, and a proactive one before the hours end that the member chose.
    """
    now, spec = case.now, case.playbook.spec
    end = min(
        now + COMMAND_LIFE, max(case.candidate.began + spec.expires, now + (DIGEST_LIFE if case.in_digest else 0.0))
    )
    if case.channel not in RINGING or case.lane not in HEED_NIGHT:
        return end
    zone, policy, wishes = case.state.timezone or case.policy.timezone, case.policy, case.state.wishes
    if policy.quiet_from != policy.quiet_to:
        end = min(end, Schedule(policy.quiet_from).after(now, zone))
    if wishes is not None and wishes.when == "hours" and wishes.hour != wishes.until and case.lane == "proactive":
        end = min(end, Schedule(wishes.until).after(now, zone))
    return end
