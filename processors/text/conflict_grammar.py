"""A small grammar of word classes: words become letters, one for each set of classes, and rules become patterns over them.

A rule is a pattern of `re` whose places are words: CAPITALS name a class, small letters are a word itself, "+" joins several
to one place, "~" says none of them, <names> are fragments, and blanks mean nothing. At "#" stand words without one of which
the rule cannot hold. As each word and each run of marks is one letter, and repetitions are bounded, reading stays cheap
whatever is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

_NAME = re.compile(r"#?~?([^\W\d_](?:[\w'+]*[\w'])?)")
_FRAGMENT = re.compile(r"<(\w+)>")
_INNER, _PLACED = re.compile(r"\([^()]*\)"), re.compile(r"#?~?([^\W\d_](?:[\w'+]*[\w'])?)(\?|\{0)?")
_GROUP = re.compile(r"\((?!\?)")
_FIRST_LETTER = 0x100  # of those that stand for words; none of them means anything to `re`
_MARKS = {"COMMA": "\x01", "END": "\x02", "QUOTE": "\x03", "DASH": "\x04"}
_OTHER = "\x05"  # a word of no class
REACH = 16  # words from where a match begins to its last head, at most
MARKS_KEPT = 1_000  # runs of marks whose letter is kept
HEADS_MAX = 16  # heads that are looked at; people's texts have hardly any
_QUOTES = frozenset("\"'“”„«»‘`")
_COMMAS, _DASHES = frozenset(",;"), frozenset("-–—()[]@/&+*~:#|_<>=")  # a sentence may go on behind these


Match = Callable[[str, int], re.Match[str] | None]
Ready = tuple[
    dict[str, tuple[Match, ...]], re.Pattern[str]
]  # patterns by the letter they begin with, and these letters


class Rule(NamedTuple):
    """Of which kind what it finds is, what must or may not stand before (a pattern that looks behind), and the pattern."""

    kind: str
    before: str
    pattern: str


class Table(NamedTuple):
    """Classes of words, words that join several, fragments, rules, rules for where their words mean nothing of the kind, the names of who is addressed, and what may not stand behind a match."""

    classes: Mapping[str, Iterable[str]]
    joined: Mapping[str, str]
    fragments: Mapping[str, str]
    rules: Sequence[Rule]
    spared: Sequence[Rule]
    addressed: Iterable[str]
    told: str = ""


class Grammar:
    """A table ready to read; `heads` are the words of which any match has at least one."""

    def __init__(self, table: Table) -> None:
        rules = [rule._replace(pattern=_filled(rule.pattern, table.fragments)) for rule in table.rules]
        spared = [rule._replace(pattern=_filled(rule.pattern, table.fragments)) for rule in table.spared]
        self._classes = {name: frozenset(words) for name, words in table.classes.items()}
        named = {
            name
            for rule in [*rules, *spared]
            for found in _NAME.findall(f"{rule.before} {rule.pattern} {_filled(table.told, table.fragments)}")
            for name in found.split("+")
        }
        self._classes |= {name: frozenset(spellings(name)) for name in named if name.islower()}
        by_word = self._by_word()
        distinct = sorted({tuple(sorted(names)) for names in by_word.values()})
        self._letters = {frozenset(names): chr(_FIRST_LETTER + number) for number, names in enumerate(distinct)}
        self._own = {word: self._letters[names] for word, names in by_word.items()}
        joined = {short: words.split() for short, words in table.joined.items()}
        self._codes = self._own | {
            short: "".join([self._own.get(word, _OTHER) for word in words]) for short, words in joined.items()
        }
        heads, alone = self._heads(rules, frozenset(table.addressed))
        self.heads, self.alone = _opened(heads, joined), _opened(alone, joined)
        self._head = re.compile(f"[{_ranges({self._own[word] for word in heads})}]")
        self._written: dict[str, str] = {}
        self._rules, self._exceptions = rules, spared
        self._told = f"(?!{self._compiled(_filled(table.told, table.fragments))})" if table.told else ""

    @property
    def known(self) -> Mapping[str, str]:
        """The words of all classes, and those that join several, by their letters."""
        return self._codes

    def coded(self, parts: Iterable[str]) -> str:
        """Return a letter for each part of a text, or one for each word that it joins; parts are in lower case."""
        known = self._codes.get
        return "".join([known(part) or (_OTHER if part[0].isalnum() else _mark(part)) for part in parts])

    def kinds(self, coded: str) -> Iterator[str]:
        """Yield the kind of each match, by the place where it begins."""
        matches, begins = self._matches
        for place in self._places_of(coded, begins):
            for match in matches[coded[place]]:
                found = match(coded, place)
                if found and found.lastgroup:
                    yield found.lastgroup

    def finds(self, coded: str) -> bool:
        """Tell whether there is any match, which is all that a stream asks."""
        return self._any(coded, self._matches)

    def spares(self, coded: str) -> bool:
        """Tell whether words are there that would count, but for how they are said."""
        return self._any(coded, self._spared)

    def _any(self, coded: str, ready: Ready) -> bool:
        matches, begins = ready
        return any(match(coded, place) for place in self._places_of(coded, begins) for match in matches[coded[place]])

    def lay_out(self) -> None:
        """Make the patterns now, some tenths of a second, where else the first text that asks would wait for it."""
        _ = self._matches, self._spared

    @cached_property
    def _matches(self) -> Ready:
        """Made when a text first asks: many processes begin, and few of them read."""
        return self._by_first(self._rules)

    @cached_property
    def _spared(self) -> Ready:
        return self._by_first(self._exceptions)

    def _places_of(self, coded: str, begins: re.Pattern[str]) -> Iterator[int]:
        """Yield where a match may begin: at a letter that one begins with, within `REACH` before a head; of a wall of heads, the first `HEADS_MAX` count."""
        done = 0
        for found in islice(self._head.finditer(coded), HEADS_MAX):
            after = found.end()
            for first in begins.finditer(coded, max(done, after - 1 - REACH), after):
                yield first.start()
            done = after

    def _by_word(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name, words in self._classes.items():
            for word in words:
                found.setdefault(word, set()).add(name)
        return {word: frozenset(names) for word, names in found.items()}

    def _heads(self, rules: Sequence[Rule], addressed: frozenset[str]) -> tuple[set[str], set[str]]:
        """Return the heads of all rules, and of those that can do without a word for the one addressed."""
        heads: set[str] = set()
        alone: set[str] = set()
        for rule in rules:
            names = [
                name for place in _NAME.finditer(rule.pattern) if place[0][0] == "#" for name in place[1].split("+")
            ]
            if not names:
                raise ValueError(f"no word is marked with # in the rule {rule.pattern}")
            words = {word for name in names for word in self._listed(name)}
            heads |= words
            if not any(addressed.issuperset(name.split("+")) for name in _always(rule.pattern)):
                alone |= words
        return heads, alone

    def _listed(self, name: str) -> frozenset[str]:
        if name not in self._classes:
            raise ValueError(f"no class is called {name}")
        return self._classes[name]

    def _set(self, name: str) -> set[str]:
        """Return the letters that may stand at a place of this name."""
        letters: set[str] = set()
        for one in name.split("+"):
            if one == "WORD":
                letters |= {*self._letters.values(), _OTHER}
            elif one in _MARKS:
                letters.add(_MARKS[one])
            else:
                letters.update(self._own[word] for word in self._listed(one))
        return letters

    def _compiled(self, pattern: str) -> str:
        return _NAME.sub(self._place, _GROUP.sub("(?:", pattern)).replace(" ", "")

    def _place(self, found: re.Match[str]) -> str:
        if found[0] not in self._written:
            self._written[found[0]] = f"[{'^' if '~' in found[0][:2] else ''}{_ranges(self._set(found[1]))}]"
        return self._written[found[0]]

    def _by_first(self, rules: Sequence[Rule]) -> Ready:
        """Return for each letter the patterns that can begin with it: one for all rules with the same first place and the same before.

        What kind it is stands at the end of each way, so that ways that cannot go on are left at their first letter.
        """
        together: dict[tuple[str, str], dict[str, list[str]]] = {}
        for rule in rules:
            first = _NAME.match(rule.pattern)
            if first is None or rule.pattern[first.end() :].lstrip()[:1] in tuple("?{*"):
                raise ValueError(f"a rule begins with a word or a class: {rule.pattern}")
            ways = together.setdefault((rule.before, "".join(sorted(self._set(first[1])))), {})
            ways.setdefault(rule.kind, []).append(self._compiled(rule.pattern[first.end() :]))
        starting: dict[str, list[Match]] = {}
        for (before, letters), ways in together.items():
            rest = "|".join([f"(?:{'|'.join(several)}){self._told}(?P<{kind}>)" for kind, several in ways.items()])
            match = re.compile(f"{self._compiled(before)}.(?:{rest})").match
            for letter in letters:
                starting.setdefault(letter, []).append(match)
        begins = re.compile(f"[{_ranges(starting)}]" if starting else "(?!)")
        return {letter: tuple(matches) for letter, matches in starting.items()}, begins


_SHORT = {"ist": "is", "nicht": "nich", "eine": "ne"}  # German words as chats shorten them


def spellings(word: str) -> tuple[str, ...]:
    """Return a word as it is also written: ss for ß, and ae, oe and ue for umlauts; of a few, their short form."""
    if word in _SHORT:
        return word, _SHORT[word]
    plain = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return tuple(dict.fromkeys((word, word.replace("ß", "ss"), plain, plain.replace("ß", "ss"))))


def _opened(heads: set[str], joined: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return heads, and what joins one of them with other words."""
    return frozenset(heads | {short for short, words in joined.items() if not heads.isdisjoint(words)})


