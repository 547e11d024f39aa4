"""Words that press or blame, texts too long for their medium, and languages in which a reason is missing."""

import re
from collections.abc import Iterator
from functools import lru_cache

from processors.playbooks.resources import Playbook
from resource_catalog.lint.hint import Check, Hint, at
from resource_catalog.loader import Loaded
from resource_catalog.playbook_file import PlaybookFile

TEXTS_KEPT = 4_096  # an editor looks at the same texts at each key
# What a member reads in passing; an email may be longer.
PASSING = ("in_app", "direct_message")
PASSING_MAX = 280
PRESSING: dict[Check, dict[str, tuple[str, ...]]] = {
    "urgency": {
        "en": (
            "act now", "hurry", "last chance", "don't miss", "do not miss", "before it's too late", "before it is too late", "limited time", "only today",
            "urgent", "asap", "right now", "immediately", "expires soon", "running out", "final reminder", "last reminder",
        ),
        "de": (
            "jetzt handeln", "beeil", "letzte chance", "verpass nicht", "nicht verpassen", "verpassen sie nicht", "bevor es zu spät", "nur heute", "nur noch heute", "dringend", "sofort", "läuft bald ab",
            "letzte erinnerung", "nur für kurze zeit", "schnell sein",
        ),
    },
    "guilt": {
        "en": (
            "we miss you", "we missed you", "missing you", "you forgot", "you haven't", "you have not yet", "you still haven't", "you should have", "why haven't you",
            "we're disappointed", "disappointed", "don't let us down", "everyone else", "everybody else", "others have already", "falling behind", "you promised",
            "where have you been", "you never",
        ),
        "de": (
            "wir vermissen dich", "wir vermissen sie", "du fehlst", "sie fehlen uns", "du hast vergessen", "sie haben vergessen", "du hast noch immer nicht",
            "du hast immer noch nicht", "hättest du", "warum hast du nicht", "enttäuscht", "lass uns nicht im stich", "alle anderen", "andere haben schon",
            "du hinkst hinterher", "wo warst du", "du hast nie", "versprochen",
        ),
    },
}  # fmt: skip
FILLED = "is read as it stands; nothing fills it in"
INSTEAD = {
    "urgency": "say what there is and until when, and leave the hour to the member",
    "guilt": "say what is there for them, not what they left undone",
}
# As other tools write what they fill in; a member would read it as it stands.
PLACEHOLDER = re.compile(
    r"%[a-z_]+%|\*\|\w+\|\*|<[a-z_ ]+>|\$\{?[a-z_]+|\[(?:your |user|first|last|member|channel|community)?[ _-]?(?:name|vorname|nachname|link|url|date)\]",
    re.IGNORECASE,
)
SHOUTING = re.compile(r"!{2,}|\b[A-ZÄÖÜ]{4,}(?:\s+[A-ZÄÖÜ]{3,})+\b")


def check(loaded: Loaded) -> Iterator[Hint]:
    """Yield hints on what members will read: the texts of playbooks and the summaries that they send."""
    resources = {one.id: one for one in loaded.bundle.resources}
    for file in loaded.playbooks:
        if file.playbook.maturity == "off":
            continue
        seen: set[tuple[str, str]] = set()
        for playbook in file.playbooks:
            for where, text in _texts(playbook):
                if (where, text) not in seen:
                    seen.add((where, text))
                    yield from _pressing(file, where, text)
                    yield from _placeholder(file, where, text)
                    yield from _long(file, playbook, where, text)
            yield from _languages(file, playbook, resources.get(playbook.resource))
        yield from _summaries(file, loaded)


@lru_cache(TEXTS_KEPT)
def pressing(text: str) -> tuple[tuple[Check, str], ...]:
    """Return (check, phrase) for each phrase of a text that presses or blames; both languages are looked for in any text."""
    lower = text.casefold().replace("’", "'")
    found: list[tuple[Check, str]] = [
        (kind, phrase)
        for kind, languages in PRESSING.items()
        for phrases in languages.values()
        for phrase in phrases
        if phrase in lower and re.search(rf"(?<!\w){re.escape(phrase)}", lower)
    ]
    return (*found, *(("urgency", one) for one in SHOUTING.findall(text)))


