"""Being lost, stuck or annoyed at a thing, in an author's own words; English and German. Not distress, not conflict.

Read as sequences of words, each with its speaker in it ("I am stuck", "ich komme nicht weiter") or about a thing ("makes no
sense"). What is put to or said of others, denied, supposed or past does not count.
"""

from processors.text.normalise import fresh_words, tokens
from processors.text.reading import reading

READ_MAX = 1000  # characters read
WORDS_MAX = 160  # tokens read
_LOST = (
    "i'm lost", "i am lost", "i'm so lost", "i am so lost", "i'm totally lost", "i'm completely lost", "i'm confused", "i am confused",
    "i'm so confused", "i'm really confused", "i'm totally confused", "i'm very confused", "i am so confused", "i am totally confused",
    "i am very confused", "i get lost", "i'm at a loss", "i am at a loss", "i have no idea what i'm doing", "i have no idea what to do",
    "i have no idea where to start", "i don't know where to start", "i don't know what else to try", "i don't understand any of this",
    "i don't understand anything", "i can't make sense of", "no idea what's going on here", "this is so confusing", "it's so confusing",
    "this is very confusing", "this is really confusing",
    "ich bin verwirrt", "ich bin total verwirrt", "ich bin völlig verwirrt", "ich verstehe gar nichts", "ich verstehe nichts mehr",
    "ich blicke nicht durch", "ich blick nicht durch", "ich blicke da nicht durch", "ich blick da nicht durch", "ich weiß nicht weiter",
    "ich weiss nicht weiter", "ich weiß nicht mehr weiter", "ich weiss nicht mehr weiter", "ich kenne mich nicht aus",
    "ich kenne mich nicht mehr aus", "ich finde mich nicht zurecht", "ich bin ratlos", "ich bin völlig ratlos", "ich habe keinen plan",
)  # fmt: skip
_STUCK = (
    "i'm stuck", "i am stuck", "i'm still stuck", "i am still stuck", "i've been stuck", "i have been stuck", "i'm totally stuck",
    "i'm completely stuck", "i can't figure this out", "i can't figure it out", "i cannot figure this out", "i can't get it to work",
    "i can't get this to work", "i cannot get it to work", "i cannot get this to work", "i've tried everything", "i have tried everything",
    "i tried everything", "i keep getting the same error", "nothing works", "still not working", "still doesn't work", "i'm giving up",
    "i am giving up", "i give up", "i'm about to give up",
    "ich komme nicht weiter", "ich komm nicht weiter", "ich komme da nicht weiter", "ich komme einfach nicht weiter", "ich hänge fest",
    "ich stecke fest", "ich kriege es nicht hin", "ich krieg es nicht hin", "ich kriegs nicht hin", "ich bekomme es nicht hin",
    "ich habe alles versucht", "ich hab alles versucht", "ich habe alles probiert", "ich hab alles probiert", "nichts funktioniert",
    "geht immer noch nicht", "funktioniert immer noch nicht", "klappt immer noch nicht", "ich gebe auf", "ich geb auf",
)  # fmt: skip
_ANNOYED = (
    "this is frustrating", "this is so frustrating", "this is really frustrating", "this is very frustrating", "it's so frustrating",
    "so frustrating", "i'm frustrated", "i am frustrated", "i'm so frustrated", "i am so frustrated", "i'm getting frustrated",
    "i'm annoyed", "i am annoyed", "i'm so annoyed", "this is annoying", "this is so annoying", "this is really annoying",
    "driving me crazy", "driving me nuts", "driving me mad", "drives me crazy", "drives me nuts", "makes no sense", "makes no sense at all",
    "i'm fed up", "i am fed up", "i'm sick of this", "i've had enough of this", "waste of time", "wasted hours", "wasted the whole day",
    "das nervt", "nervt mich", "mich nervt", "ich bin genervt", "ich bin frustriert", "ich bin total genervt", "so frustrierend",
    "das ist frustrierend", "macht mich wahnsinnig", "treibt mich in den wahnsinn", "ergibt keinen sinn", "macht keinen sinn",
    "ich habe die nase voll", "ich hab die nase voll", "ich habe es satt", "zeitverschwendung", "zum verzweifeln",
)  # fmt: skip
_DENIED = frozenset("not never no isn't wasn't nicht nie kein keine he she they he's says said sagt sagte".split())
_SUPPOSED = frozenset("if when whenever unless until wenn falls ob bis bevor before".split())
# What follows makes it another matter: "stuck in traffic", "lost my keys", "annoyed at you".
_ELSE = frozenset("traffic bed meetings meeting you dich euch people".split())


