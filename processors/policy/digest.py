"""Several messages as one: what a member collects for the chosen hour, and low ones that want the same moment."""

from collections.abc import Sequence

from processors.policy.case import Case

ITEMS_MAX = 5  # in one message, the best first


def joining(free: Sequence[Case]) -> list[Case]:
    """Return which of these, that may all be sent now, go into one message with the first; best first.

    Those that wait for the same digest join each other, and low ones other low ones. Each theme, resource and playbook comes
    once in a message.
    """
    if len(free) < 2:
        return []
    lead, joined = free[0], [free[0]]
    for case in free[1:]:
        alike = case.in_digest if lead.in_digest else lead.playbook.rank == 0 == case.playbook.rank
        if alike and len(joined) < ITEMS_MAX and all(_differ(case, one) for one in joined):
            joined.append(case)
    return joined[1:]


def _differ(one: Case, other: Case) -> bool:
    mine, yours = one.playbook.spec, other.playbook.spec
    return mine.id != yours.id and mine.theme != yours.theme and one.offered != other.offered