def _texts(playbook: Playbook) -> list[tuple[str, str]]:
    said = [
        ("because", playbook.because),
        ("say", playbook.say),
        *(("because", line) for tones in playbook.because_in.values() for line in tones.values()),
    ]
    lines = [playbook.say_in, *(variant.say for variant in playbook.variants)]
    said += [("say", line) for languages in lines for tones in languages.values() for line in tones.values()]
    return [(where, text) for where, text in dict.fromkeys(said) if text]


def _pressing(file: PlaybookFile, where: str, text: str) -> Iterator[Hint]:
    if file.playbook.lane == "staff":
        return
    for kind, phrase in pressing(text):
        yield at(file, where, kind, f"{where}: {phrase!r} {_does(kind)}; {INSTEAD[kind]}")


def _placeholder(file: PlaybookFile, where: str, text: str) -> Iterator[Hint]:
    for found in PLACEHOLDER.findall(text):
        yield at(file, where, "placeholder", f"{where}: {found} {FILLED}; a fact is written {{community.name}}")


def _summaries(file: PlaybookFile, loaded: Loaded) -> Iterator[Hint]:
    """Yield hints on the summaries that this playbook sends, at the resource's own file."""
    offered = {one.resource for one in file.playbooks} | {
        variant.resource for one in file.playbooks for variant in one.variants
    }
    for one in loaded.files:
        if one.resource.id in offered and file.playbook.lane != "staff":
            text = one.resource.locales[one.locale]
            for field, line in (
                ("title", text.title),
                ("summary", text.summary),
                *(("tone", line) for line in text.tones.values()),
            ):
                for kind, phrase in pressing(line):
                    line_number, column = one.block.place(field)
                    message = f"{one.resource.id}: {field}: {phrase!r} {_does(kind)}; {INSTEAD[kind]}"
                    yield Hint(str(one.path), line_number, column, message, kind)
                for found in PLACEHOLDER.findall(line):
                    message = f"{one.resource.id}: {field}: {found} {FILLED}; say it without"
                    yield Hint(str(one.path), *one.block.place(field), message, "placeholder")


def _long(file: PlaybookFile, playbook: Playbook, where: str, text: str) -> Iterator[Hint]:
    channels = [one for one in playbook.channels if one in PASSING]
    if where == "say" and channels and len(text) > PASSING_MAX:
        message = (
            f"say: {len(text)} characters are long for {' and '.join(channels)}; {PASSING_MAX} are read in passing"
        )
        yield at(file, "offer", "too-long", message)


def _languages(file: PlaybookFile, playbook: Playbook, resource: object) -> Iterator[Hint]:
    """A member who reads the text in one language reads the reason in another: say it in each language of the resource."""
    locales = getattr(resource, "locales", {})
    if playbook.lane == "staff" or len(locales) < 2:
        return
    for what, known in (
        ("because", set(playbook.because_in)),
        ("say", set(playbook.say_in) if playbook.say or playbook.say_in else None),
    ):
        if known is None:
            continue
        missing = sorted(
            one for one in locales if one.partition("-")[0] not in {name.partition("-")[0] for name in known}
        )
        if missing and (known or len(missing) == len(locales)):
            example = ", ".join(f"{one}: ..." for one in sorted(locales))
            place = what if what == "because" else "offer"
            yield at(file, place, "language", f"{what}: one text for readers of {' and '.join(sorted(locales))}; write {what}: {{{example}}}" if not known
                     else f"{what}: nothing in {', '.join(missing)}, a language of {playbook.resource}; add it")  # fmt: skip


def _does(kind: Check) -> str:
    return "presses" if kind == "urgency" else "blames"
