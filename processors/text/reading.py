"""One reading of a text for all detectors that look at it: its fresh words in lower case, and their tokens, once."""

from functools import lru_cache
from typing import NamedTuple

from processors.text.normalise import fresh_words, tokens


class Reading(NamedTuple):
    """Fresh words in lower case with ' for apostrophes; their tokens; and whether nothing was cut away from the text."""

    words: str
    found: list[str]
    whole: bool


@lru_cache(maxsize=1)
def reading(text: str) -> Reading:
    """Read a text. The last one is remembered: detectors look at the same text one after the other. Change nothing in it."""
    fresh = fresh_words(text)
    words = fresh.lower().replace("’", "'")
    return Reading(words, tokens(words), fresh == text)
