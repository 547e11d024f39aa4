"""An author's own fresh words: without quotes, code, addresses and signatures."""

import re
from collections.abc import Sequence
from functools import lru_cache

READ_MAX = 4000  # characters; what follows is not read
KEPT, KEPT_LETTERS = 5_000, 24  # words with apostrophes whose tokens are kept, and the longest of them
_CODE_AND_LINKS = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|www\.\S+|\[<-\w+->\]", re.DOTALL)
_QUOTED = re.compile(r"[\"“„«][^\"”“»\n]{12,400}[\"”“»]")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LOWER = bytes(ord(chr(byte).lower()) for byte in range(256))
# Bytes of Latin-1 in lower case; those that no token has become blanks.
_LATIN_1 = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() or chr(byte) == "'" else 32 for byte in range(256))


def fresh_words(text: str) -> str:
    """Return the text without code, quoted lines and phrases, links and what follows a signature mark."""
    text = question_words(text)
    return _QUOTED.sub(" ", text) if '"' in text or "“" in text or "„" in text or "«" in text else text


def question_words(text: str) -> str:
    """Return the fresh words with quoted phrases: an error message, or the word asked about, is what a question is about."""
    text = text[:READ_MAX]
    if ">" in text and ("\n>" in text or text.startswith(">")):
        text = "\n".join([line for line in text.split("\n") if not line.lstrip().startswith(">")])
    if "\n" in text and "\n--" in text:
        for sign in ("\n-- \n", "\n--\n"):
            text = text.partition(sign)[0]
    if "`" in text or (":" in text and "http" in text) or "www." in text or ("[" in text and "[<-" in text):
        text = _CODE_AND_LINKS.sub(" ", text)
    return text


def lowered(text: str) -> str:
    """Return lower case; of what Latin-1 can hold by a table of bytes, which is many times as fast where there are umlauts."""
    if text.isascii():
        return text.lower()
    try:
        return text.encode("latin-1").translate(_LOWER).decode("latin-1")
    except UnicodeEncodeError:
        return text.lower()


def tokens(text: str) -> list[str]:
    """Return lower-case word tokens (letters and digits, inner apostrophes kept as ')."""
    text = text.replace("’", "'")
    try:  # what Latin-1 can hold is cut by a table of bytes, four times as fast as by the pattern, and the same
        found = text.encode("latin-1").translate(_LATIN_1).decode("latin-1").split()
    except UnicodeEncodeError:
        return _TOKEN.findall(text.lower())
    if "'" in text:
        return [part for word in found for part in ((word,) if "'" not in word else _parted(word))]
    return found


def _parted(word: str) -> Sequence[str]:
    """Return the tokens of a word with apostrophes; the same come again and again."""
    return _known_parts(word) if len(word) <= KEPT_LETTERS else _TOKEN.findall(word)


@lru_cache(KEPT)
def _known_parts(word: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(word))
