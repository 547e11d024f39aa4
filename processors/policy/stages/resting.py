"""Has this playbook stopped helping this member?"""

from processors.decisions import Reason
from processors.member.state import FAILED, WELCOME
from processors.policy.case import DAY, Case, Ruling

IGNORED = 3  # of its last messages in a row, after which a playbook rests for this member
REST = 30 * DAY


def rule(case: Case) -> Ruling | None:
    """Habituation: after three messages in a row that led to nothing, rest for 30 days; then one more try each 30 days.

    Led to something: opened, called helpful, or its goal was reached in time. What never arrived counts for nothing, and a
    message has a day to be answered.
    """
    if case.lane != "proactive":
        return None
    own = [sent for sent in case.state.sends if sent.playbook == case.playbook.spec.id and sent.response != FAILED]
    last = own[-IGNORED:]
    if len(last) < IGNORED or any(sent.response == WELCOME for sent in last):
        return None
    age = case.now - last[-1].time
    if DAY <= age < REST:
        return Ruling(Reason.RESTING, f"{REST - age:.0f} s later")
    return None
