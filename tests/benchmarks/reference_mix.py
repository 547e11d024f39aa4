"""The reference mix: 5 % questions, 20 % other posts of 20 to 60 words, 60 % reads, joins, searches, reactions, 10 % outcomes, 5 % else."""

import random

from processors.events import Event
from processors.vocabulary import VOCABULARY
from streams.codec import Codec
from tests.support.stories import NOON

WORDS = [
    "the",
    "partition",
    "mount",
    "service",
    "update",
    "kernel",
    "mail",
    "filter",
    "rule",
    "archive",
    "list",
    "server",
    "client",
    "build",
    "package",
    "index",
    "color",
    "theme",
    "window",
    "der",
    "die",
    "das",
    "Fenster",
    "Regel",
    "Paket",
    "Liste",
    "Dienst",
    "Archiv",
    "wurde",
    "gestern",
    "mit",
    "einer",
    "neuen",
    "Version",
    "installiert",
    "und",
    "läuft",
    "seitdem",
    "ohne",
    "Fehler",
]
QUESTIONS = (
    "How do I mount the {} {} under {}?",
    "Wie kann ich {} mit {} und {} verbinden?",
    "Does anyone know why my {} {} {} fails?",
)


def records(count: int, members: int, codec: Codec, seed: int = 1) -> list[tuple[bytes, bytes]]:
    """Return (key, value) of `count` events of `members` members (Zipf-like), in time order, 50 a second."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        member = f"town/m{int(members * dice.random() ** 3)}"
        kind, fields = _event(dice, number)
        event = Event(f"e{seed}-{number}", kind, member, NOON + number / 50, VOCABULARY[kind](**fields))
        made.append((member.encode(), codec.encode(event, "/bench")))
    return made


def _event(dice: random.Random, number: int) -> tuple[str, dict[str, object]]:
    share = dice.random()
    if share < 0.05:
        return "post.created", {
            "channel": "help",
            "thread": f"t{number}",
            "text": dice.choice(QUESTIONS).format(*dice.sample(WORDS, 3)),
        }
    if share < 0.25:
        return "post.replied", {
            "channel": "general",
            "thread": f"t{dice.randrange(number + 1)}",
            "text": " ".join(dice.choices(WORDS, k=dice.randint(20, 60))),
        }
    if share < 0.85:
        return dice.choice((("post.read", {"channel": "general"}), ("channel.joined", {"channel": "general"}), ("reaction.added", {"post": "p1"}),
                            ("search.performed", {"query": "mount partition", "results": 3})))  # fmt: skip
    if share < 0.95:
        return dice.choice(("outcome.delivered", "outcome.seen", "outcome.clicked")), {
            "command": f"c{number}",
            "playbook": "questions.unanswered",
        }
    return dice.choice(
        (
            ("feature.used", {"name": "polls"}),
            ("profile.changed", {"role": "helper"}),
            ("task.completed", {"name": "tour"}),
        )
    )