def _always(pattern: str) -> set[str]:
    """Return the names of places outside of groups that must be there."""
    flat = pattern
    while "(" in flat:
        flat = _INNER.sub(" ", flat)
    return {name for name, after in _PLACED.findall(flat) if after not in ("?", "{0")}


def _ranges(letters: Iterable[str]) -> str:
    """Return letters as the inside of a class of `re`, neighbours as a range."""
    found: list[list[str]] = []
    for letter in sorted(letters):
        if found and ord(letter) == ord(found[-1][1]) + 1:
            found[-1][1] = letter
        else:
            found.append([letter, letter])
    return "".join([first if first == last else f"{first}-{last}" for first, last in found])


def _filled(pattern: str, fragments: Mapping[str, str]) -> str:
    """Put fragments, which may hold others, in the place of their names."""
    while "<" in pattern.replace("?<", ""):
        pattern = _FRAGMENT.sub(lambda found: f"({fragments[found[1]]})", pattern)
    return pattern


@lru_cache(MARKS_KEPT)
def _mark(part: str) -> str:
    """Return the letter of a run of marks."""
    if not _QUOTES.isdisjoint(part):
        return _MARKS["QUOTE"]
    if _COMMAS.issuperset(part):
        return _MARKS["COMMA"]
    return _MARKS["DASH"] if _DASHES.issuperset(part) else _MARKS["END"]
