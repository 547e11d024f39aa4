"""What of a decision is written: everything, but of the safety lane only id, time and reason."""

import json

import msgspec
import pytest

from processors.decisions import HOLDS, Decision, Reason, Verdict, read_decision, verdict_of, write_decision
from processors.playbooks.resources import Policy
from tests.support.stories import Story, catalog, event, playbook


def test_a_decision_is_read_as_it_was_written() -> None:
    """Each field of an ordinary one."""
    decision = Decision("d", "town/ann", 1.0, Verdict.HOLD, Reason.WAIT, "play", values={"sent_day": 1}, needed="more")
    assert read_decision(b"town/ann", write_decision(decision)) == decision


@pytest.mark.parametrize("maturity", ["live", "shadow"])
def test_of_the_safety_lane_only_id_time_and_reason_are_written(maturity: str) -> None:
    """Neither playbook, resource, channel nor theme, for a send as for a non-send; whose it is, the record's key says."""
    policy = Policy(distress_support=True, safety_owner="owner")
    offer = playbook("offer", "signal.distress", lane="safety", cheerful=False, maturity=maturity)
    story = Story(catalog(offer, policy=policy))
    story.tell(event("post.created", 0, text="I feel completely hopeless tonight."))
    [decision] = story.decisions
    written = write_decision(decision)
    assert json.loads(written).keys() == {"id", "time", "reason"}
    assert read_decision(b"town/ann", written) == decision
    assert decision.verdict is (Verdict.SEND if maturity == "live" else Verdict.DROP)


def test_a_reason_says_what_became_of_it() -> None:
    """What is sent by itself is sent, what is held is decided again, all else ends."""
    assert {one for one in Reason if verdict_of(one) is Verdict.SEND} == {Reason.SENT}
    assert {one for one in Reason if verdict_of(one) is Verdict.HOLD} == HOLDS


def test_what_is_no_decision_is_an_error() -> None:
    """Of a later version, say."""
    for value in (b"", b"{}", b'{"id":"n1","reason":"of a later version","time":1.0}'):
        with pytest.raises(msgspec.DecodeError):
            read_decision(b"town/ann", value)