PHRASES = {"lost": _LOST, "stuck": _STUCK, "annoyed": _ANNOYED}


def _by_first() -> dict[str, dict[str, list[tuple[tuple[str, ...], str]]]]:
    """Return the phrases by their first word, and by their second, empty where there is none."""
    table: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
    for kind, phrases in PHRASES.items():
        for phrase in phrases:
            words = tuple(phrase.split())
            table.setdefault(words[0], {}).setdefault("".join(words[1:2]), []).append((words, kind))
    return table


_FIRST = _by_first()
_HEADS = frozenset(_FIRST)
_NONE: list[tuple[tuple[str, ...], str]] = []
_COMMON = frozenset(
    "i'm i've ich have habe don't doesn't can't cannot what's where about getting doing know working really completely totally völlig "
    "total einfach this still immer noch nicht not what makes get keep".split()
)
# The first gate: no phrase without one of these words, of each the longest that is not common.
_KEYS = frozenset(
    max(phrase.split(), key=lambda word: (word not in _COMMON, len(word)))
    for phrases in PHRASES.values()
    for phrase in phrases
)
# The second gate: no phrase without one of these, looked for in the plain text before it is taken apart.
_STEMS = (
    "lost", "confus", "stuck", "at a loss", "no idea", "where to start", "else to try", "understand any", "make sense", "figure",
    "to work", "tried everything", "same error", "nothing works", "still not working", "still doesn", "giv", "frustrat", "annoy", "driv",
    "no sense", "fed up", "sick of", "had enough", "waste", "verwirrt", "verstehe", "blick", "weiter", "nicht aus", "zurecht", "ratlos",
    "keinen plan", "fest", "nicht hin", "alles versucht", "alles probiert", "nichts funktioniert", "immer noch nicht", "geb", "nervt",
    "wahnsinn", "keinen sinn", "nase voll", "satt", "zeitverschwendung", "verzweifeln",
)  # fmt: skip


def frustration(text: str) -> tuple[str, ...]:
    """Return the kinds that the fresh words hold: lost, stuck, annoyed; each once, in order of appearance."""
    if len(text) <= READ_MAX:
        known = reading(text)
        if known.whole and known.found and _KEYS.isdisjoint(known.found):
            return ()
    lowered = text[:READ_MAX].lower()
    for stem in _STEMS:  # a loop, not any(): the usual message leaves here
        if stem in lowered:
            return _look(tokens(fresh_words(lowered))[:WORDS_MAX])
    return ()


def _look(words: list[str]) -> tuple[str, ...]:
    if _HEADS.isdisjoint(words):
        return ()
    found: dict[str, None] = {}
    for place, word in enumerate(words):
        known = _FIRST.get(word)
        if known is not None:
            following = known.get(words[place + 1], _NONE) if place + 1 < len(words) else _NONE
            for phrase, kind in (*following, *known.get("", _NONE)):
                end = place + len(phrase)
                if tuple(words[place:end]) == phrase and not _otherwise(words, place, end):
                    found[kind] = None
    return tuple(found)


def _otherwise(words: list[str], start: int, end: int) -> bool:
    """Tell whether it is denied or supposed just before, or about something else just after."""
    return (
        (start > 0 and words[start - 1] in _DENIED)
        or not _SUPPOSED.isdisjoint(words[max(0, start - 2) : start])
        or not _ELSE.isdisjoint(words[end : end + 3])
    )
