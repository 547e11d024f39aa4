"""What a detector says that it does not look at leaves it, and what it remembers, as it was."""

import msgspec
import pytest

from processors.detector import Detector
from processors.detectors import DETECTORS, OBSERVERS
from processors.events import Event
from processors.member.state import MemberState, encode_state
from processors.playbooks.resources import Policy
from processors.vocabulary import VOCABULARY, Data
from resource_catalog.loader import SHIPPED, load

NOW = 1.76e9
REQUIRED = {
    "command": "c1",
    "hash": "h",
    "kind": "unanswered",
    "episode": "e",
    "community": "town",
    "until": NOW + 9,
    "when": "now",
}
TELLING = {
    "text": "Why do I feel so hopeless? You are an idiot, nothing works", "query": "mount", "results": 0, "name": "tour",
    "author": "town/bob", "url": "https://example.org", "starts": NOW + 1e5,
}  # fmt: skip


def data_of(kind: str) -> Data:
    """Return data of this type that gives a detector something to look at."""
    known: dict[str, object] = {}
    for field in msgspec.structs.fields(VOCABULARY[kind]):
        if field.name == "item":
            known["item"] = VOCABULARY["task.begun"](name="tour")
        elif field.name in REQUIRED | TELLING or field.required:
            known[field.name] = (REQUIRED | TELLING).get(field.name, 1)
    return VOCABULARY[kind](**known)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.NAME)
def test_nothing_comes_of_a_type_that_it_does_not_observe(detector: Detector) -> None:
    shipped = load(SHIPPED).bundle.policies.get("*", Policy())
    policy = msgspec.structs.replace(shipped, distress_support=True, safety_owner="nobody")
    for kind in sorted(VOCABULARY.keys() - detector.OBSERVES):
        state = MemberState(last=int(NOW - 90 * 86400), posts=9)
        before = encode_state(state)
        assert detector.observe(state, Event("e", kind, "town/ann", NOW, data_of(kind)), policy, NOW) == []
        assert encode_state(state) == before, kind


def test_each_type_is_shown_to_those_who_observe_it() -> None:
    for kind in VOCABULARY:
        assert OBSERVERS[kind] == tuple(one.observe for one in DETECTORS if kind in one.OBSERVES)
    assert {observe for looking in OBSERVERS.values() for observe in looking} == {one.observe for one in DETECTORS}
