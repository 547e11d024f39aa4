"""Being lost, stuck or annoyed at a thing, in an author's own words; English and German. Not distress, not conflict.

Read as sequences of words, each with its speaker in it ("I am stuck", "ich komme nicht weiter") or about a thing ("makes no
sense"); words that only add weight are left out on both sides. What is put to or said of others, denied, supposed, past, overcome
or said with a laugh does not count.
"""

from collections.abc import Iterable, Iterator
from itertools import filterfalse, pairwise

from processors.text.mended import mended
from processors.text.normalise import fresh_words, tokens
from processors.text.reading import reading
from processors.text.spelling import slips_of

READ_MAX = 1000  # characters read
WORDS_MAX = 160  # tokens read
NEAR = 12  # words around it in which a laugh or praise makes it another matter
_LOST = (
    "i'm lost", "i am lost", "i'm so lost", "i am so lost", "i'm totally lost", "i'm completely lost", "i'm confused", "i am confused",
    "i'm so confused", "i'm really confused", "i'm totally confused", "i'm very confused", "i am so confused", "i am totally confused",
    "i am very confused", "i get lost", "i'm at a loss", "i am at a loss", "i have no idea what i'm doing", "i have no idea what to do",
    "i have no idea where to start", "i don't know where to start", "i don't know what else to try", "i don't understand any of this",
    "i don't understand anything", "i can't make sense of", "no idea what's going on here", "this is so confusing", "it's so confusing",
    "this is very confusing", "this is really confusing", "no clue where to", "i have no clue what", "i've no clue what", "no idea where to start",
    "no idea where to begin", "no idea what to try", "no idea what to do", "don't know where to begin",
    "i can't follow these", "i can't follow any of", "i don't understand a word",
    "i don't understand a single", "i don't understand this at all", "i can't wrap my head around", "can't make head or tail of", "i'm confused by", "i'm overwhelmed by", "i am overwhelmed by",
    "i'm overwhelmed with", "i am overwhelmed with",
    "ich bin verwirrt", "ich bin total verwirrt", "ich bin völlig verwirrt", "ich verstehe gar nichts", "ich verstehe nichts mehr",
    "ich blicke nicht durch", "ich blick nicht durch", "ich blicke da nicht durch", "ich blick da nicht durch", "ich weiß nicht weiter",
    "ich weiss nicht weiter", "ich weiß nicht mehr weiter", "ich weiss nicht mehr weiter", "ich kenne mich nicht aus",
    "ich kenne mich nicht mehr aus", "ich finde mich nicht zurecht", "ich bin ratlos", "ich bin völlig ratlos", "ich habe keinen plan",
    "ich hab keinen plan", "hab keinen plan", "habe keinen plan", "verstehe nur bahnhof", "versteh nur bahnhof", "stehe auf dem schlauch", "steh auf dem schlauch", "keine ahnung wo ich anfangen",
    "weiß nicht wo ich anfangen", "weiss nicht wo ich anfangen", "weiß nicht mehr was ich noch", "weiss nicht mehr was ich noch", "weiß nicht was ich noch", "weiß nicht mehr was ich probieren", "weiß nicht mehr was ich versuchen", "weiss nicht mehr was ich probieren", "weiß nicht was ich probieren",
    "ich raff es nicht", "ich raffe es nicht", "ich raff das nicht", "ich kapier es nicht", "ich kapiere es nicht",
    "ich kapier das nicht", "ich kapiere das nicht", "bin überfordert", "ich bin damit überfordert",
    "ich blick es nicht", "ich check es nicht", "ich check das nicht", "ich raffe nichts", "ich raffe gar nichts", "ich check gar nichts", "stehe aufm schlauch", "stehe auf'm schlauch", "dont know what else to try", "keine ahnung mehr was ich",
    "ich verstehe kein wort", "ich verstehe das alles nicht", "ich verstehe das gar nicht",
)  # fmt: skip
_STUCK = (
    "i'm stuck", "i am stuck", "i'm still stuck", "i am still stuck", "i've been stuck", "i have been stuck", "i'm totally stuck",
    "i'm completely stuck", "i can't figure this out", "i can't figure it out", "i cannot figure this out", "i can't get it to work",
    "i can't get this to work", "i cannot get it to work", "i cannot get this to work", "i've tried everything", "i have tried everything",
    "i tried everything", "i keep getting the same error", "nothing works", "still not working", "still doesn't work", "i'm giving up",
    "i am giving up", "i give up", "about to give up", "close to giving up", "close to quitting", "it keeps failing", "still refuses to", "ready to give up", "i'm getting nowhere", "and getting nowhere", "am getting nowhere", "i'm out of ideas", "i am out of ideas", "i'm all out of ideas", "i am all out of ideas", "at my wits end", "at my wits' end", "at my wit's end",
    "i'm going round in circles", "i'm going in circles", "i'm going around in circles", "i am going in circles", "nothing i try works", "nothing i do works", "nothing i tried works",
    "nothing i've tried works", "no matter what i try", "no matter what i do", "no matter how often i", "can't get it to run", "can't get this to run",
    "cannot get it to run", "day on the same", "hours on the same", "week on the same", "been at this for hours", "been at this for days", "been at this all day", "been at it for hours", "been at it for days", "been at it all day",
    "and got nowhere", "still dont get it", "klappt nicht egal", "geht nicht egal", "kurz davor aufzugeben", "nichts geht ich", "bin am verzweifeln",
    "been stuck on", "been stuck for", "been stuck since", "been stuck at", "been trying for hours", "been trying for days", "been trying all day",
    "tried everything i can think", "at a dead end", "hit a wall with", "banging my head",
    "ich komme nicht weiter", "ich komm nicht weiter", "ich komme da nicht weiter", "ich komme einfach nicht weiter", "ich hänge fest",
    "ich stecke fest", "ich kriege es nicht hin", "ich krieg es nicht hin", "ich kriegs nicht hin", "ich bekomme es nicht hin",
    "ich habe alles versucht", "ich hab alles versucht", "ich habe alles probiert", "ich hab alles probiert", "nichts funktioniert",
    "geht immer noch nicht", "funktioniert immer noch nicht", "klappt immer noch nicht", "ich gebe auf", "ich geb auf", "komme nicht weiter", "komm nicht weiter", "krieg das nicht hin", "kriege das nicht hin", "hab alles probiert", "hab alles versucht", "ich drehe mich im kreis",
    "ich dreh mich im kreis", "mit meinem latein am ende", "egal was ich mache", "egal was ich versuche", "egal was ich probiere", "egal was ich tue",
    "tagen an demselben", "stunden an demselben", "tagen am selben", "stunden am selben", "tagen an diesem", "stunden an diesem", "wieder derselbe fehler",
    "wieder der gleiche fehler", "immer derselbe fehler", "immer der gleiche fehler", "nichts geht mehr", "nix geht mehr", "ich kriege das nicht hin",
    "ich krieg das nicht hin", "ich bekomme das nicht hin", "es klappt nicht mehr", "will nicht klappen", "will nicht funktionieren", "ich komme nicht voran",
    "ich komme nicht vorwärts", "kein stück weiter", "ich hänge seit", "hänge seit stunden", "hänge seit tagen",
)  # fmt: skip
_ANNOYED = (
    "this is frustrating", "this is so frustrating", "this is really frustrating", "this is very frustrating", "it's so frustrating",
    "so frustrating", "i'm frustrated", "i am frustrated", "i'm so frustrated", "i am so frustrated", "i'm getting frustrated",
    "i'm annoyed", "i am annoyed", "i'm so annoyed", "this is annoying", "this is so annoying", "this is really annoying",
    "driving me crazy", "driving me nuts", "driving me mad", "driving me insane", "driving me up the wall", "drives me insane", "drives me mad", "this is a nightmare", "thing is a nightmare",
    "out of the window", "out the window", "losing my patience", "losing patience with", "running out of patience", "pulling my hair", "tearing my hair",
    "losing my mind", "makes zero sense", "making zero sense", "makes absolutely no sense", "regt mich auf", "regt mich so auf", "ich drehe durch", "ich drehe gleich durch", "kriege die krise", "kriege die motten", "kriege zustände",
    "alles keinen sinn", "sick and tired of", "drives me crazy", "drives me nuts", "makes no sense", "makes no sense at all",
    "i'm fed up", "i am fed up", "i'm sick of this", "i've had enough of this", "waste of time", "wasted hours", "wasted the whole day",
    "das nervt", "nervt mich", "mich nervt", "ich bin genervt", "ich bin frustriert", "ich bin total genervt", "so frustrierend",
    "das ist frustrierend", "macht mich wahnsinnig", "treibt mich in den wahnsinn", "ergibt keinen sinn", "macht keinen sinn",
    "ich habe die nase voll", "ich hab die nase voll", "ich habe es satt", "zeitverschwendung", "zum verzweifeln",
    "macht mich verrückt", "macht mich irre", "treibt mich zur weißglut", "treibt mich zur verzweiflung", "verliere die geduld", "verlier die geduld",
    "ich verzweifle an", "ich verzweifle hier", "zum haare raufen", "zum haareraufen", "keine lust mehr auf", "ist ein alptraum", "ist ein albtraum", "bin mega genervt",
)  # fmt: skip
# Words that add weight and nothing else.
_FILLERS = frozenset(
    "just really officially totally completely honestly simply very absolutely literally slowly even right now way einfach echt total völlig gerade langsam wirklich "
    "irgendwie leider voll schon mal doch jetzt hier da ganz komplett vollig voellig".split()
)
_DENIED = frozenset(
    "not never no isnt wasnt are were nicht nie kein keine he she they you hes shes theyre youre says said sagt sagte er sie du der die ihr".split()
)
_SUPPOSED = frozenset("if when whenever unless until wenn falls ob bis bevor before".split())
# What follows makes it another matter: "stuck in traffic", "lost my keys", "annoyed at you", "I don't get it why people".
_ELSE = frozenset("traffic bed meetings meeting menu karte you dich euch people why warum".split())
# Somewhere in the text: a laugh, praise, a tale, or that it is over; "since yesterday" is not.
_OTHERWISE = frozenset(
    "lol lmao haha hahaha hihi love loved liebe fun spaß witzig lustig movie film story song joke jokes buch serie finally endlich geschafft solved gelöst fixed "
    "yesterday gestern früher damals used".split()
)
_SINCE = frozenset(("since", "seit"))


