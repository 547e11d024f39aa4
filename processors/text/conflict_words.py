"""Words aimed at a person: insults, threats, wishes of death; English and German; things and third persons do not count.

An insult counts only where nothing but filler stands between it and the one addressed ("you are such an X", "du bist ein X"),
so that "your stupid printer", "you are not X" and "do you think I am X" are calm. Threats and wishes are read as sequences
of words. No pattern is searched: one pass over the tokens with look-ups in tables, linear in their number.
"""

from collections.abc import Sequence

YOU = frozenset("you u ya you're youre ur du dich dir ihr euch".split())
_NOUNS = frozenset(
    "idiot idiots moron morons imbecile imbeciles loser losers clown clowns jerk jerks scum liar liars fool fools dumbass asshole "
    "assholes prick dickhead twat wanker hypocrite coward cowards cretin creep bastard bastards bitch hack fraud parasite retard "
    "idioten vollidiot vollidioten depp deppen trottel arschloch arschlöcher wichser hurensohn penner spinner schwachkopf dummkopf "
    "versager lügner heuchler feigling feiglinge abschaum vollpfosten blödmann drecksack dreckskerl schwein schweine missgeburt spast "
    "spasti nazi nazis honk hohlkopf volltrottel".split()
)
_ADJECTIVES = frozenset(
    "stupid dumb pathetic idiotic moronic useless worthless incompetent ignorant clueless disgusting braindead retarded delusional "
    "dumm blöd dämlich bescheuert behindert bekloppt unfähig erbärmlich armselig lächerlich ekelhaft widerlich hirnlos zurückgeblieben "
    "gestört".split()
)
_FILLER = frozenset(
    "are r re is being be all both such so just a an the too very really truly totally absolutely complete total fucking fuckin "
    "damn bloody little bunch of pack all, bist seid ist doch ja wohl echt so ein eine einfach wirklich total völlig voll zu aber nur "
    "ganz kleine kleiner alle verdammter verdammte verfluchter sind".split()
)
_SUPPOSED = frozenset("if when whenever unless though think thinks say said like wenn falls als ob".split())
_NOT = frozenset("don't dont not never no nicht nie nicht, kein keine".split())
_INTENT = frozenset("i'll i will we'll we gonna imma going to ich wir werde".split())
_HARM = frozenset("kill murder strangle stab punch".split())
_HARM_DE = frozenset("töte erschlage erschieße ersteche".split())
_HARM_DE_APART = frozenset("bring bringe mach mache schlag schlage hau haue stech steche knall knalle".split())
_APART = frozenset("um fertig kaputt tot ab kalt platt".split())
_ENDS = frozenset("and all too both und alle beide man dude guys".split())

# Sequences that need no more: kind, then the words. `None` at the end: nothing may follow but the end or one of `_ENDS`,
# for "(word) you, printer" swears at a thing.
_SEQUENCES: tuple[tuple[str, str, bool], ...] = (
    ("insult", "shut the fuck up", False), ("insult", "shut your mouth", False), ("insult", "shut up", True),
    ("insult", "fuck you", True), ("insult", "fuck off", True), ("insult", "screw you", True), ("insult", "piss off", True),
    ("insult", "go to hell", True), ("insult", "go fuck yourself", False), ("insult", "get a life", True),
    ("insult", "halt die klappe", False), ("insult", "halt die fresse", False), ("insult", "halt's maul", False),
    ("insult", "halts maul", False), ("insult", "halt dein maul", False), ("insult", "fick dich", True),
    ("insult", "verpiss dich", True), ("insult", "leck mich", True),
    ("threat", "watch your back", False), ("threat", "you will regret this", False), ("threat", "you'll regret this", False),
    ("threat", "know where you live", False), ("threat", "weiß wo du wohnst", False), ("threat", "wirst es bereuen", False),
    ("threat", "wirst das bereuen", False), ("threat", "wirst du bereuen", False),
    ("wish", "go die", True), ("wish", "drop dead", True), ("wish", "kill yourself", True), ("wish", "kill urself", True),
    ("wish", "hang yourself", True), ("wish", "hope you die", False), ("wish", "hope you get cancer", False),
    ("wish", "wish you were dead", False), ("wish", "you should die", False), ("wish", "you deserve to die", False),
    ("wish", "häng dich auf", False), ("wish", "erschieß dich", False), ("wish", "geh sterben", False),
    ("wish", "stirb doch", False), ("wish", "hoffentlich stirbst du", False), ("wish", "hoffentlich verreckst du", False),
    ("wish", "verrecke", True), ("wish", "wünsche dir den tod", False), ("wish", "bring dich um", True),
)  # fmt: skip


