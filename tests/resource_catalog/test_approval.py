"""Four eyes: what is for people in distress is published only as two approved it; everything else is nobody's business."""

import msgspec
import pytest

from processors.playbooks.resources import Bundle, Playbook, Policy
from resource_catalog.approval import approvers, concerns_safety, digest_of, unapproved

ON, OFF = {"*": Policy(distress_support=True, safety_owner="ann")}, {"*": Policy()}
CARE = Playbook(
    "crisis.offer", "signal.distress", "a-line", "crisis", lane="safety", maturity="live", because="because"
)
HELLO = Playbook("welcome", "community.joined", "first", "welcome", maturity="live")


def approved(spec: Playbook, *names: str) -> Playbook:
    """The playbook as these approved it."""
    return msgspec.structs.replace(spec, approved_by=names, approved=digest_of((spec,)))


def bundle(*specs: Playbook, policies: dict[str, Policy] = ON) -> Bundle:
    """A catalog of these."""
    return Bundle((), specs, policies)


@pytest.mark.parametrize("names", [(), ("ann",), ("ann", "ann")])
def test_two_must_have_approved_it(names: tuple[str, ...]) -> None:
    """One is not enough, however often."""
    assert unapproved(None, bundle(approved(CARE, *names), HELLO)) == ["crisis.offer"]
    assert unapproved(None, bundle(approved(CARE, "ann", "ben"), HELLO)) == []


def test_an_approval_is_of_these_words() -> None:
    """Any change afterwards, be it of the maturity alone, makes it nobody's; another file version does not."""
    good = approved(CARE, "ann", "ben")
    assert approvers((good,)) == ("ann", "ben")
    for changed in ({"because": "other words"}, {"maturity": "canary", "canary": 0.5}, {"resource": "b"}):
        later = msgspec.structs.replace(good, **changed)
        assert approvers((later,)) == ()
        assert unapproved(None, bundle(later)) == ["crisis.offer"]
    assert approvers((msgspec.structs.replace(good, version="9"),)) == ("ann", "ben")


def test_what_sends_nothing_needs_nobody() -> None:
    """Off and in shadow, and where no community has distress support on."""
    for maturity in ("off", "shadow"):
        assert unapproved(None, bundle(msgspec.structs.replace(CARE, maturity=maturity))) == []
    assert unapproved(None, bundle(CARE, policies=OFF)) == []


def test_switching_distress_support_on_asks_for_all_of_it() -> None:
    """What was published while it was off was nobody's to look at twice."""
    assert unapproved(bundle(CARE, policies=OFF), bundle(CARE)) == ["crisis.offer"]


def test_what_is_in_force_already_may_be_published_again() -> None:
    """With anything else changed beside it; not once it is another itself, and not by calling it something else."""
    now = bundle(CARE, HELLO)
    assert unapproved(now, bundle(CARE, msgspec.structs.replace(HELLO, because="new"))) == []
    assert unapproved(now, bundle(msgspec.structs.replace(CARE, because="new"), HELLO)) == ["crisis.offer"]
    disguised = msgspec.structs.replace(CARE, lane="proactive", trigger="post.created")
    assert unapproved(now, bundle(disguised, HELLO)) == ["crisis.offer"]


def test_the_lane_or_what_it_starts_with_says_whom_it_is_for() -> None:
    """A sequence counts by any of its steps."""
    assert concerns_safety(msgspec.structs.replace(CARE, lane="proactive"))
    assert concerns_safety(msgspec.structs.replace(HELLO, also=("signal.concern",)))
    assert concerns_safety(HELLO, CARE)
    assert not concerns_safety(HELLO)
