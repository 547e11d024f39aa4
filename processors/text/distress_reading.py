"""From a message to clauses of plain tokens: own words only, evasion undone, contractions opened."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, compress, filterfalse

from processors.text.normalise import fresh_words, lowered

READ_MAX = 1200  # characters of one message; of a longer one its beginning and its end are read
LINES_APART = 8  # breaks of lines up to which each line is looked at by itself, which is quicker
# Words and marks in which statements of each language are looked for, where a text has words of several.
TELLING_MAX = 32
DENSE_READ = 160  # characters of a wall of cue words
TOKENS_MAX = 220  # bounds the work on one message
MASKS_MAX = 8  # asterisks that may stand for a letter
STRETCHED_MIN = 4  # letters of a word that may be a stretched one
MARKS_MAX = 16  # kinds of accents taken away one by one
KEPT_MAX, KEPT_LETTERS = 20_000, 24  # words whose reading is kept a language, and the longest of them

SMILED = 40  # tokens that a smile at the most lightens; an emoji that laughs lightens all
_FACES = ("😂", "🤣", "😅", "😆", "😜", "😝", "😹", "🙃", "😉", "😁", "😄", "😀")
_WRITTEN = ("*g*", " /s", "^^")
_SMILE = (":)", ":-)", ";)", ";-)", " :d", " :-d", " :p", " :-p", " ;p", " ;d", "=)")
_EYES = (":", ";", "=)")  # no smile is without one

# Letters that look alike (a selection of Unicode's confusables), and digits and signs written for letters.
_ALIKE = dict(zip("асеорхуіѕјһԁԛԝαβεικνορτυωοıⅼ", "aceopxyisjhdqwabeikvoptuwoil", strict=True))
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‘": "'", "`": "'", "´": "'", "…": "."}
_FOLDED = {**_ALIKE, **_UMLAUTS}
_LEET = bytes.maketrans(b"013457@$!|", b"oieastasii")
_GATE = str.maketrans({**dict.fromkeys(',.;:?!()[]{}"/\\<>=+&%#~^_\n\r\t-', " "), **dict.fromkeys("'’", ""),
                       **dict(zip("013457@$", "oieastas", strict=True))})  # fmt: skip
_GATE_ASCII = bytes(ord(chr(code).translate(_GATE) or "'") for code in range(128)).ljust(256)  # ' is left out beside it
_TOKEN = re.compile(r"[a-z0-9@$*|]+(?:![a-z]+)*|[.!?\n;,:()]")
_WITHIN = re.compile(r"(?<=[a-z0-9@$*|])![a-z]")  # a "!" that stands for a letter
_BEFORE_LETTER = re.compile(r"![a-z]")  # found several times as fast, as it begins with one sign
# A ";" stands for every mark that ends a sentence and is no word of it.
_ENDS, _MARKS = ".!;\n", tuple((mark.encode(), f" {mark} ".encode()) for mark in ";?,:()")
_KEPT_SIGNS = bytes(
    59 if chr(code) in _ENDS else code if _TOKEN.fullmatch(chr(code)) else 32 for code in range(128)
).ljust(256)
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]){3,40}[a-z](?![^\W_])")
_ALONE = re.compile(r"[ .\-_*][a-z][ .\-_*][a-z][ .\-_*]")  # no letters written apart without it
_SHAPES = bytes(120 if chr(code).islower() else 32 if chr(code) in " .-_*" else 48 for code in range(128)).ljust(256)
_APART = b" x x "
_LOG_LINE = re.compile(r"^[^\S\n]*+(?:\[?\d{1,4}[-:.T\d]{4,}|traceback|  ?at [\w.$]+\(|\w*(?:error|exception|warning|fatal|debug|info)\b *[:\[]|[$#] |\w+@\w+[:~]|<[\w ~@+]+>)[^\n]*", re.IGNORECASE | re.MULTILINE)  # fmt: skip
_TWICE, _MORE = re.compile(r"(.)\1+", re.DOTALL), re.compile(r"(.)\1{2,}", re.DOTALL)
_ODD = re.compile(r"([^\n])\1|[^a-z\n]")  # signs within a word, or letters that may be stretched
_BREAKS, _BREAK = frozenset(".!?\n;"), "\n"


def gate_words(text: str) -> list[str]:
    """Return quickly found lower-case words for the gate: punctuation and apostrophes gone, digits read as letters."""
    plainly = plain(text)
    if plainly.isascii():
        return plainly.encode("ascii").translate(_GATE_ASCII, b"'").decode("ascii").split()
    return plainly.translate(_GATE).split()


def plain(text: str) -> str:
    """Return lower case with umlauts written out and look-alike letters made Latin."""
    if text.isascii():
        return text.lower()
    lower = lowered(text.replace("’", "'"))
    if lower.isascii():
        return lower
    if "ä" in lower or "ö" in lower or "ü" in lower or "ß" in lower:
        lower = lower.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
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


def bounded(text: str, most: int = READ_MAX) -> str:
    """Return what is read of a message: all, or its beginning and its end, `most` characters."""
    return text if len(text) <= most else f"{text[: most * 2 // 3]}\n{text[-most // 3 :]}"


def own_words(text: str, most: int = READ_MAX) -> str:
    """Return the bounded message without quotes, code, links and lines of logs, as plain text."""
    words = fresh_words(bounded(text, most))
    words = plain(_without_logs(words))
    return _SPACED.sub(_joined, words) if _has_letters_apart(words) else words


def _has_letters_apart(words: str) -> bool:
    """Tell whether single letters stand in a row, as far as a table of bytes can tell: by "x" for letters and blanks for what may part them."""
    try:
        return _APART in words.encode("ascii").translate(_SHAPES)
    except UnicodeEncodeError:
        return _ALONE.search(words) is not None


def _without_logs(words: str) -> str:
    if words.count("\n") > LINES_APART:
        return _LOG_LINE.sub("", words)
    return "\n".join(["" if _LOG_LINE.match(line) else line for line in words.split("\n")])


def _joined(found: re.Match[str]) -> str:
    """Join letters that were written apart; three blanks and more, or two, part words."""
    return "".join(sign for sign in found[0] if sign.isalnum())


class Vocabulary(dict[str, tuple[str, ...]]):
    """The tokens that a word or mark stands for; of a masked or stretched word a known one, where it can be meant.

    Readings of unknown words are kept, for the same come again and again; the oldest makes place for the newest.
    """

    def __init__(self, contractions: Mapping[str, tuple[str, ...]], known: Iterable[str]) -> None:
        super().__init__({word: contractions.get(word) or (word,) for word in known})
        self.known = frozenset(self)
        self._single = frozenset(_TWICE.sub(r"\1", word).encode() for word in self.known)
        self.update(dict.fromkeys(_BREAKS, (_BREAK,)))
        self["?"] = ("?", _BREAK)
        self.update((mark, (mark,)) for mark in ",:()")
        self._kept: list[str] = []
        self._oldest = 0

    def __missing__(self, word: str) -> tuple[str, ...]:
        """Read a word that is not kept."""
        return next((self[one] for one in _meant(word) if one in self.known), (word,)) if _ODD.search(word) else (word,)

    def meaning(self, tokens: AbstractSet[str]) -> frozenset[str]:
        """Return the known words that stand for some of these tokens."""
        return frozenset(word for word in self.known if not tokens.isdisjoint(self[word]))

    def read(self, found: Sequence[str]) -> list[str]:
        """Return the tokens of words and marks."""
        unknown = [word for word in filterfalse(self.__contains__, found) if len(word) <= KEPT_LETTERS]
        if unknown:
            self._keep(list(dict.fromkeys(unknown)))
        return list(chain.from_iterable(map(self.__getitem__, found)))

    def _masked(self, words: list[str]) -> list[str]:
        """Return the words with signs or digits in them, and those that without their double letters may be known ones."""
        data = "\n".join(words).encode()
        number = int.from_bytes(data, "big")
        # Each byte by how it differs from the one before: a letter that is doubled is left out for all words at once.
        single = bytes(compress(data, (number ^ number >> 8).to_bytes(len(data), "big"))).split(b"\n")
        return [
            word
            for word, short in zip(words, single, strict=True)
            if not word.isalpha() or (len(short) < len(word) and short in self._single)
        ]

    def _keep(self, words: list[str]) -> None:
        """Keep the readings of unknown words; those without anything odd stand for themselves, which is found for all at once."""
        self.update(zip(words, zip(words, strict=True), strict=True))
        self.update([(word, self.__missing__(word)) for word in self._masked(words)])
        self._kept += words
        while len(self._kept) - self._oldest > KEPT_MAX:
            del self[self._kept[self._oldest]]
            self._oldest += 1
        if self._oldest > KEPT_MAX:
            del self._kept[: self._oldest]
            self._oldest = 0


def smiles(words: str, tokens: int) -> bool:
    """Tell whether a smile or a laughing face stands in words, of so many tokens."""
    if any(map(words.__contains__, _WRITTEN)) or not (words.isascii() or not any(map(words.__contains__, _FACES))):
        return True
    return tokens <= SMILED and any(map(words.__contains__, _EYES)) and any(map(words.__contains__, _SMILE))


def pieces(words: str) -> list[str]:
    """Return words and marks, `TOKENS_MAX` at most: of more the first two thirds, and the last third."""
    if words.count("*") > MASKS_MAX:  # what each may stand for is looked for at some cost
        first = "*".join(words.split("*", MASKS_MAX)[:-1])
        words = f"{first}*{words[len(first) + 1 :].replace('*', '')}"
    if "'" in words:
        words = words.replace("'ll ", " will ").replace("'d ", " would ").replace("'", "")
    if not words.isascii() or (_BEFORE_LETTER.search(words) and _WITHIN.search(words)):
        found = _TOKEN.findall(words)
    else:  # the same, several times as fast
        signs = words.encode("ascii").translate(_KEPT_SIGNS)
        for mark, apart in _MARKS:
            signs = signs.replace(mark, apart)
        found = signs.decode("ascii").split()
    if len(found) > TOKENS_MAX:
        found = [*found[: TOKENS_MAX * 2 // 3], "\n", *found[-TOKENS_MAX // 3 :]]
    return found


def telling(found: list[str], cues: AbstractSet[str], most: int) -> list[str]:
    """Return `most` words and marks at most: of a longer text the sentences with the most cues, its ends before its middle."""
    if len(found) <= most:
        return found
    ends = [place + 1 for place, word in enumerate(found) if word in _BREAKS]
    begins, ends = [0, *ends], [*ends, len(found)]
    kept: list[int] = []
    for one in _ranked(found, ends, cues):
        size = ends[one] - begins[one]
        if size > most and kept:
            continue
        most -= size
        kept.append(one)
        if most <= 0:
            break
    if most < 0:  # a wall without marks
        wall = found[begins[kept[0]] : ends[kept[0]]]
        most += len(wall)
        return [*wall[: most * 2 // 3], _BREAK, *wall[-most // 3 :]]
    return [word for one in sorted(kept) for word in found[begins[one] : ends[one]]]


def _ranked(found: list[str], ends: list[int], cues: AbstractSet[str]) -> Iterator[int]:
    """Yield the numbers of sentences, of which `ends` are the ends: those with the most different cues first, then those near either end."""
    held: dict[int, set[str]] = {}
    known, last = frozenset(cues).intersection(found), len(ends) - 1
    for place, word in enumerate(found) if known else ():
        if word in known:
            held.setdefault(bisect(ends, place), set()).add(word)
    yield from sorted(held, key=lambda one: (-len(held[one]), min(one, last - one), one))
    for near in range(last // 2 + 1):
        for one in dict.fromkeys((near, last - near)):
            if one not in held:
                yield one


def clauses(words: str, vocabulary: Vocabulary) -> list[list[str]]:
    """Return sentences of tokens; commas and colons stay as tokens."""
    return sentences(pieces(words), vocabulary)


def sentences(found: Sequence[str], vocabulary: Vocabulary) -> list[list[str]]:
    """Return the sentences that words and marks make, as a vocabulary reads them; of marks a "?" at the end stays."""
    tokens = vocabulary.read(found)
    tokens.append(_BREAK)
    made: list[list[str]] = []
    begin = 0
    while begin < len(tokens):
        end = tokens.index(_BREAK, begin)
        if end > begin and tokens[begin] != "?":
            made.append(tokens[begin:end])
        begin = end + 1
    return made


@lru_cache(KEPT_MAX)
def _meant(word: str) -> tuple[str, ...]:
    """Return the words that one may be meant as: digits, signs and asterisks within it undone, "soooo" as "so"."""
    if not word.isalpha():
        return () if word.isdigit() else _unmasked(word)
    if len(word) < STRETCHED_MIN or (len(word) > KEPT_LETTERS and len(word) < 2 * len(set(word))):
        return ()
    return (_MORE.sub(r"\1\1", word), _TWICE.sub(r"\1", word)) if _TWICE.search(word) else ()


def _unmasked(word: str) -> tuple[str, ...]:
    letters = word.encode().translate(_LEET).decode()
    if "*" not in letters:
        return (letters,)
    return (*(letters.replace("*", letter) for letter in "aeioulrnstdcmkhbfgpvwyzxqj"), letters.replace("*", ""))
