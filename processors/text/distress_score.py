"""A learned score of distress: hashed words and pairs of words with small integer weights, and how much is of oneself.

It orders texts and never decides alone: a tier comes from statements (distress_grammar). The weights are made by
`python -m streams.evaluation.learning.distress`; no word can be read back from them.
"""

from itertools import pairwise
from math import sqrt
from pkgutil import get_data
from zlib import crc32

from processors.text.distress_reading import own_words
from processors.text.normalise import tokens

BUCKETS = 1 << 16
SCALE = 32.0  # a weight of 1.0 is stored as 32, in one signed byte
WORDS_MAX = 600
# People in distress speak of themselves (Rude, Gortner and Pennebaker 2004). Log-odds for a text of such words alone; of 5, 10
# and 20 the best for stressed posts, German texts around distress gain with each.
OF_ONESELF = 10.0
NOTHING = -20.0  # log-odds
_ME = frozenset("i i'm i've i'd i'll im me my mine myself ich mir mich mein meine meinem meinen meiner meines".split())


def features(words: str) -> set[int]:
    """Return the buckets of a text's words and pairs of neighbours (CRC-32, so that they are the same everywhere)."""
    listed = tokens(words)[:WORDS_MAX]
    found = {crc32(word.encode()) % BUCKETS for word in listed}
    found.update(crc32(f"{first} {second}".encode()) % BUCKETS for first, second in pairwise(listed))
    return found


def log_odds(text: str) -> float:
    """Return the learned log-odds of a text's own words, and what the share of words of oneself adds; very low without words."""
    words = own_words(text)
    found = features(words)
    if not found:
        return NOTHING
    listed = tokens(words)[:WORDS_MAX]
    total = sum(_WEIGHTS[bucket] for bucket in found) / SCALE
    return total / sqrt(len(found)) + _BIAS + OF_ONESELF * sum(map(_ME.__contains__, listed)) / len(listed)


_STORED = memoryview(get_data("processors.text", "weights/distress.bin") or b"").cast("b")
_BIAS, _WEIGHTS = _STORED[0] / SCALE, _STORED[1:]
