"""Was the member helped already?"""

from processors.decisions import Reason
from processors.ids import mark
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """A solved episode needs nothing; an episode (or a once-per-member playbook) is served once."""
    solved, done = case.state.solved, case.state.done  # of most nothing: then nothing is hashed
    if solved and mark(case.candidate.episode) in solved:
        return Ruling(Reason.ALREADY_SOLVED, "an open need")
    if done and mark(f"{case.playbook.spec.id}/{case.candidate.episode}") in done:
        return Ruling(Reason.ALREADY_DELIVERED, "a new episode")
    return None
