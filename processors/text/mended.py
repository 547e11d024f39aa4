"""A text as it was meant: signs that keyboards, phones and platforms put in the place of plain ones are put right."""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from itertools import islice

from processors.text.normalise import READ_MAX
from processors.text.spelling import stem
from processors.text.word_vectors import SHIPPED

MUCH_RARER = 24  # eighths of a bit
STRETCHED_MAX, STRETCHED_LETTERS = (
    16,
    20,
)  # stretched words of a text that are put right, and their letters on each side of the stretched one

MENDED_MAX = 1200  # characters of a text that are put right: of longer ones detectors of words read hardly more
# What of Latin-1 needs no look: letters, digits, blanks and marks but for those that platforms and keyboards put in others' place.
_USUAL = bytes(code for code in range(256) if chr(code) not in "&*_~|`<\n\xa0\xad\xb4")
_SIGNS = re.compile("[&*_~|`<\n]")
# Of the rest: blanks of other widths, signs that are not seen, apostrophes, accents apart from their letters, letters of other widths, question marks.
_ODD = re.compile(
    "[\xa0\xad\xb4\u02bc\u0300-\u036f\u061f\u1680\u2000-\u200f\u2018\u2028-\u202f\u2032\u2047-\u2049\u205f-\u2064\u2753\u2754\u3000\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
_WIDE = re.compile("[\u2047-\u2049\uff01-\uff5e\U0001d400-\U0001d7ff]")
_BLANK = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# What may stand before is asked for behind the first sign: a pattern that begins with signs is searched for many times as fast.
_APOSTROPHE = re.compile("[\xb4\u02bc\u2018\u2032](?<=[^\\W\\d_].)(?=[^\\W\\d_])")
_GRAVE = re.compile(r"`(?<=[^\W\d_]`)(?=(?:s|t|m|d|re|ve|ll)\b(?!`))", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
# Marks around words or a phrase, closed as they were opened; of a single asterisk around one word only, for *waves at you* is a deed.
_MARKUP = re.compile(
    r"(?:\*(?<![\w*~|].)\*(?=[^\s*_~|])([^*\n]{1,200})(?<=\S)\*\*|~(?<![\w*~|].)~(?=[^\s*_~|])([^~\n]{1,200})(?<=\S)~~|\|(?<![\w*~|].)\|(?=[^\s*_~|])([^|\n]{1,200})(?<=\S)\|\|"
    r"|\*(?<![\w*~|].)([^\W_][^\s*]{0,40})\*|_(?<![\w*~|].)(?:_([^\W_][^_\n]{0,400} [^_\n]{0,400})__|([^\W_][^_\n]{0,400}(?<=\S))_))(?![\w*~|])"
)
FACES = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?![\w:])")  # emoji by name: :wave:
_MENTION = re.compile(r"<@[!&]?([\w.|-]{1,40})>")
_DEVICE = re.compile(r"\n[ \t]*(?:sent from|von mein|gesendet (?:von|mit)|get outlook|diese nachricht wurde von)[^\n]{0,60}\s*\Z", re.IGNORECASE)  # fmt: skip
# The last two are an i with a dot too many, and without: a set without regard to case is searched for several times as slowly.
_STRETCHED = re.compile("([aeiouAEIOU\u0130\u0131])(?i:\\1\\1)")
_BLANKS = re.compile(r"  (?<=\S  ) *")
_LONG = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)


@lru_cache(maxsize=1)
def mended(text: str) -> str:
    """Return the first `READ_MAX` characters, of which `MENDED_MAX` are put right; nearly all texts stay the same object. The last one is remembered.

    Entities are read as their signs, marks around words (bold, struck out, hidden) are left out, a mention is "@" and its id,
    stretched words ("soooo") are as long as they should be, several blanks are one, and what a device adds at the end ("Sent from my ...") is gone.
    """
    begin = text[:MENDED_MAX]
    right = _put_right(begin)
    return text[:READ_MAX] if right is begin else right + text[MENDED_MAX:READ_MAX]


def _put_right(text: str) -> str:
    try:
        odd = text.encode("latin-1").translate(None, _USUAL)
    except UnicodeEncodeError:
        odd = "".join(_SIGNS.findall(text)).encode() + (b"\xa0" if _ODD.search(text) else b"")
    if odd:
        text = _mended(text, odd)
    if "ooo" in text or "eee" in text or "aaa" in text or "iii" in text or "uuu" in text:
        text = _unstretched(text)
    return _BLANKS.sub(" ", text) if "  " in text else text


