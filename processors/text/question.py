"""Is it a question, and does its author ask for their own need? English and German."""

import re
from enum import IntEnum
from operator import mul

from processors.text.question_model import HEAD, Said, Weights, evidence, read, said
from processors.text.reading import reading


class QuestionKind(IntEnum):
    """None; another question (clarifying, helping, suggesting); help or information for the author's own need."""

    NONE = 0
    OTHER = 1
    OWN_NEED = 2


# Phrases that ask for the author's own need: the words that one begins with, and what follows.
_SOMEBODY = "anyone anybody someone somebody"
_NEEDS = (
    ("how", r" (?:(?:do|can|should|would|could) (?:i|we)|to)\b"),
    ("is", r" there (?:a|an|any|some)\b"),
    ("are", r" there any\b"),
    (_SOMEBODY, r"(?: here)? (?:know|knows|got|have|has|had|seen|tried|using|able|else|help|explain|tell|point)"),
    ("does has", r" any(?:one|body)\b"),
    ("can could", r" (?:some|any)(?:one|body)\b"),
    ("any", r" (?:ideas?|suggestions?|hints?|help|pointers|advice|clues?|recommendations?)\b"),
    ("can could may should", r" i\b"),
    ("where", r" (?:can|do|could|should|would) (?:i|we)\b"),
    ("what", r" (?:do|should|can) i\b"),
    ("which", r" .{0,40}should i\b"),
    ("what", r"(?:'s| is) the (?:best|right|easiest|correct|command|proper|way)\b"),
    ("why", r" (?:does|is|do|can't|won't|doesn't) (?:my|it|this|the|i)\b"),
    ("am", r" i (?:doing|missing|right)\b"),
    ("i", r"(?:'m| am) (?:trying|looking|having trouble|stuck|wondering|struggling|unable)\b"),
    ("i", r" (?:need help|wonder)\b"),
    ("i", r" (?:can't|cannot|can not|couldn't|don't know how|do not know how|don't understand|want to know|would like to know|need to know)\b"),
    ("please", r" help"),
    ("help", r" me"),
    ("need", r" (?:some )?help"),
    ("my", r" .{2,60}(?:doesn't|does not|won't|isn't|not) (?:work|start|boot|show|connect|find)"),
    ("wie", r" (?:kann|bekomme|mache|muss|soll|komme|finde|geht)\b"),
    ("wo", r" (?:kann|finde|ist|gibt)\b"),
    ("gibt", r" es\b"),
    ("kennt weiß weiss hat", r" (?:jemand|wer|einer)\b"),
    ("kann", r" (?:mir )?(?:jemand|wer|einer|ich)\b"),
    ("ich", r" (?:suche|bekomme|kriege|finde|schaffe|verstehe)\b"),
    ("was", r" (?:mache|muss|kann|soll) ich\b"),
    ("jemand", r" (?:eine )?(?:idee|ahnung|tipp)"),
)  # fmt: skip


def _by_word() -> dict[str, re.Pattern[str]]:
    """Return a pattern for each first word: to look for a word is cheaper than for all the phrases."""
    ends: dict[str, list[str]] = {}
    for words, end in _NEEDS:
        for word in words.split():
            ends.setdefault(word, []).append(end)
    return {word: re.compile(rf"\b{word}(?:{'|'.join(known)})") for word, known in ends.items()}


_NEED = _by_word()
_NEED_HEADS = frozenset(_NEED)
# Questions put to somebody else, about their trouble; each holds one of the substrings in `_values`.
_TO_ANOTHER = re.compile(
    r"\b(?:(?:did|do|are|have|can|could|would|will|were|what(?:'s| is| are| do| did)|which|why|how) (?:you|your|u|ur)\b|what (?:\w+ ){0,2}(?:do|did|are|have) you\b"
    r"|have you tried|did you try|you (?:mean|sure|tried)|hast du|kannst du|meinst du|habt ihr|welche .{0,20}hast)"
)
_FIRST = re.compile(r"\b(?:i|i'm|i've|my|me|we|our|ich|mir|mein\w*|wir)\b")
# The leading loop is possessive: greetings and addresses overlap ("hi, "), and going back over them is exponential.
_ASKS = re.compile(
    r"^(?:\W*(?:hi|hello|hey|hallo|ok|so|and|but|also|well|hmm|guys|all|everyone)\W+|\S+[:,] )*+"
    r"(?:who|what|where|when|why|which|how|is|are|does|do|did|can|could|would|should|has|have|will|any|anyone|anybody|wie|was|wo|warum|wer|welche\w*|wann|kann|gibt|ist|hat)\b"
)
_RHETORICAL = re.compile(
    r"(?:isn't it|right|huh|eh|ok|okay|oder|ne|lol|haha|you know|why not|so what|who knows|who cares)\s*\?+\W*$"
)


