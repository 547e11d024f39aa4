"""The reference mix: 5 % questions, 20 % other posts of 20 to 60 words, 60 % reads, joins, searches, reactions, 10 % outcomes, 5 % else.

Three posts of five are English, two German, of words made here: a technical term is a compound of two parts, drawn by
Zipf's law from about a thousand, as a community's own vocabulary is. Members are drawn by Zipf's law with exponent 1.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, product

from processors.events import Event
from processors.vocabulary import VOCABULARY
from streams.codec import Codec

PER_SECOND = 50.0  # events of a log's second
ENGLISH_SHARE = 0.6


def _words(text: str) -> list[str]:
    return text.split()


FILLERS = {
    "en": _words(
        "the a and with of in on for this that it when then after before only also still again we they is was has"
    ),
    "de": _words(
        "der die das und mit von in auf für dies es wenn dann nach vor nur auch noch wieder wir sie ist war hat"
    ),
}
PARTS = {
    "en": (
        _words("""mail disk kernel window printer network archive theme package filter session backup sound screen cache
            index font mirror proxy key log cron mouse image cluster tunnel stream token branch editor color boot"""),
        _words("""server client driver module rule list update queue label folder script service table limit config
            report reader writer monitor builder parser viewer store group panel adapter header buffer bridge scanner
            plugin daemon"""),
    ),
    "de": (
        _words("""Post Platten Kern Fenster Drucker Netz Archiv Themen Paket Filter Sitzungs Sicherungs Ton Bild
            Speicher Such Schrift Spiegel Schlüssel Tagebuch Maus Abbild Verbund Tunnel Strom Zweig Farb Start Zeit
            Raum Daten Lern"""),
        _words("""dienst treiber modul regel liste update schlange ordner skript tabelle grenze einstellung bericht karte
            dose zeile leser schreiber anzeige bauer prüfer lager gruppe feld stecker kopf puffer brücke werk spur
            quelle senke"""),
    ),
}
QUESTIONS = {
    "en": ("How do I set up the {} with a {} and {}?", "Does anyone know why my {} fails after the {} {}?", "Where can I find the {} of the {} and the {}?"),
    "de": ("Wie kann ich {} mit {} und {} verbinden?", "Weiß jemand, warum mein {} nach {} und {} nicht startet?", "Wo finde ich {} zu {} und {}?"),
}  # fmt: skip


class Zipf:
    """Draws ranks 0..n-1 with probability proportional to 1/(rank + 1)."""

    def __init__(self, size: int) -> None:
        self._sums = list(accumulate(1 / rank for rank in range(1, size + 1)))

    def draw(self, dice: random.Random) -> int:
        """Return a rank."""
        return bisect(self._sums, dice.random() * self._sums[-1])


TERMS = {language: ["".join(pair) for pair in product(*parts)] for language, parts in PARTS.items()}
_RANKS = Zipf(len(TERMS["en"]))


def member_key(rank: int) -> str:
    """Return the key of the member of this rank."""
    return f"town/m{rank}"


def events(count: int, members: int, begin: float, seed: int = 1) -> Iterator[Event]:
    """Yield `count` events of `members` members, in time order from `begin` (epoch seconds) on."""
    dice, ranks = random.Random(seed), Zipf(members)
    for number in range(count):
        kind, fields = _content(dice, number)
        yield Event(
            f"e{seed}-{number}",
            kind,
            member_key(ranks.draw(dice)),
            begin + number / PER_SECOND,
            VOCABULARY[kind](**fields),
        )


def records(count: int, members: int, begin: float, codec: Codec, seed: int = 1) -> list[tuple[bytes, bytes]]:
    """Return (key, value) of `events`."""
    return [(event.key.encode(), codec.encode(event, "/bench")) for event in events(count, members, begin, seed)]


def _content(dice: random.Random, number: int) -> tuple[str, dict[str, object]]:
    share = dice.random()
    if share < 0.05:
        return "post.created", {"channel": "help", "thread": f"t{number}", "text": _question(dice)}
    if share < 0.25:
        return "post.replied", {"channel": "general", "thread": f"t{dice.randrange(number + 1)}", "text": _prose(dice)}
    if share < 0.85:
        return dice.choice(
            (
                ("post.read", {"channel": "general"}),
                ("channel.joined", {"channel": "general"}),
                ("reaction.added", {"post": "p1"}),
                ("search.performed", {"query": "mount partition", "results": 3}),
            )
        )
    if share < 0.95:
        kind = dice.choice(("outcome.delivered", "outcome.seen", "outcome.clicked"))
        return kind, {"command": f"c{number}", "playbook": "questions.unanswered"}
    return dice.choice(
        (
            ("feature.used", {"name": "polls"}),
            ("profile.changed", {"role": "helper"}),
            ("task.completed", {"name": "tour"}),
        )
    )


def _language(dice: random.Random) -> str:
    return "en" if dice.random() < ENGLISH_SHARE else "de"


def _term(dice: random.Random, language: str) -> str:
    return TERMS[language][_RANKS.draw(dice)]


def _question(dice: random.Random) -> str:
    language = _language(dice)
    return dice.choice(QUESTIONS[language]).format(*(_term(dice, language) for _ in range(3)))


def _prose(dice: random.Random) -> str:
    language = _language(dice)
    fillers = FILLERS[language]
    return " ".join(
        dice.choice(fillers) if dice.random() < 0.6 else _term(dice, language) for _ in range(dice.randint(20, 60))
    )
