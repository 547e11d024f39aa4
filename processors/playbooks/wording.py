"""Which words are said: by language, by the community's tone and, in German, its address; what a moment forbids is left out."""

from collections.abc import Mapping

TONES = ("plain", "warm", "playful")
ADDRESSES = ("informal", "formal")
# The keys under which a line may stand beside the plain one.
KEYS = (*TONES, *ADDRESSES, *(f"{tone}-{address}" for tone in TONES for address in ADDRESSES))


def worded(lines: Mapping[str, str], otherwise: str, tone: str, address: str, *, grave: bool) -> str:
    """Return the line for a tone and an address: of both, else of the address, else of the tone, else the plain one.

    The address goes before the tone: to be called by first name where one expects not to be is worse than a plain line.
    A `grave` moment, in which somebody hurts, overrules a playful tone.
    """
    if not lines:
        return otherwise
    if grave and tone == "playful":
        tone = "plain"
    for key in (f"{tone}-{address}", address, tone, "plain"):
        if key in lines:
            return lines[key]
    return otherwise


def in_language(lines: Mapping[str, Mapping[str, str]], locale: str) -> Mapping[str, str]:
    """Return the lines of a language (of `de-AT` or of `de`), else of English, else of the first there are."""
    for key in (locale, locale.partition("-")[0], "en"):
        if key in lines:
            return lines[key]
    return next(iter(lines.values()), {})