# What is written in two words or in one, with an apostrophe or without: "I am", "I'm" and "im" are the same.
_JOINED = {
    ("i", "am"): "im", ("i", "have"): "ive", ("do", "not"): "dont", ("does", "not"): "doesnt", ("can", "not"): "cant", ("it", "is"): "its",
    ("what", "is"): "whats",
}  # fmt: skip
_ONE_WORD = {
    "cannot": "cant", "nich": "nicht", "nix": "nichts", "mach": "mache", "versuch": "versuche", "probier": "probiere", "dreh": "drehe", "geb": "gebe", "komm": "komme",
    "krieg": "kriege", "versteh": "verstehe", "blick": "blicke", "kapier": "kapiere", "raff": "raffe", "hab": "habe", "steh": "stehe", "häng": "hänge", "verzweifel": "verzweifle",
    "weiss": "weiß", "weis": "weiß", "check": "checke",
}  # fmt: skip
PHRASES = {"lost": _LOST, "stuck": _STUCK, "annoyed": _ANNOYED}


def _written(phrase: str) -> Iterator[str]:
    """Yield a phrase as keyboards without umlauts write it, too."""
    yield from dict.fromkeys((phrase, phrase.translate(_TWO_LETTERS), phrase.translate(_ONE_LETTER)))