def _mended(text: str, odd: bytes) -> str:
    """Put right what these signs may tell of, each in Latin-1."""
    if b"\xa0" in odd or b"\xad" in odd or b"\xb4" in odd:
        text = _plain(text)
    if b"&" in odd:
        text = _ENTITY.sub(lambda found: unescape(found[0]).replace("\xa0", " "), text)
    if max(map(odd.count, (b"*", b"_", b"~", b"|"))) > 1:
        text = _MARKUP.sub(_unmarked, text)
    if b"`" in odd:
        text = _GRAVE.sub("'", text)
    if b"<" in odd:
        text = _MENTION.sub(r"@\1", text)
    return _DEVICE.sub("", text) if b"\n" in odd else text


def _unmarked(found: re.Match[str]) -> str:
    return str(found[found.lastindex or 0])


def _unstretched(text: str) -> str:
    """Return a text with its first stretched words as long as they should be."""
    parts, last = [], 0
    for found in islice(_STRETCHED.finditer(text), STRETCHED_MAX):
        begin, end = found.span()
        if begin < last:
            continue
        first, final = max(last, begin - STRETCHED_LETTERS), min(len(text), end + STRETCHED_LETTERS)
        while begin > first and text[begin - 1].isalpha():
            begin -= 1
        while end < final and text[end].isalpha():
            end += 1
        parts += [text[last:begin], _shortened(text[begin:end])]
        last = end
    return "".join(parts) + text[last:]


def _shortened(word: str) -> str:
    """Return a stretched word with its long letters twice where it is so one that people write, and hardly rarer than with one, else once."""
    once, twice = _LONG.sub(r"\1", word), _LONG.sub(r"\1\1", word)
    if not SHIPPED.knows(twice.lower()):
        return once
    rarer = SHIPPED.rarity(stem(twice.lower())) - SHIPPED.rarity(stem(once.lower()))
    return twice if rarer < MUCH_RARER or not SHIPPED.knows(once.lower()) else once


def _plain(text: str) -> str:
    """Return accents on their letters, blanks as blanks, apostrophes as such, letters of the usual width, question marks as such, and nothing unseen."""
    text = unicodedata.normalize("NFKC" if _WIDE.search(text) else "NFC", text)
    text = _UNSEEN.sub("", _BLANK.sub(" ", text).replace("\u2028", "\n").replace("\u2029", "\n"))
    text = text.replace("\u061f", "?").replace("\u2753", "?").replace("\u2754", "?")
    return _APOSTROPHE.sub("'", text)


# What is typed in haste, by what is meant: contractions without their apostrophe, and short forms of chats.
HASTY = {
    word.replace("'", ""): word
    for word in (
        "don't doesn't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't hasn't haven't i've what's where's how's when's who's "
        "why's there's that's hasn't"
    ).split()
} | {
    "pls": "please", "plz": "please", "plss": "please", "r": "are", "wat": "what", "wut": "what", "teh": "the", "hw": "how", "abt": "about", "ppl": "people",
    "sb": "somebody", "sbdy": "somebody", "smb": "somebody", "sth": "something", "smth": "something", "cuz": "because", "bc": "because", "tho": "though",
    "idk": "i don't know", "dunno": "i don't know", "wanna": "want to", "gonna": "going to", "gotta": "have to", "lemme": "let me", "cud": "could", "shud": "should",
    "jmd": "jemand", "jmnd": "jemand", "iwie": "irgendwie", "iwo": "irgendwo", "iwer": "jemand", "vllt": "vielleicht", "nich": "nicht", "gibs": "gibt es", "gibts": "gibt es",
    "bräucht": "bräuchte", "jz": "jetzt", "jtz": "jetzt", "wiso": "wieso", "warumm": "warum", "weis": "weiß", "liegts": "liegt es", "gehts": "geht es", "kanns": "kann es", "pw": "passwort", "büdde": "bitte", "bidde": "bitte",
}  # fmt: skip
# Of English alone, and of German alone.
_ENGLISH = {"im": "i'm", "u": "you", "ur": "your"}
_GERMAN = {"is": "ist", "ne": "eine", "nen": "einen", "net": "nicht", "ned": "nicht", "hab": "habe", "krieg": "kriege"}
TYPED = frozenset((*HASTY, *_ENGLISH, *_GERMAN))
_ALONE = {word: re.compile(rf"{word}(?<![\w']{word})(?![\w'])") for word in TYPED}
_SPEAKS_GERMAN = frozenset(
    "der das den dem ich und nicht nich ist ein eine einen mit auf bei mir wie wo wer warum zu von für fuer es kann hat habe gibt du man".split()
)


def in_full(words: str, found: list[str]) -> str:
    """Return words in lower case, whose tokens are `found`, with contractions and short forms as they are written in full."""
    typed = TYPED.intersection(found)
    if not typed:
        return words
    own = _ENGLISH if _SPEAKS_GERMAN.isdisjoint(found) else _GERMAN
    for word in typed:
        right = HASTY.get(word) or own.get(word)
        if right:
            words = _ALONE[word].sub(right, words)
    return words