_HINTS = frozenset(
    "how what where who why which when is are does do did can could would should any anyone anybody someone somebody help need trying "
    "looking problem error issue question idea ideas wondering wonder want possible know stuck wie was wo wer warum wann welche welcher "
    "welches kann gibt jemand hilfe brauche suche problem fehler frage weiß weiss hat".split()
)
EVIDENCE = (
    "sounds like a question", "sounds like the beginning of one's own matter", "has a question mark", "rule: own need",
    "rule: another question", "phrase of need", "first person", "phrase to another",
)  # fmt: skip
EXCERPT = 350  # characters from the beginning, and as many up to the last question mark
_WEIGHTS = read()
# What the last two of `EVIDENCE` can add: without mark and phrase of need nothing else is left to make it a question.
_FURTHER = sum(max(0, weight) for weight in _WEIGHTS.any_question[-3:-1])


def question_kind(text: str) -> QuestionKind:
    """Tell what kind of question the fresh words are, from their beginning and the last sentence with a question mark."""
    whole = reading(text)
    words = excerpt(whole.words)
    if "?" not in words and (len(words) < 12 or _HINTS.isdisjoint(words.split(None, HEAD)[:HEAD])):
        return QuestionKind.NONE
    one = said(words, whole.found if words is whole.words else None)
    sums, need = evidence(one, _WEIGHTS), _needs(words, one)
    if not need and "?" not in words and _weigh(sums, _WEIGHTS.any_question) + _FURTHER < 0:
        return QuestionKind.NONE
    return kind_of(_values(words, sums, need=need), _WEIGHTS)


def look(words: str, weights: Weights) -> tuple[int, ...]:
    """Return the values of `EVIDENCE` for fresh words in lower case."""
    one = said(words)
    return _values(words, evidence(one, weights), need=_needs(words, one))


def _needs(words: str, one: Said) -> bool:
    """Tell whether there is a phrase of need; most texts have none of the words that one begins with."""
    heads = _NEED_HEADS.intersection([word.partition("'")[0] for word in one.found] if "'" in words else one.found)
    return bool(heads) and any(_follows(_NEED[head], head, words) for head in heads)


def _follows(pattern: re.Pattern[str], head: str, words: str) -> bool:
    """Tell whether a phrase stands at one of the places of its first word."""
    at = words.find(head)
    while at >= 0:
        if not words[at - 1 : at].isalnum() and pattern.match(words, at):  # within a word it would not match
            return True
        at = words.find(head, at + 1)
    return False


def _values(words: str, sums: tuple[int, int], *, need: bool) -> tuple[int, ...]:
    spoken_to = "you" in words or " u" in words or " du" in words or " ihr" in words or "hast" in words
    to_another, first = spoken_to and _TO_ANOTHER.search(words) is not None, _FIRST.search(words) is not None
    rule = _by_rule(words, need=need, to_another=to_another, first=first)
    own, other = rule is QuestionKind.OWN_NEED, rule is QuestionKind.OTHER
    return (*sums, int("?" in words), int(own), int(other), int(need), int(first), int(to_another))


def kind_of(values: tuple[int, ...], weights: Weights) -> QuestionKind:
    """Weigh the evidence."""
    if _weigh(values, weights.any_question) < 0:
        return QuestionKind.NONE
    return QuestionKind.OWN_NEED if _weigh(values, weights.own_need) >= 0 else QuestionKind.OTHER


def _weigh(values: tuple[int, ...], weights: tuple[int, ...]) -> int:
    total: int = sum(map(mul, values, weights))
    return total + weights[-1]


def excerpt(words: str) -> str:
    """Cut long words down to their beginning and what leads to the last question mark."""
    if len(words) <= 2 * EXCERPT:
        return words
    end = words.rfind("?", EXCERPT) + 1
    return words[:EXCERPT] + (" \n" + words[max(EXCERPT, end - EXCERPT) : end + 40] if end else "")


def _by_rule(words: str, *, need: bool, to_another: bool, first: bool) -> QuestionKind:
    """Tell the kind from phrases alone; the learned sums refine it."""
    if "?" not in words:
        return QuestionKind.OWN_NEED if need and _ASKS.match(words) else QuestionKind.NONE
    last = words[: words.rindex("?") + 1]
    if _RHETORICAL.search(last[-40:]):
        return QuestionKind.OTHER if need else QuestionKind.NONE
    if need and not (to_another and not first):
        return QuestionKind.OWN_NEED
    if to_another or not first:
        return QuestionKind.OTHER
    return QuestionKind.OWN_NEED if _ASKS.match(words) else QuestionKind.OTHER
