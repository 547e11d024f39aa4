"""Ways in which people and platforms write a text, none of which changes what it says."""

import re
import unicodedata
from collections.abc import Callable

_GERMAN = re.compile(
    r"\b(?:der|die|das|ich|du|nicht|ist|wie|wo|kann|eine?|mit|bist|mir|es|jemand|hat|ihr|halt)\b|[äöüß]", re.IGNORECASE
)
_LOG = "```\nTraceback (most recent call last):\n  File \"main.py\", line 41, in run\nKeyError: 'name'\n```"


def is_german(text: str) -> bool:
    """Tell the language of a fixture."""
    return len(_GERMAN.findall(text)) > 1


def _by_language(english: str, german: str) -> Callable[[str], str]:
    """Return a way to put words around `{}`, in the language of the text."""
    return lambda text: (german if is_german(text) else english).format(text)


def _unseen(text: str) -> str:
    return re.sub(r"(?<=\b\w\w)(?=\w)", "\u200b", text)


def _stretched(text: str) -> str:
    """Stretch the last vowel before an ending of one or two letters."""
    found = [*re.finditer(r"[aeiou](?=[^\Waeiou]{1,2}\b)", text)]
    return f"{text[: found[-1].start()]}{found[-1][0] * 5}{text[found[-1].end() :]}" if found else text


def _two_letters(text: str) -> str:
    for letter, written in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"), strict=True):
        text = text.replace(letter, written)
    return text


def _bold(text: str) -> str:
    words = text.split(" ")
    words[len(words) // 2] = f"**{words[len(words) // 2]}**"
    return " ".join(words)


def _next_line(text: str) -> str:
    words = text.split(" ")
    half = max(2, len(words) // 2)
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}".strip()


# By keyboards and platforms.
SIGNS: dict[str, Callable[[str], str]] = {
    "small letters": str.lower,
    "capitals": str.upper,
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "accents for apostrophes": lambda text: text.replace("'", "´"),
    "graves for apostrophes": lambda text: text.replace("'", "`"),
    "blanks that do not break": lambda text: text.replace(" ", "\xa0"),
    "signs that are not seen": _unseen,
    "soft hyphens": lambda text: re.sub(r"(\w{3})(?=\w{3})", "\\1\xad", text),
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "letters of another width": lambda text: "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalpha() else one for one in text),
    "entities": lambda text: text.replace("'", "&#39;").replace("ä", "&auml;").replace("ü", "&uuml;").replace("ö", "&ouml;").replace("ß", "&szlig;"),
    "a bold word": _bold,
    "all bold": "**{}**".format,
    "all slanted": "_{}_".format,
    "a line more": _next_line,
    "a quote before": "> what somebody said\n{}".format,
    "an escaped quote before": "&gt; what somebody said\n{}".format,
    "a reply before": "> <@sam:example.org> what somebody said\n\n{}".format,
    "code behind": f"{{}}\n{_LOG}".format,
    "a link behind": "{} https://example.org/a/b?x=1".format,
    "a device behind": _by_language("{}\n\nSent from my telephone", "{}\n\nVon meinem Telefon gesendet"),
}  # fmt: skip
# By people.
HABITS: dict[str, Callable[[str], str]] = {
    "no apostrophes": lambda text: re.sub(r"(?<=\w)'(?=\w)", "", text),
    "umlauts in two letters": _two_letters,
    "stretched": _stretched,
    "many marks": lambda text: text.replace("?", "???").replace("!", "!!!"),
}
# What leads to a matter, and what closes it.
AROUND: dict[str, Callable[[str], str]] = {
    "greeted": _by_language("hi all, {}", "hallo zusammen, {}"),
    "greeted without a mark": _by_language("hey everyone {}", "hallo leute {}"),
    "greeted in a line": _by_language("Hi everyone,\n\n{}", "Hallo zusammen,\n\n{}"),
    "to all": "@everyone {}".format,
    "announced": _by_language("quick question: {}", "kurze Frage: {}"),
    "excused": _by_language("sorry if this is the wrong channel but {}", "sorry falls das hier falsch ist aber {}"),
    "thanked beforehand": _by_language("{} Thanks in advance!", "{} Danke schon mal!"),
    "closed": _by_language("{}\n\nBest regards,\nRobin", "{}\n\nViele Grüße\nRobin"),
    "with a face": "{} :wave:".format,
}
