"""A grammar of word classes: what rules mean, what is wrong with one, and that walls are read in bounds."""

import pytest

from processors.detectors import prepare
from processors.text.conflict_grammar import HEADS_MAX, REACH, Grammar, Rule, Table, spellings
from processors.text.conflict_words import GRAMMAR

CLASSES = {"YOU": ["you"], "BE": ["are"], "FILL": ["so", "a"], "BAD": ["fool", "knave"], "KIND": ["dear"]}


def grammar(*rules: str, spared: tuple[str, ...] = ()) -> Grammar:
    """Return a grammar of insults by these rules."""
    ready = [Rule("insult", "", rule) for rule in rules]
    calm = [Rule("spared", "", rule) for rule in spared]
    return Grammar(Table(CLASSES, {"you're": "you are"}, {"bad": "FILL{0,2} #BAD"}, ready, calm, ["YOU"]))


def kinds(read: Grammar, text: str) -> list[str]:
    """Return what is found in words that blanks part."""
    return list(read.kinds(read.coded(text.split())))


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("YOU BE #BAD", "you are knave", True), ("YOU BE #BAD", "you are dear", False), ("YOU BE <bad>", "you're so a fool", True),
        ("YOU BE <bad>", "you are so so so fool", False), ("YOU+KIND #BAD", "dear fool", True), ("YOU ~KIND #BAD", "you dear fool", False),
        ("YOU ~KIND #BAD", "you old fool", True), ("#BAD (of|among) YOU", "fool among you", True), ("#BAD COMMA", "fool ,", True), ("#BAD COMMA", "fool -", False),
        ("#BAD END", "fool ?!", True), ("#BAD DASH", "fool (", True), ("#BAD QUOTE", "fool ”", True), ("#BAD (?=$|COMMA)", "fool", True), ("#BAD (?=$|COMMA)", "fool you", False),
        ("#weißt YOU", "weisst you", True), ("#BAD WORD{2,3} dear", "fool and other dear", True), ("#BAD WORD{2,3} dear", "fool , other dear", False),
    ],
)  # fmt: skip
def test_what_a_rule_means(rule: str, text: str, found: bool) -> None:
    """Classes, words, several at one place, none of them, fragments, groups, repetitions and marks."""
    assert kinds(grammar(rule), text) == ["insult"] * found


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [("YOU BE BAD", "marked with #"), ("YOU #ROGUE", "no class is called ROGUE"), ("(YOU|BE) #BAD", "begins with a word"), ("YOU{1,2} #BAD", "begins with a word")],
)  # fmt: skip
def test_a_wrong_rule_is_named(rule: str, wrong: str) -> None:
    """It says what is wrong, and with which rule or class."""
    with pytest.raises(ValueError, match=wrong):
        kinds(grammar(rule), "fool")


def test_heads_are_what_a_match_must_have() -> None:
    """And those of rules that can do without the one addressed are known apart."""
    read = grammar("YOU BE #BAD", "#dear (YOU)?")
    assert read.heads == {"fool", "knave", "dear"}
    assert read.alone == {"dear"}
    assert grammar("#BAD YOU?").alone == {"fool", "knave"}


def test_words_that_are_said_otherwise_are_spared() -> None:
    """Told apart from what counts, which they do not change."""
    read = grammar("YOU BE <bad>", spared=("not YOU BE <bad>",))
    coded = read.coded(["i", "do", "not", "think", ";", "not", "you", "are", "a", "fool"])
    assert (list(read.kinds(coded)), read.spares(coded)) == (["insult"], True)
    assert not read.spares(read.coded(["you", "are", "a", "fool"]))


@pytest.mark.parametrize("text", ["you are a fool", "dear", "are you a fool", "fool " * 30, "you are fool , said she"])
def test_whether_there_is_a_match_is_told_as_which(text: str) -> None:
    """The quick question has the answer of the full one; what is told is none."""
    classes = CLASSES | {"SAID": ["said"]}
    rules = [Rule("insult", "", "YOU BE FILL{0,2} #BAD")]
    read = Grammar(Table(classes, {}, {"told": "COMMA? SAID"}, rules, [], ["YOU"], "<told>"))
    coded = read.coded(text.split())
    assert read.finds(coded) == bool(list(read.kinds(coded))) == (text == "you are a fool")


def test_of_a_wall_only_its_beginning_is_read() -> None:
    """A match behind more heads than anybody writes is not looked for; behind any number of other words it is."""
    read = grammar("YOU BE #BAD")
    assert kinds(read, "fool " * HEADS_MAX + "you are fool") == []
    assert kinds(read, "fool " * (HEADS_MAX - 1) + "you are fool") == ["insult"]
    assert kinds(read, "word " * 5000 + "you are fool") == ["insult"]
    far = f"YOU WORD{{{REACH},{REACH}}} #BAD"
    assert kinds(grammar(far), "you " + "word " * REACH + "fool") == [], "no rule may be longer than it is reached"


def test_spellings() -> None:
    """As people write without umlauts, each once."""
    assert spellings("weiß") == ("weiß", "weiss")
    assert spellings("müßig") == ("müßig", "müssig", "mueßig", "muessig")
    assert spellings("plain") == ("plain",)


def test_patterns_are_made_once_and_beforehand_where_that_is_asked_for() -> None:
    """So no message of a worker waits for them; who only begins pays nothing."""
    fresh = grammar("YOU BE #BAD")
    made = {"_matches", "_spared"}
    assert made.isdisjoint(vars(fresh))
    fresh.lay_out()
    assert made <= vars(fresh).keys()
    prepare([])
    assert made <= vars(GRAMMAR).keys()
