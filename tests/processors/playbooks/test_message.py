"""Which words are said: language, tone, form of address; no jokes when somebody hurts."""

import pytest

from processors.member.state import MemberState, Sent
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.playbooks.message import compose
from processors.playbooks.resources import Localised, Policy, Resource
from processors.playbooks.wording import in_language, worded
from processors.usefulness import Usefulness, best
from processors.vocabulary import OutcomeData
from tests.support.stories import NOON, playbook

LINES = {"plain": "p", "warm": "w", "formal": "f", "warm-formal": "wf", "playful": "j"}


@pytest.mark.parametrize(
    ("tone", "address", "grave", "said"),
    [
        ("plain", "informal", False, "p"),
        ("warm", "informal", False, "w"),
        ("warm", "formal", False, "wf"),
        ("playful", "informal", False, "j"),
        ("playful", "formal", False, "f"),
        ("playful", "informal", True, "p"),
        ("warm", "informal", True, "w"),
    ],
)
def test_the_line_of_a_tone_and_an_address(tone: str, address: str, grave: bool, said: str) -> None:
    """The address goes before the tone; a grave moment forbids play."""
    assert worded(LINES, "otherwise", tone, address, grave=grave) == said


def test_what_has_no_lines_is_said_as_it_is() -> None:
    """And what has no line of that tone falls back."""
    assert worded({}, "otherwise", "warm", "formal", grave=False) == "otherwise"
    assert worded({"warm": "w"}, "otherwise", "plain", "informal", grave=False) == "otherwise"
    assert in_language({"en": {"plain": "e"}, "de": {"plain": "d"}}, "de-CH") == {"plain": "d"}
    assert in_language({"de": {"plain": "d"}}, "fr") == {"plain": "d"}


def test_a_resource_speaks_in_the_tone_of_the_community() -> None:
    """Unless the member hurts, or the playbook is no cheerful one."""
    text = Localised("T", "plain", tones={"playful": "playful", "formal": "formal"})
    guide = Resource("guide", "how-to", "t", {"de": text})
    playful = Policy(tone="playful")
    for policy, state, cheerful, said in (
        (playful, MemberState(), True, "playful"),
        (playful, MemberState(inhibited_until=int(NOON) + 1), True, "plain"),
        (playful, MemberState(), False, "plain"),
        (Policy(address="formal"), MemberState(), True, "formal"),
    ):
        one = CompiledPlaybook(playbook("p", cheerful=cheerful))
        assert compose(one, guide, state, policy, {}, NOON).text == said


def test_usefulness_is_halved_before_it_grows_old() -> None:
    """What is new is thought good; the past fades; ties go to the first; who had all gets the one longest ago."""
    learnt = Usefulness({"a": (-8, 10), "b": (40, 10)})
    assert best(("a", "b", "new"), {"a", "b", "new"}, (), learnt) == "b"
    assert best(("a", "b", "new"), {"a", "b", "new"}, ("b",), learnt) == "new"
    assert best(("a", "b"), {"a", "b"}, ("b", "a"), learnt) == "b"
    assert best(("a", "b"), {"a"}, (), learnt) == "a"
    assert best(("a",), (), (), learnt) == ""
    full = Usefulness({"a": (1000, 1023)})
    state = MemberState(sends=[Sent(0, "c", "p", "a", "t", "proactive")])
    full.learn(state, "outcome.delivered", OutcomeData(command="c"))
    assert full.counts == {"a": (500, 512)}
    full.learn(state, "outcome.helpful", OutcomeData(command="other"))
    assert full.counts == {"a": (500, 512)}
