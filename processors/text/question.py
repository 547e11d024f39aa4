"""Is it a question, and does its author ask for their own need? English and German."""

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from operator import mul
from typing import NamedTuple

from processors.text.courtesies import BEGIN_MAX, without_lead
from processors.text.mended import HASTY, TYPED, in_full, mended
from processors.text.normalise import tokens
from processors.text.question_inverted import with_subject
from processors.text.question_model import HEAD, Said, Weights, evidence, read, said
from processors.text.question_phrases import WRITTEN, Phrases, heads, neighbours, phrases, spelt, spelt_words
from processors.text.reading import reading
from processors.text.spelling import Wanted


class QuestionKind(IntEnum):
    """None; another question (clarifying, helping, suggesting); help or information for the author's own need."""

    NONE = 0
    OTHER = 1
    OWN_NEED = 2


# Questions put to somebody else, about their trouble: who is spoken to, and what stands before.
_YOU = frozenset(("you", "your", "u", "ur"))
_SECOND = _YOU | {"du", "dir", "ihr"}
_BEFORE_YOU = frozenset("did do does are have can could would will were what's is was why how where when which".split())
_ALL = frozenset(("guys", "all", "people", "folks"))
_ADVISES = frozenset("recommend suggest buy choose".split())
_AFTER_YOU = frozenset(("mean", "sure", "tried", "want"))
_TIPS = ("tipp", "idee", "empfehl", "erfahr", "rat")
_FIRST = frozenset("i my me we our ich mir mich mein meine meinen meinem meiner meines wir".split())
# The leading loop is atomic: greetings and addresses overlap ("hi, "), and going back over them is exponential. A possessive
# repeat of a group would say the same, but before 3.11.5 Python's loses what matches (CPython issue 106052).
_LEAD = re.compile(
    r"(?>(?:\W*(?:hi|hello|hey|hallo|moin|ok|so|and|but|also|well|hmm|guys|all|everyone|everybody|folks|zusammen|sorry|please|bitte|"
    r"quick question|kurze frage|good morning|guten morgen)\W+|\S+[:,] |@\S+ )*)\W*"
)
_ASKS = re.compile(
    spelt(
        r"(?:who|what|what's|where|when|why|which|how|is|are|does|do|did|can|could|would|should|has|have|will|am|may|any|anyone|anybody|somebody|someone|some|"
        r"wie|was|wo|warum|wieso|weshalb|wer|wen|welche\w*|wann|kann|gibt|ist|hat|habt|weiß|weiss|kennt|könnte|könnt|muss|müssen|darf|soll|sollte|brauche|jemand|geht|an wen|bis wann|ab wann|wofür|womit|woran|woher|wohin)\b"
    )
)
# A question about a thing: what it begins with, what it names, and what makes it one about persons or about what was said before.
_BEGINS = re.compile(
    spelt(
        r"(?:where(?:'s)?|when|how (?:long|much|many|often|far|big|late|does|do|is)|what(?:'s| is| are| does| happens| size| kind| type)|what time|what (?:\w+ ){1,3}(?:is|are|does|do|will|can)|which|who (?:is|are|has)|why (?:is|are|does|do|has)|is|are|does|do|has|have|will|"
        r"wann|(?:ab|bis|seit) wann|um wie ?viel uhr|wo|wie (?:lange|viele?|oft|weit|hoch|groß|funktioniert|geht)|was (?:ist|sind|kostet|kosten|bedeutet|heißt|passiert)|welche\w*|wer (?:ist|hat|macht)|warum|wieso|weshalb|woran|womit|ist|sind|wird|werden|gibt|geht|funktioniert|läuft)\b"
    )
)
_BEGINS_PLAIN = re.compile(
    spelt(
        r"(?!what(?:'s| is) (?:more|worse|funny|interesting)\b|what(?:'s| is| are) (?:\w+ ){1,4}(?:is|are)\b)(?:(?:where|when|how(?: (?:long|much|many|often|far|old|tall|hard|soon|big|late|early|deep|hot|heavy|wide)(?: \w+)?)?|why|what(?: (?:time|day|date|size|kind|sort|colou?r|version|channel|page|room|chapter|level))?|which \w+|who)(?:'s| is| are| does| do| will| has| have| happens)|which of the"
        r"|(?:is|are|does|do|has|have|will) (?:the|my|our|there|any|this \w+|these \w+)(?! same)(?: \w+){2}"
        r"|wer (?:leitet|organisiert|betreut|moderiert|verkauft|macht hier)\b"
        r"|(?:in|ab|bei|auf|mit|aus|von|zu|für|an|unter|seit|bis) welche[mnrs]? \w+ (?:ist|sind|wird|hat|kann|muss|soll|darf|\w{3,}(?:t|en))\b"
        r"|(?!(?:jetzt|echt|nicht|selbst|fast|seit|erst|zuletzt|sonst|vielleicht|damit|somit|gesamt|meist|laut|statt|anstatt|samt|zeit|heut|nacht|welt|recht|schlecht|leicht|bist|hast|gibt)\b)\w{3,}t (?:der|die|das|jemand)(?: \w+){2}"
        r"|(?:ist|sind|hat|haben|wird|werden|gibt|geht|läuft|funktioniert|kostet|gilt|braucht) (?:der|die|das|den|es|mein\w*|unser\w*|man|eine?)(?: \w+){2}"
        r"|(?:(?:ab|bis|seit) )?(?:wann|wo|wie(?: (?:viele?|lange|oft|weit))?|warum|wieso|weshalb|woran|womit|was|welche\w* \w+) (?!gesagt|immer|oben|erwähnt|auch|macht)(?:muss|ist|sind|wird|hat|gibt|geht|\w{3,}(?:t|en)))\s\w"
    )
)
_NAMED = re.compile(r"\b(?:the|a|an|my|our|der|die|das|den|dem|des|ein\w*|mein\w*|unser\w*)\s\w")
_WHEN_WHERE = re.compile(r"(?:where|when|how|wann|wo|wie|was|who|wer|which|welche)\b")
ABOUT_PLAIN = 32  # characters of a question without a mark in which no person is: it may go on without one, too
ABOUT_WORDS = 5  # of a question about a thing, unless it asks for a place, a time, a number or a person
_PERSONS = re.compile(
    r"\b(?:it(?! takes?\b| costs?\b)|that|they|them|he|she|him|her|you|your|u|ya|anyone would|du|dir|dich|dein\w*|ihr|euch|eure?|er|sie|(?<!liegt )(?<!wird )(?<!gibt )es|this|these|those|everybody|everyone|we|wir)\b"
)
_TALK = re.compile(
    spelt(
        r"(?:who (?:wants|is in|is up|else|knew|cares|could|would)|who's|how (?:was|is every|are|about|cool|did)|how's|what's up|what about|what could possibly|shall|should we|(?:do you |you )?want (?:me|to)|should i (?:send|show|post|bring|call|come)|(?:can|may) i (?:help|get you|give you)"
        r"|why (?:not|don't|would|should)|wouldn't|isn't|maybe|could it|was it|"
        r"wollen wir|wie (?:war|lief|wär|findet|geht(?:'s| es) (?:dir|euch)|läuft's|cool)|und, wie|wer (?:will|kommt|macht mit|hat lust|ist (?:\w+ ){0,3}dabei)|soll ich (?:\w+ ){0,3}(?:schauen|dir|euch|schicken)|(?:soll|kann|darf) ich (?:dir|euch)|"
        r"warum (?:nicht|sollte)|vielleicht|was soll (?:daran|da )|könnte es|war es|ist das nicht|wäre)\b"
    )
)
_RHETORICAL = re.compile(
    r"\b(?:isn't it|right|huh|eh|ok|okay|oder|ne|lol|haha|you know|why not|so what|who knows|who cares)\s*\?+\W*$"
)
_TELLS = re.compile(r"so (?:kann|muss|soll|sollte|darf|ist|gibt|geht)\b")
_SENTENCE = re.compile(r"[.!?\n]\s")


