"""One reading of a text for all detectors that look at it: its fresh words in lower case, and their tokens, once."""

from functools import lru_cache
from typing import NamedTuple

from processors.text.normalise import fresh_words, lowered, tokens

WHOLE_MAX, SHORT_MAX = 1200, 700  # characters of a text, or of its fresh words, up to which anybody wants its tokens


class Reading(NamedTuple):
    """Fresh words in lower case with ' for apostrophes; their tokens, where it is not too long; and whether nothing was cut away."""

    words: str
    found: list[str]
    whole: bool


@lru_cache(maxsize=1)
def reading(text: str) -> Reading:
    """Read a text. The last one is remembered: detectors look at the same text one after the other. Change nothing in it."""
    fresh = fresh_words(text)
    words = lowered(fresh.replace("’", "'"))
    found = tokens(words) if len(text) <= WHOLE_MAX or len(words) <= SHORT_MAX else []
    return Reading(words, found, fresh == text)
