"""A learned score of distress: hashed words and pairs of words with small integer weights.

It orders texts and never decides alone: a tier comes from statements (distress_grammar). The weights are made by
`python -m streams.evaluation.learning.distress`; no word can be read back from them.
"""

from itertools import pairwise
from math import exp, sqrt
from pkgutil import get_data
from zlib import crc32

from processors.text.distress_reading import own_words
from processors.text.normalise import tokens

BUCKETS = 1 << 16
SCALE = 32.0  # a weight of 1.0 is stored as 32, in one signed byte
WORDS_MAX = 600


def features(words: str) -> set[int]:
    """Return the buckets of a text's words and pairs of neighbours (CRC-32, so that they are the same everywhere)."""
    listed = tokens(words)[:WORDS_MAX]
    found = {crc32(word.encode()) % BUCKETS for word in listed}
    found.update(crc32(f"{first} {second}".encode()) % BUCKETS for first, second in pairwise(listed))
    return found


def learned(text: str) -> float:
    """Return the score of a text's own words, from 0 to 1; 0.0 for a text without words."""
    found = features(own_words(text))
    if not found:
        return 0.0
    total = sum(_WEIGHTS[bucket] for bucket in found) / SCALE
    return 1.0 / (1.0 + exp(-(total / sqrt(len(found)) + _BIAS)))


_STORED = memoryview(get_data("processors.text", "weights/distress.bin") or b"").cast("b")
_BIAS, _WEIGHTS = _STORED[0] / SCALE, _STORED[1:]
