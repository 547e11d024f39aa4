"""What a message is worth at a moment: how urgent it is, how likely it helps, and how fresh its occasion still is."""

from processors.policy.case import Case
from processors.volume import PRIOR_GOOD, PRIOR_SENT

WEIGHTS = (1.0, 2.0, 4.0, 8.0)  # low, normal, high, urgent: each twice the one before
STALE = 0.5  # what an occasion is worth at the end of its time, of what it was at its beginning


def value(case: Case) -> float:
    """Return the expected value: weight of the priority x chance to be welcome x freshness.

    The chance is learned per playbook and community (`processors.volume`: a mean with a prior, from what the partition has
    seen), freshness falls evenly from 1 to 0.5 over the playbook's `expires`.
    """
    spec = case.playbook.spec
    chance = case.volumes.usefulness(case.community, spec.id) if case.volumes else PRIOR_GOOD / PRIOR_SENT
    age = min(1.0, max(0.0, (case.now - case.candidate.began) / spec.expires)) if spec.expires else 0.0
    return WEIGHTS[max(0, case.playbook.rank)] * chance * (1.0 - STALE * age)
