"""Words aimed at a person: insults, threats, wishes of death; English and German; things and third persons do not count.

The tables (processors/text/conflict_tables) say in classes of words how somebody is attacked: an insult beside nothing but
filler behind the one addressed, or called out; a will, a verb of harm and whom it is for; what is told to go, be silent or
die. So "your stupid printer", "you are not X" and "do you think I am X" are calm.
"""

import tomllib
from collections.abc import Collection, Iterator, Sequence
from pkgutil import get_data
from typing import Any

from processors.text.conflict_classes import listed
from processors.text.conflict_grammar import Grammar, Rule, Table, spellings

YOU = frozenset("you u ya you're youre ur du dich dir ihr euch".split())
LANGUAGES = ("english", "german")
ADDRESSED = ("YOU", "you", "DU", "du", "dich", "dir", "ihr", "euch")  # names of places in rules
KINDS = ("threat", "wish", "insult")  # the first counts where several begin at one word
_ENDINGS = {"-": ("", "e", "en", "er", "es", "em", "n", "s"), "_": ("", "e", "en", "er", "es", "em")}
_BEFORE = {
    "~": "(?<!SUPPOSED+NOT+QUOTE)(?<!CLAIM WORD+COMMA)",  # nobody supposes, tells or denies it
    "^": "(?<!~START+COMMA+DASH+END)",  # a clause begins, so that it is told to somebody
    "=": "",
}


def may_aim(tokens: Sequence[str]) -> bool:
    """Tell whether there is any word that an attack needs: the gate."""
    return not HEADS.isdisjoint(tokens)


def aimed(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of attack on the one addressed (insult, threat, wish), each once, in order of appearance.

    `parts` are lower-case words, with ' for apostrophes, and runs of marks.
    """
    return tuple(dict.fromkeys(GRAMMAR.kinds(coded(parts))))


def coded(parts: Sequence[str]) -> str:
    """Return parts as the rules read them, for several questions; nothing where no word is among them that an attack needs."""
    return GRAMMAR.coded(parts) if may_aim(parts) else ""


def attacks(letters: str) -> bool:
    """Tell whether there is any attack in `coded` parts, as `aimed` finds it."""
    return GRAMMAR.finds(letters)


def spared(letters: str) -> bool:
    """Tell whether words of attack are in `coded` parts that are said of oneself, of others or of a thing, or denied, supposed or told."""
    return GRAMMAR.spares(letters)


def _read() -> Table:
    """Return the tables of all languages as one: people mix them."""
    classes: dict[str, set[str]] = {}
    joined: dict[str, str] = {}
    fragments: dict[str, str] = {}
    rules: dict[str, list[Rule]] = {}
    for language in LANGUAGES:
        table: dict[str, Any] = tomllib.loads(
            (get_data("processors.text", f"conflict_tables/{language}.toml") or b"").decode()
        )
        for name, words in table["classes"].items():
            classes.setdefault(name, set()).update(_listed(words))
        joined |= table["joined"]
        fragments |= table["fragments"]
        for kind in (*KINDS, "spared"):
            rules.setdefault(kind, []).extend(way for rule in table[kind]["rules"] for way in _ways(kind, rule))
    classes["TIER"] |= {word for one in listed("person") for word in spellings(one)}
    return Table(
        classes,
        joined,
        fragments,
        [rule for kind in KINDS for rule in rules[kind]],
        rules["spared"],
        ADDRESSED,
        "<told>",
    )


def _listed(words: str) -> Iterator[str]:
    for word in words.split():
        endings = _ENDINGS.get(word[-1], ("",))
        stem = word.rstrip("-_")
        yield from [spelt for ending in endings for spelt in spellings(stem + ending)]


def _ways(kind: str, written: str) -> Iterator[Rule]:
    """Yield a rule as it is written; one that begins with what may be absent as two."""
    before, first, rest = written.split(" ", 2)
    yield Rule(kind, _BEFORE[before], f"{first.removesuffix('?')} {rest}")
    if first.endswith("?"):
        yield Rule(kind, _BEFORE[before], rest)


_TABLE = _read()
GRAMMAR = Grammar(_TABLE)
HEADS = GRAMMAR.heads
# Of these, those that may attack where nobody is addressed by a word of its own, and what joins such a word with others.
ALONE = GRAMMAR.alone | {short for short, words in _TABLE.joined.items() if not YOU.isdisjoint(words.split())}
# Words by class, and all that the grammar knows.
NAMED = {name: frozenset(words) for name, words in _TABLE.classes.items()}
# An insult with one of these stays one, whoever laughs.
GRAVE = NAMED["GRAVE"]


def known() -> Collection[str]:
    """Return all words that the grammar knows."""
    return GRAMMAR.known


def grave(parts: Sequence[str]) -> bool:
    """Tell whether an attack is one that no laugh takes back: a wish of death, or the worst words."""
    return not GRAVE.isdisjoint(parts) or "wish" in aimed(parts)