# Words without which nothing asks that has no question mark: among the first twelve; those that stand in many texts among the first six.
_HINTS = spelt_words(
    "how where why any anyone anybody someone somebody help need trying looking question idea ideas wondering wonder stuck wie wo wer warum wann welche welcher "
    "welches gibt jemand hilfe brauche suche problem problems probleme fehler frage weiß weiss gibt's can't cannot cant couldn't unable won't doesn't isn't stopped "
    "crashes keeps hasn't hasnt struggling trouble issues having getting advice tips nichts nix keinen bräuchte benötige lässt stürzt wieso weshalb kennt muss darf "
    "tipps wüsste nicht fest schwierigkeiten leer weg stays gone tried able error issue what's where's whats wheres dont doesnt isnt wont understand verstehe versteh "
    "please recommendations recommend suggestions suggest bekomme kriege krieg brauch frozen freezes broken locked missing down ständig immer sorry newbie noob"
)
# Behind the first twelve these alone: much of the others is told there of what was or will be.
_HINTS_LATER = spelt_words(
    "how where why anyone anybody help who can't cannot cant couldn't unable won't doesn't doesnt crashes error wie wo warum wieso woran wen jemand hilfe bekomme stürzt "
    "kann klappt funktioniert startet lädt verstehe komme"
)
_COMMON = frozenset(
    "what who when which is are am does do did can could would should may possible know want has have get got keep was hat ist kann kein keine not aber".split()
)


