"""From a message to clauses of plain tokens: own words only, evasion undone, contractions opened."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from processors.text.normalise import fresh_words

READ_MAX = 1200  # characters of one message; of a longer one its beginning and its end are read
TOKENS_MAX = 220  # bounds the work on one message
MASKS_MAX = 8  # asterisks that may stand for a letter
MARKS_MAX = 16  # kinds of accents taken away one by one
KEPT_MAX, KEPT_LETTERS = 20_000, 24  # words whose reading is kept a language, and the longest of them

# Letters that look alike (a selection of Unicode's confusables), and digits and signs written for letters.
_ALIKE = dict(zip("асеорхуіѕјһԁԛԝαβεικνορτυωοıⅼ", "aceopxyisjhdqwabeikvoptuwoil", strict=True))
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‘": "'", "`": "'", "´": "'", "…": "."}
_FOLDED = {**_ALIKE, **_UMLAUTS}
_LEET = bytes.maketrans(b"013457@$!|", b"oieastasii")
_GATE = str.maketrans({**dict.fromkeys(',.;:?!()[]{}"/\\<>=+&%#~^_\n\r\t-', " "), **dict.fromkeys("'’", ""),
                       **dict(zip("013457@$", "oieastas", strict=True))})  # fmt: skip
_GATE_ASCII = bytes(ord(chr(code).translate(_GATE) or "'") for code in range(128)).ljust(256)  # ' is left out beside it
_TOKEN = re.compile(r"[a-z0-9@$*|]+(?:![a-z]+)*|[.!?\n;,:()]")
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]){3,40}[a-z](?![^\W_])")
_ALONE = re.compile(r"[ .\-_*][a-z][ .\-_*][a-z][ .\-_*]")  # no letters written apart without it
_LOG_LINE = re.compile(r"^[^\S\n]*+(?:\[?\d{1,4}[-:.T\d]{4,}|traceback|  ?at [\w.$]+\(|\w*(?:error|exception|warning|fatal|debug|info)\b *[:\[]|[$#] |\w+@\w+[:~]|<[\w ~@+]+>)[^\n]*", re.IGNORECASE | re.MULTILINE)  # fmt: skip
_TWICE, _MORE = re.compile(r"(.)\1+", re.DOTALL), re.compile(r"(.)\1{2,}", re.DOTALL)
_BREAKS = frozenset(".!?\n;")


def gate_words(text: str) -> list[str]:
    """Return quickly found lower-case words for the gate: punctuation and apostrophes gone, digits read as letters."""
    plainly = plain(text)
    if plainly.isascii():
        return plainly.encode("ascii").translate(_GATE_ASCII, b"'").decode("ascii").split()
    return plainly.translate(_GATE).split()


def plain(text: str) -> str:
    """Return lower case with umlauts written out and look-alike letters made Latin."""
    lower = text.lower()
    if lower.isascii():
        return lower
    if "ä" in lower or "ö" in lower or "ü" in lower or "ß" in lower or "’" in lower:
        lower = lower.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss").replace("’", "'")
        if lower.isascii():
            return lower
    folded = unicodedata.normalize("NFKC", lower)
    for sign in _FOLDED.keys() & set(folded):  # each once: to look every letter up costs more
        folded = folded.replace(sign, _FOLDED[sign])
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
        marks = [sign for sign in set(folded) if unicodedata.combining(sign)]
        if len(marks) > MARKS_MAX:
            folded = "".join([sign for sign in folded if not unicodedata.combining(sign)])
        else:
            for sign in marks:
                folded = folded.replace(sign, "")
    return folded.lower()


def bounded(text: str) -> str:
    """Return what is read of a message: all, or its beginning and its end."""
    return text if len(text) <= READ_MAX else f"{text[: READ_MAX * 2 // 3]}\n{text[-READ_MAX // 3 :]}"


def own_words(text: str) -> str:
    """Return the bounded message without quotes, code, links and lines of logs, as plain text."""
    words = fresh_words(bounded(text))
    words = _LOG_LINE.sub("", words)
    words = plain(words)
    return _SPACED.sub(_joined, words) if _ALONE.search(words) else words


def _joined(found: re.Match[str]) -> str:
    """Join letters that were written apart; three blanks and more, or two, part words."""
    return "".join(sign for sign in found[0] if sign.isalnum())


class Vocabulary:
    """What a grammar knows of single words: contractions, and which words may be meant by a masked or stretched one."""

    def __init__(self, contractions: Mapping[str, Sequence[str]], known: Mapping[str, object]) -> None:
        self._known = known
        self.plain = {word: contractions.get(word) or (word,) for word in known}
        self.kept: dict[str, Sequence[str]] = {}

    def read(self, word: str) -> Sequence[str]:
        """Return the tokens that a word stands for; `plain` and `kept`, for the same words come again and again."""
        read = self.plain.get(word) or self._read(word)
        if len(word) <= KEPT_LETTERS:
            if len(self.kept) >= KEPT_MAX:
                self.kept.clear()
            self.kept[word] = read
        return read

    def _read(self, word: str) -> Sequence[str]:
        if not word.isalpha():
            return (_unmasked(word, self._known),)
        return (_unstretched(word, self._known),) if len(word) > 3 else (word,)


def pieces(words: str) -> list[str]:
    """Return words and marks, `TOKENS_MAX` at most: of more the first two thirds, and the last third."""
    if words.count("*") > MASKS_MAX:  # what each may stand for is looked for at some cost
        first = "*".join(words.split("*", MASKS_MAX)[:-1])
        words = f"{first}*{words[len(first) + 1 :].replace('*', '')}"
    found = _TOKEN.findall(words.replace("'ll ", " will ").replace("'d ", " would ").replace("'", ""))
    if len(found) > TOKENS_MAX:
        found = [*found[: TOKENS_MAX * 2 // 3], "\n", *found[-TOKENS_MAX // 3 :]]
    return found


def clauses(words: str, vocabulary: Vocabulary) -> list[list[str]]:
    """Return sentences of tokens; commas and colons stay as tokens."""
    return sentences(pieces(words), vocabulary)


def sentences(found: Sequence[str], vocabulary: Vocabulary) -> list[list[str]]:
    """Return the sentences that words and marks make, as a vocabulary reads them."""
    made: list[list[str]] = []
    sentence: list[str] = []
    plain, kept = vocabulary.plain, vocabulary.kept
    for word in found:
        if word in _BREAKS:
            if word == "?" and sentence:
                sentence.append("?")
            if sentence:
                made.append(sentence)
                sentence = []
        else:
            sentence += plain.get(word) or kept.get(word) or vocabulary.read(word)
    if sentence:
        made.append(sentence)
    return made


def _unmasked(token: str, known: Mapping[str, object]) -> str:
    """Undo digits, signs and asterisks within a word, if that makes a known word of it."""
    if token.isdigit():
        return token
    letters = token.encode().translate(_LEET).decode()
    if "*" in letters:
        for letter in "aeioulrnstdcmkhbfgpvwyzxqj":
            filled = letters.replace("*", letter)
            if filled in known:
                return filled
        letters = letters.replace("*", "")
    return letters if letters in known else token


def _unstretched(token: str, known: Mapping[str, object]) -> str:
    """Take "soooo" for "so": runs of three and more letters shrink, to two or to one, if a known word comes of it."""
    if not _TWICE.search(token):
        return token
    short = _MORE.sub(r"\1\1", token)
    if short in known:
        return short
    short = _TWICE.sub(r"\1", token)
    return short if short in known else token
