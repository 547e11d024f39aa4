"""Is it a question, and does its author ask for their own need? English and German."""

import re
from enum import IntEnum

from processors.text.normalise import fresh_words
from processors.text.question_model import HEAD, Weights, evidence, read


class QuestionKind(IntEnum):
    """None; another question (clarifying, helping, suggesting); help or information for the author's own need."""

    NONE = 0
    OTHER = 1
    OWN_NEED = 2


# Phrases that ask for the author's own need.
_NEED = re.compile(
    r"\b(?:how (?:do|can|should|would|could) (?:i|we)\b|how to\b|is there (?:a|an|any|some)\b|are there any\b"
    r"|(?:any|some)(?:one|body)(?: here)? (?:know|knows|got|have|has|had|seen|tried|using|able|else|help|explain|tell|point)"
    r"|does any(?:one|body)\b|has any(?:one|body)\b|can any(?:one|body)\b|could (?:some|any)(?:one|body)\b"
    r"|can (?:some|any)(?:one|body)\b|any (?:ideas?|suggestions?|hints?|help|pointers|advice|clues?|recommendations?)\b"
    r"|(?:can|could|may|should) i\b|where (?:can|do|could|should|would) (?:i|we)\b|what (?:do|should|can) i\b|which .{0,40}should i\b"
    r"|what(?:'s| is) the (?:best|right|easiest|correct|command|proper|way)\b|why (?:does|is|do|can't|won't|doesn't) (?:my|it|this|the|i)\b"
    r"|am i (?:doing|missing|right)\b|i(?:'m| am) (?:trying|looking|having trouble|stuck|wondering|struggling|unable)\b|i (?:need help|wonder)\b"
    r"|i (?:can't|cannot|can not|couldn't|don't know how|do not know how|don't understand|want to know|would like to know|need to know)\b"
    r"|please help|help me|need (?:some )?help|my .{2,60}(?:doesn't|does not|won't|isn't|not) (?:work|start|boot|show|connect|find)"
    r"|wie (?:kann|bekomme|mache|muss|soll|komme|finde|geht)\b|wo (?:kann|finde|ist|gibt)\b|gibt es\b|kennt (?:jemand|wer|einer)\b"
    r"|wei(?:ß|ss) (?:jemand|wer|einer)\b|hat (?:jemand|wer|einer)\b|kann (?:mir )?(?:jemand|wer|einer|ich)\b|ich (?:suche|bekomme|kriege|finde|schaffe|verstehe)\b"
    r"|was (?:mache|muss|kann|soll) ich\b|jemand (?:eine )?(?:idee|ahnung|tipp))"
)
# Questions put to somebody else, about their trouble.
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


def question_kind(text: str) -> QuestionKind:
    """Tell what kind of question the fresh words are, from their beginning and the last sentence with a question mark."""
    words = excerpt(fresh_words(text).lower().replace("’", "'"))
    if "?" not in words and (len(words) < 12 or _HINTS.isdisjoint(words.split(None, HEAD)[:HEAD])):
        return QuestionKind.NONE
    return kind_of(look(words, _WEIGHTS), _WEIGHTS)


def look(words: str, weights: Weights) -> tuple[int, ...]:
    """Return the values of `EVIDENCE` for fresh words in lower case."""
    asks, begins = evidence(words, weights)
    need, to_another = _NEED.search(words) is not None, _TO_ANOTHER.search(words) is not None
    first = _FIRST.search(words) is not None
    rule = _by_rule(words, need=need, to_another=to_another, first=first)
    own, other = rule is QuestionKind.OWN_NEED, rule is QuestionKind.OTHER
    return (asks, begins, int("?" in words), int(own), int(other), int(need), int(first), int(to_another))


def kind_of(values: tuple[int, ...], weights: Weights) -> QuestionKind:
    """Weigh the evidence."""
    if _weigh(values, weights.any_question) < 0:
        return QuestionKind.NONE
    return QuestionKind.OWN_NEED if _weigh(values, weights.own_need) >= 0 else QuestionKind.OTHER


def _weigh(values: tuple[int, ...], weights: tuple[int, ...]) -> int:
    return sum(map(int.__mul__, values, weights)) + weights[-1]


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