def _with_short(hints: frozenset[str]) -> frozenset[str]:
    """Return hints and what is short for one."""
    short = {one for one, full in HASTY.items() if not hints.isdisjoint((full, *full.replace("'", " ").split()))}
    return hints | short


_HINTS, _COMMON = _with_short(_HINTS), _with_short(_COMMON)
EVIDENCE = (
    "sounds like a question", "sounds like the beginning of one's own matter", "has a question mark", "rule: own need",
    "rule: another question", "phrase of need", "begins with it", "says a need", "says trouble", "about a thing", "talk", "first person", "phrase to another",
)  # fmt: skip
SHORT = 12  # characters of the shortest that may ask without a mark
HINTED = 40  # tokens among which a hint stands
OPENING = 6  # tokens among which one of these opens a question that has no mark
_OPENERS = frozenset(
    "where where's when when's how how's why what what's which who who's wann wo wie warum wieso weshalb woran womit was welche welcher welches welchen welchem wer soll "
    "kann darf wollen shall should can may do want maybe vielleicht".split()
)
_VERBS = frozenset(
    "is are does do has have will ist sind hat haben wird werden gibt geht läuft funktioniert kostet gilt braucht".split()
)
_AFTER_VERB = frozenset("der die das jemand".split())
# Words that tell anything here: slips of others matter to nobody.
_WANTED = Wanted(
    re.findall(
        r"[^\W\d_]{4,}",
        " ".join((WRITTEN, *_HINTS, *_COMMON, _LEAD.pattern, _ASKS.pattern, _BEGINS.pattern, _TALK.pattern)),
    )
)
_MISTYPED = TYPED | _WANTED.typed
_MARK, _OWN, _PHRASE, _ANOTHER = (
    EVIDENCE.index(name) for name in ("has a question mark", "rule: own need", "phrase of need", "phrase to another")
)
EXCERPT = 350  # characters from the beginning, and as many up to the last question mark
SUM_MAX = 64  # of a learned sum: four logits; what is said outright counts for more
_WEIGHTS = read()
# What the learned sums can add or take away.
_LEARNED_ANY, _LEARNED_OWN = (
    SUM_MAX * sum(map(abs, table[:2])) for table in (_WEIGHTS.any_question, _WEIGHTS.own_need)
)


class _Signs(NamedTuple):
    """What the words show without learned sums: a mark, what the rules conclude, phrases, and the rest of `EVIDENCE`."""

    marked: bool
    own: bool
    other: bool
    told: Phrases
    about: bool
    talk: bool
    first: bool
    to_another: bool


_NOTHING = _Signs(
    marked=False,
    own=False,
    other=False,
    told=Phrases(False, False, False, False, False),
    about=False,
    talk=False,
    first=False,
    to_another=False,
)