def _by_first() -> dict[str, list[tuple[str, tuple[str, ...], bool]]]:
    table: dict[str, list[tuple[str, tuple[str, ...], bool]]] = {}
    for kind, words, bare in _SEQUENCES:
        table.setdefault(words.split()[0], []).append((kind, tuple(words.split()), bare))
    return table


_FIRST = _by_first()
HEADS = frozenset(_FIRST) | _NOUNS | _ADJECTIVES | _HARM | _HARM_DE | _HARM_DE_APART


def may_aim(tokens: Sequence[str]) -> bool:
    """Tell whether there is any word that an attack needs: the gate."""
    return not HEADS.isdisjoint(tokens)


def aimed(tokens: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of attack on the one addressed (insult, threat, wish), each once, in order of appearance.

    `tokens` are lower-case words without marks; apostrophes are '.
    """
    if not may_aim(tokens):
        return ()
    found: dict[str, None] = {}
    for place, token in enumerate(tokens):
        if token in HEADS:
            kind = _kind_at(tokens, place, token)
            if kind:
                found[kind] = None
    return tuple(found)


def _kind_at(tokens: Sequence[str], place: int, token: str) -> str:
    for kind, words, bare in _FIRST.get(token, ()):
        if tuple(tokens[place : place + len(words)]) == words and _meant(tokens, place, place + len(words), bare=bare):
            return kind
    if (token in _NOUNS or token in _ADJECTIVES) and _addressed(tokens, place, noun=token in _NOUNS):
        return "insult"
    return "threat" if _threatens(tokens, place, token) else ""


def _meant(tokens: Sequence[str], start: int, end: int, *, bare: bool) -> bool:
    """Tell whether a sequence is said outright: not denied, not supposed, and where `bare`, not going on to a thing."""
    before = tokens[start - 1] if start else ""
    if before in _NOT or before in _SUPPOSED or before in ("to", "you'll", "will", "ich", "can"):
        return False
    return not bare or end >= len(tokens) or tokens[end] in _ENDS or tokens[end] in YOU


def _addressed(tokens: Sequence[str], place: int, *, noun: bool) -> bool:
    """Walk back over filler to the one addressed; a noun after an adjective before it is fine, a following noun is a thing's."""
    here = place - 1
    while here >= 0 and place - here <= 6 and (tokens[here] in _FILLER or tokens[here] in _ADJECTIVES):
        here -= 1
    if here < 0 or place - here > 6 or tokens[here] not in YOU:
        return False
    if here and (tokens[here - 1] in _SUPPOSED or tokens[here - 1] in ("not", "nicht")):
        return False
    return noun or here < place - 1 or place + 1 >= len(tokens) or tokens[here] == "du"


def _threatens(tokens: Sequence[str], place: int, token: str) -> bool:
    """Tell "I will <harm> you": somebody's will before, the one addressed right behind; German verbs with their parted half."""
    after = tokens[place + 1 : place + 7]
    if not after or after[0] not in YOU:
        return False
    before = tokens[max(0, place - 4) : place]
    if token in _HARM:
        return ("i" in before or "we" in before or "i'll" in before or "we'll" in before or "imma" in before) and (
            not _INTENT.isdisjoint(before[-1:])
        )
    first = "ich" in before or "wir" in before
    if token in _HARM_DE:
        return first
    return token in _HARM_DE_APART and first and not _APART.isdisjoint(after)
