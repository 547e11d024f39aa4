"""Distress in an author's own fresh words, in tiers; English and German; precision before recall.

A keyword alone is T1 at most, and only in a first-person statement. T2 asks for a sincere statement: the author, now,
meant, without jest. T3 asks for an intention or for means. Rules: processors/detectors/README.md.
"""

import re
from typing import NamedTuple

from processors.text.normalise import READ_MAX, fresh_words


class Assessment(NamedTuple):
    """Tier 0 to 3, kinds of evidence, whom it is about (self, other, none), and a score from 0 to 1."""

    tier: int
    kinds: tuple[str, ...]
    about: str
    score: float


CALM = Assessment(0, (), "none", 0.0)
# The gate: each pattern below needs one of these, so without any of them no further look is taken. Plain substrings,
# because a search for each is several times quicker than one pattern of alternatives; no apostrophes, for they vary.
_STEMS = (
    "suicid", "suizid", "selbstmord", "umbring", "bringe mich um", "sterben", "ritze mich", "verletze mich", "wertlos",
    "hoffnungslos", "verzweif", "einsam", "depress", "panikattack", "leben", "nicht mehr", "keinen sinn", "myself",
    "mself", "rself", " life", "it all", "to die", "na die", "e dead", "s dead", "to live", "be here", "be alive",
    "wake up", "go on", "cope", "any more", "anymore", "harm", "hopeless", "worthless", "desperate", "lonely",
    "panic attack", "without me",
)  # fmt: skip
_INTENT = re.compile(
    r"\bi(?:'m| am)? (?:really |just |honestly |actually )?(?:going to|gonna|will|want to|wanna|plan(?:ning)? to|am planning to|have decided to|keep thinking (?:about|of)|think(?:ing)? (?:about|of)) "
    r"(?:kill(?:ing)? myself|end(?:ing)? my (?:own )?life|end(?:ing)? it all|hurt(?:ing)? myself|suicide|taking my (?:own )?life|take my (?:own )?life)|"
    r"\bi feel suicidal|\bi(?:'m| am) (?:feeling )?suicidal|"
    r"ich (?:will|möchte|werde|wollte) (?:mich (?:wirklich |jetzt |heute )?umbringen|mir das leben nehmen|mein leben beenden)|ich denke (?:oft |ständig |nur noch )?(?:an|über) (?:selbstmord|suizid)|ich bringe mich um"
)
_WISH = re.compile(
    r"\bi (?:really |just |honestly |truly |do )*(?:want to die|wanna die|wish i (?:was|were) dead|don'?t want to (?:live|be here|be alive|wake up)(?: any ?more)?|"
    r"do not want to (?:live|be here|be alive)|can'?t go on(?: like this| living| any ?more)?(?=\s*(?:[.!?,;…]|$|and\b|but\b))|can(?:no|')?t cope any ?more|see no reason to live|have no reason to live|hurt myself|cut myself|self.?harm)|"
    r"\bi wish i (?:was|were) dead|\bi feel (?:so |completely |totally |utterly )?(?:hopeless|worthless)(?! (?:at|with|in|about)\b)|everyone would be better off without me|"
    r"ich (?:will|möchte|mag) (?:einfach |nur noch |wirklich )*(?:sterben|nicht mehr (?:leben|da sein|aufwachen))|ich (?:kann|halte) (?:einfach |das alles |es |wirklich )*(?:nicht mehr(?: aus)?$|nicht mehr weiter|nicht mehr leben)|"
    r"ich (?:ritze|verletze) mich|ich sehe keinen sinn mehr|ich (?:habe|hab) (?:\w+ ){0,2}(?:suizidgedanken|selbstmordgedanken)|mein leben zu beenden|ich fühle mich (?:so )?(?:wertlos|hoffnungslos)"
)
_MILD = re.compile(
    r"\bi(?:'m| am| feel)? (?:so |really |very |completely )*(?:depressed|hopeless|worthless|desperate|lonely)\b(?! (?:at|with|in|about|for)\b)|\bi (?:have|had|keep having|get) panic attacks?|\bi can'?t (?:cope|take (?:it|this) any ?more|do this any ?more)|"
    r"ich bin (?:so |völlig |total |sehr |ganz )*(?:verzweifelt|depressiv|einsam|hoffnungslos)|ich (?:habe|leide) (?:\w+ ){0,3}(?:depressionen|panikattacken)|ich kann (?:einfach |das )?nicht mehr\b|ich halte (?:es|das) nicht mehr aus"
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|wouldn'?t|isn'?t|am not|'m not|don'?t (?:feel|think)|used to|nicht|nie|niemals|kein\w*|früher)\b[^.!?]{0,24}$"
)
_PAST = re.compile(
    r"\b(?:years? ago|last (?:year|month)|back then|when i was (?:younger|a (?:kid|teen))|used to|once|damals|früher|vor \w+ jahren)\b"
)
_JEST = re.compile(
    r"\b(?:lol|lmao|rofl|haha\w*|hehe\w*|xd|jk|just kidding|kidding|hihi)\b|[:;]-?[\)dp]\B|😂|🤣|😅|😆|\*g\*|"
    r"\b(?:game|boss|level|respawn|raid|pvp|quest|loot|npc|merge|rebas\w+|compil\w*|build|bug|deadline|regex|css|javascript|java|docker|kernel|process|server|debug\w*|code|laptop|windows|driver|spiel|server|gegner)\b"
)
_FIRST = re.compile(r"\b(?:i|i'm|i've|me|my|myself|ich|mir|mich|mein\w*)\b")
_OTHER = re.compile(
    r"\b(?:my|meine?|einem?) (?:best )?(?:friend|brother|sister|son|daughter|mother|father|mom|dad|wife|husband|partner|roommate|cousin|freund(?:in)?|bruder|schwester|sohn|tochter|mutter|vater|frau|mann)\b"
    r"[^.!?]{0,60}(?:suicid|kill (?:him|her|them)self|(?:wants?|wanted) to die|end (?:his|her|their) life|self.?harm|hurt(?:ing)? (?:him|her|them)self|umbringen|sterben will|selbstmord|suizid|nicht mehr leben)"
)