def question_kind(text: str) -> QuestionKind:
    """Tell what kind of question the fresh words are, from their beginning and the last sentence with a question mark."""
    whole = reading(mended(text))
    words = excerpt(whole.words)
    if "?" not in words and not _hinted(words, whole.found):
        return QuestionKind.NONE
    known = whole.found if words is whole.words else tokens(words)
    words, known = _in_full(words, known)
    one = said(words, known)
    signs = _signs(words, one)
    if not (signs.marked or signs.own or signs.told.asks or signs.to_another):
        return QuestionKind.NONE
    return _sure(signs) or kind_of(_values(evidence(one, _WEIGHTS), signs), _WEIGHTS)


def _hinted(words: str, found: list[str]) -> bool:
    """Tell whether words without a mark may ask, by a first glance at their tokens, of long texts at what blanks part."""
    if len(words) < SHORT:
        return False
    known = found or words.split(None, HINTED) or ("",)
    head = known[:HEAD]
    return not (
        head[0] not in _VERBS
        and _HINTS.isdisjoint(head)
        and _COMMON.isdisjoint(head[:OPENING])
        and _HINTS_LATER.isdisjoint(known[HEAD:HINTED])
    )


def _verb_first(head: Sequence[str]) -> bool:
    """Tell whether words begin with a verb before its subject, or with a preposition before "welche"."""
    return head[0] in _VERBS or (
        len(head) > 1 and ((head[0][-1:] == "t" and head[1] in _AFTER_VERB) or head[1].startswith("welche"))
    )


@cache  # of some thousand at most
def _sure(signs: _Signs) -> QuestionKind | None:
    """Return what the shipped weights conclude from signs, where learned sums, which count for so much at most, cannot change it."""
    values = _values((0, 0), signs)
    own = _weigh(values, _WEIGHTS.own_need)
    if own >= _LEARNED_OWN:
        return QuestionKind.OWN_NEED
    if own < -_LEARNED_OWN and _weigh(values, _WEIGHTS.any_question) >= _LEARNED_ANY:
        return QuestionKind.OTHER
    return None


def look(words: str, weights: Weights) -> tuple[int, ...]:
    """Return the values of `EVIDENCE` for fresh words in lower case."""
    words, found = _in_full(words, tokens(words))
    one = said(words, found)
    return _values(evidence(one, weights), _signs(words, one))


def _in_full(words: str, found: list[str]) -> tuple[str, list[str]]:
    """Return words, whose tokens are `found`, with short forms in full and without slips, and their tokens; the same objects where there are none."""
    if _MISTYPED.isdisjoint(found):
        return words, found
    full = in_full(words, found)
    if full is not words:
        found = tokens(full)
    right = _WANTED.put_right(full, found)
    return right, found if right is full else tokens(right)


def _signs(words: str, one: Said) -> _Signs:
    known, marked = heads(one.found, words), "?" in words
    lead = without_lead(one.words, one.found)
    begins = one.found if lead is one.words else tokens(lead[:BEGIN_MAX])
    rest, pairs = with_subject(lead, begins), neighbours(one.found, words)
    if rest is not lead:
        known = ["ich", "i", *known]
        pairs |= neighbours(["ich", begins[0], "i", begins[0]], rest)
    words = words[: len(words) - len(one.words)] + rest
    told, to_another = phrases(words, known, pairs, rest), _to_another(one.found)
    opens = (
        marked
        or len(rest) < len(one.words)
        or (bool(known) and _verb_first(known))
        or not _OPENERS.isdisjoint(known[:OPENING])
    )
    if not (opens or to_another or told.asks or told.says or told.troubled):
        return _NOTHING
    if "\n" in words:  # what is asked may go on in the next line; an empty one parts
        words = words.replace("\n\n", ".\n").replace("\n", " ")
    first, asking = not _FIRST.isdisjoint(known), _asking(words)
    begin = _behind_lead(asking) if opens else 0
    talk = opens and _TALK.match(asking, begin) is not None
    about = opens and not (talk or to_another or told.to_somebody) and _about(asking, begin, marked=marked)
    rule = _by_rule(words, told, about=about, to_another=to_another or talk, first=first and not talk)
    own, other = rule is QuestionKind.OWN_NEED, rule is QuestionKind.OTHER
    return _Signs(marked, own, other, told, about, talk, first, to_another)