_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ONE_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_WRITTEN = {kind: [way for phrase in phrases for way in _written(phrase)] for kind, phrases in PHRASES.items()}
_WORDS = frozenset(word.replace("'", "") for ways in _WRITTEN.values() for way in ways for word in way.split())
# Slips of the longer words of phrases, by what was meant; what is a word by itself is none.
_MEANT = _ONE_WORD | slips_of(_WORDS, _WORDS | _FILLERS)


def _told(words: Iterable[str]) -> tuple[str, ...]:
    """Return words without apostrophes and without fillers, and as one what is also written as one."""
    short = [word.replace("'", "") if "'" in word else word for word in words]
    said = tuple(filterfalse(_FILLERS.__contains__, map(_MEANT.get, short, short)))
    return said if _JOINED.keys().isdisjoint(pairwise(said)) else _in_one(said)


def _in_one(words: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for short in words:
        if found and (found[-1], short) in _JOINED:
            found[-1] = _JOINED[found[-1], short]
        else:
            found.append(short)
    return tuple(found)


def _by_first() -> dict[str, dict[str, list[tuple[tuple[str, ...], str]]]]:
    """Return the phrases by their first word, and by their second, empty where there is none."""
    table: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
    for kind, phrases in _WRITTEN.items():
        for words in dict.fromkeys(_told(phrase.split()) for phrase in phrases):
            table.setdefault(words[0], {}).setdefault("".join(words[1:2]), []).append((words, kind))
    return table


_FIRST = _by_first()
_NONE: list[tuple[tuple[str, ...], str]] = []
_COMMON = frozenset(_JOINED.values()) | frozenset(
    "i'm i've i am in ich habe hab can't cannot don't still keeps what what's where about doing know working nicht not makes get keep have this it to is over with the been for "
    "same can think trying tried being try works funktioniert das mich macht mehr weiß weiss was wo tun soll kein keine wieder seit egal will geht me my of out error "
    "problem how often any these again going no do all at immer diesem on single ready run gar der und es von den still make around im ive nichts".replace(
        "'", ""
    ).split()
)


def _telling(words: Iterable[str]) -> str:
    """Return of words the longest that is not common, or that is; nothing of none."""
    return max(words, key=lambda word: (word not in _COMMON, len(word)), default="")


def _typed() -> dict[str, frozenset[str]]:
    """Return, for each word, as which it may stand in a text."""
    typed = {word: {word} for word in _WORDS | set(_MEANT.values())}
    for short, meant in _MEANT.items():
        typed[meant].add(short)
    for word in {word for ways in _WRITTEN.values() for way in ways for word in way.split()}:
        typed[word.replace("'", "")].add(word)
    return {word: frozenset(ways) for word, ways in typed.items()}


def _gate() -> dict[str, frozenset[str]]:
    """Return words of which no phrase is without one, and beside each, of which there must be one too; none where it may stand alone.

    What is also written in two words is nothing to ask for.
    """
    typed, apart = _typed(), frozenset(_JOINED.values())
    gate: dict[str, set[str]] = {}
    for phrase in {_told(way.split()) for ways in _WRITTEN.values() for way in ways}:
        key = _telling(phrase)
        beside = _telling(word for word in phrase if word != key and word not in apart)
        for way in typed.get(key, (key,)):
            gate.setdefault(way, set()).update(typed.get(beside, ()) if beside else typed.get(key, (key,)))
    return {word: frozenset(beside) for word, beside in gate.items()}


_BESIDE = _gate()
_GATE = frozenset(_BESIDE)


def frustration(text: str) -> tuple[str, ...]:
    """Return the kinds that the fresh words hold: lost, stuck, annoyed; each once, in order of appearance."""
    text = mended(text)
    found = reading(text).found if len(text) <= READ_MAX else tokens(fresh_words(text[:READ_MAX]))
    hits = _GATE.intersection(found)
    if not hits or all(_BESIDE[word].isdisjoint(found) for word in hits):
        return ()
    return _look(_told(found[:WORDS_MAX]))


def _look(words: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for place, word in enumerate(words):
        known = _FIRST.get(word)
        if known is not None:
            following = known.get(words[place + 1], _NONE) if place + 1 < len(words) else _NONE
            for phrase, kind in (*following, *known.get("", _NONE)):
                end = place + len(phrase)
                if words[place:end] == phrase and not _otherwise(words, place, end):
                    found[kind] = None
    return tuple(found)


def _otherwise(words: tuple[str, ...], start: int, end: int) -> bool:
    """Tell whether it is denied, supposed or another's just before, or about something else just after."""
    return (
        (start > 0 and words[start - 1] in _DENIED)
        or not _SUPPOSED.isdisjoint(words[max(0, start - 2) : start])
        or not _ELSE.isdisjoint(words[end : end + 3])
        or _elsewhere(words[max(0, start - NEAR) : end + NEAR])
    )


def _elsewhere(words: tuple[str, ...]) -> bool:
    """Tell whether words are a joke, praise or a tale of what is over."""
    return any(
        word in _OTHERWISE and words[place - 1 if place else 0] not in _SINCE for place, word in enumerate(words)
    )