def assess(text: str) -> Assessment:
    """Assess one message: see the module's rules. Reads `normalise.READ_MAX` characters."""
    words = text[:READ_MAX].lower()
    for stem in _STEMS:  # a loop, not any(): a generator would double the cost of the usual, calm message
        if stem in words:
            return _look(" ".join(fresh_words(words).replace("’", "'").split()))
    return CALM


def _look(words: str) -> Assessment:
    if _OTHER.search(words):
        return Assessment(0, ("third_person",), "other", 0.5)
    if not _FIRST.search(words):
        return CALM
    jest = _JEST.search(words) is not None
    for tier, kind, pattern in ((3, "intention", _INTENT), (2, "wish", _WISH), (1, "mild", _MILD)):
        if _sincere(pattern, words):
            meant = max(tier - 2, 0) if jest else tier
            return Assessment(meant, (kind, "jest") if jest else (kind,), "self", meant / 3) if meant else CALM
    return CALM


def _sincere(pattern: re.Pattern[str], words: str) -> bool:
    """Tell whether the pattern stands in a sentence that is neither negated nor past, quoted nor conditional."""
    for found in pattern.finditer(words):
        before = words[max(0, found.start() - 40) : found.start()]
        if _NEGATED.search(before) or _PAST.search(words[max(0, found.start() - 60) : found.end() + 40]):
            continue
        if re.search(
            r"\b(?:said|says|song|lyrics|title|book|movie|film|if|when|wenn|falls|sagte|lied)\b[^.!?]{0,20}$", before
        ):
            continue
        return True
    return False