def _values(sums: tuple[int, int], signs: _Signs) -> tuple[int, ...]:
    marked, own, other, told, *rest = signs
    asks, begins = sums
    sums = (max(-SUM_MAX, min(SUM_MAX, asks)), max(-SUM_MAX, min(SUM_MAX, begins)))
    return (*sums, marked, own, other, *told[:-1], *rest)


def _to_another(found: list[str]) -> bool:
    """Tell whether somebody is asked about themselves: "did you", "is your", "hast du", but not all of them, and not for advice."""
    if _SECOND.isdisjoint(found):
        return False
    for place, word in enumerate(found):
        if word in _SECOND and _asked(word, found[max(0, place - 1) : place], found[place + 1 : place + 3]):
            return True
    return False


def _asked(word: str, before: list[str], after: list[str]) -> bool:
    last, first = before[0] if before else "", after[0] if after else ""
    if word in _YOU:
        if first in _AFTER_YOU:
            return True
        advice = last in ("can", "could", "would") and not _ADVISES.isdisjoint(after)
        return last in _BEFORE_YOU and first not in _ALL and not advice
    if word == "ihr":
        return last == "seid" or (last == "habt" and not any(one.startswith(_TIPS) for one in after))
    return last.endswith("t") if word == "du" else last in ("bei", "mit")


def _asking(words: str) -> str:
    """Return the sentence that leads to the last question mark, or all words where there is none."""
    mark = words.rfind("?")
    return words if mark < 0 else _SENTENCE.split(words[max(0, mark - 200) : mark])[-1]


def _behind_lead(words: str) -> int:
    lead = _LEAD.match(words)
    return lead.end() if lead else 0


def _asks(words: str) -> bool:
    return _ASKS.match(words, _behind_lead(words)) is not None


def _about(asking: str, begin: int, *, marked: bool) -> bool:
    """Tell whether a sentence, that begins behind what leads to it, asks about a thing that it names."""
    begins = (_BEGINS if marked else _BEGINS_PLAIN).match(asking, begin)
    if begins is None or _PERSONS.search(
        asking if marked or len(asking) <= ABOUT_PLAIN else asking[:ABOUT_PLAIN].rpartition(" ")[0]
    ):
        return False
    return (
        not marked
        or asking.count(" ") >= ABOUT_WORDS - 1
        or (_NAMED.search(asking) is not None and _WHEN_WHERE.search(asking, 0, begins.end()) is not None)
    )


def kind_of(values: tuple[int, ...], weights: Weights) -> QuestionKind:
    """Weigh the evidence; without mark, rule or phrase nothing is asked, however it sounds."""
    if not (values[_MARK] or values[_OWN] or values[_PHRASE] or values[_ANOTHER]):
        return QuestionKind.NONE
    if _weigh(values, weights.own_need) >= 0:
        return QuestionKind.OWN_NEED
    return QuestionKind.OTHER if _weigh(values, weights.any_question) >= 0 else QuestionKind.NONE


def _weigh(values: tuple[int, ...], weights: tuple[int, ...]) -> int:
    total: int = sum(map(mul, values, weights))
    return total + weights[-1]


def excerpt(words: str) -> str:
    """Cut long words down to their beginning and what leads to the last question mark."""
    if len(words) <= 2 * EXCERPT:
        return words
    end = words.rfind("?", EXCERPT) + 1
    return words[:EXCERPT] + (" \n" + words[max(EXCERPT, end - EXCERPT) : end + 40] if end else "")


def _by_rule(words: str, told: Phrases, *, about: bool, to_another: bool, first: bool) -> QuestionKind:
    """Tell the kind from phrases alone; the learned sums refine it."""
    need = told.asks or told.says
    if "?" not in words:
        own = (
            told.opens
            or told.says
            or told.troubled
            or about
            or (told.asks and _asks(words) and not _TELLS.match(words))
        )
        return QuestionKind.OWN_NEED if own else QuestionKind.NONE
    last = words[: words.rindex("?") + 1]
    if _RHETORICAL.search(last[-40:]):
        return QuestionKind.OTHER if need else QuestionKind.NONE
    if need and not (to_another and not first):
        return QuestionKind.OWN_NEED
    if to_another or not first:
        return QuestionKind.OTHER
    return QuestionKind.OWN_NEED if _asks(words) else QuestionKind.OTHER
