"""A small grammar over word classes: phrases become classes, sequences of classes become kinds of statements.

A table (processors/text/distress_tables/<language>.toml) says which phrases make which class, and which sequences of
classes make which kind of statement. From each token a trie of the sequences is walked over the lattice of phrases; its
depth and width are bounded by the table, so the work is linear in the tokens, whatever is written.
"""

import tomllib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import product
from pkgutil import get_data
from typing import NamedTuple, TypeVar

from processors.text.distress_reading import Vocabulary
from processors.text.distress_together import meetings, met
from processors.text.similarity import is_stop_word

_T = TypeVar("_T")
COUNTED = ("jest", "you", "me", "domain", "life", "theme")  # the lists of words that are counted in a message
_END = "$"
_GAP, _GAP_MAX = "~", 3  # up to three words of any kind
_PUNCTUATION = frozenset(",:()?")
_NEVER_PARTED = frozenset({"FILLER", "CONJ", "END", "MORE", "I"})
_FILLERS_MAX = 40  # tokens of filler that are passed over
# Bounds that hardly any message of people reaches; a wall of such words is read at its beginning and its end.
OPENERS_MAX = 64  # words that may begin a statement
ANCHORED_MAX, CUES_MAX = 12, 96  # sentences around which cues meet, and words of cues there


class Match(NamedTuple):
    """A statement of some kind in tokens[begin:end]; `who` is the class that it begins with."""

    kind: str
    begin: int
    end: int
    who: str


class Grammar:
    """The compiled table of a language."""

    def __init__(self, language: str) -> None:
        table = tomllib.loads((get_data("processors.text", f"distress_tables/{language}.toml") or b"").decode())
        self.words: dict[str, frozenset[str]] = {
            name: frozenset(_listed(words)) for name, words in table["words"].items()
        }
        self.contractions = {word: tuple(opened.split()) for word, opened in table["contractions"].items()}
        self.classes = {name: _listed(phrases) for name, phrases in table["classes"].items()}
        self.fillers = frozenset(self.classes["FILLER"])
        bearing = {phrase for name, phrases in self.classes.items() if name != "FILLER" for phrase in phrases}
        self.dropped = frozenset(word for word in self.fillers if " " not in word and word not in bearing)
        essential = {name: self._essential(phrases) for name, phrases in self.classes.items()}
        if table["inverted"]:  # "ich denke darüber nach" is "denke ich darüber nach" behind another word
            essential |= {
                f"{name}+I": _parted(phrases) for name, phrases in essential.items() if name not in _NEVER_PARTED
            }
        phrases = _phrases(essential)
        self.vetoes = {
            name: _phrases({name: self._essential(_listed(phrases))}) for name, phrases in table["vetoes"].items()
        }
        self.closing = frozenset((*self.classes["CONJ"], *self.classes["MORE"], *self.classes["END"]))
        self.sequences = [
            (kind, expanded)
            for kind, sequences in table["rules"].items()
            for sequence in sequences.split("/")
            for expanded in _expand(sequence, inverted=table["inverted"])
        ]
        self.together = meetings(table.get("together", {}))
        cues = {name for rules in self.together.values() for one in rules for name in one.needed | one.barred}
        in_order = {name.removesuffix("+I") for _, names in self.sequences for name in names}
        self.serving = in_order | cues
        unknown = self.serving - {*self.classes, _END, _GAP}
        if unknown:
            raise ValueError(f"{language}.toml: rules name classes that there are not: {', '.join(sorted(unknown))}")
        self.inverted: bool = table["inverted"]
        self.anywhere = frozenset(_listed(table["anywhere"]))
        self.supposed = frozenset(_listed(table["supposed"]))
        words = {word for first, entries in phrases.items() for rest, _ in entries for word in (first, *rest)}
        self.marks = {
            word: [name for name in COUNTED if word in self.words[name]]
            for word in sorted(frozenset().union(*(self.words[name] for name in COUNTED)))
        }
        foreign = self.words.get("gate_foreign", frozenset())
        self.words["gate"] -= foreign
        self.gate, self.gate_own = _masked(self.words["gate"]), _masked(self.words["gate_own"])
        self.gate_foreign, self.gate_native = _masked(foreign), self.words.get("gate_native", frozenset())
        self.faint = self.words["gate_faint"]
        # The least common word of each anchor: without any of these nothing can meet.
        self._anchors = frozenset(
            max(
                phrase.split(),
                key=lambda word: (not is_stop_word(word), word in self.gate or word in foreign, len(word)),
            )
            for name in self.together
            for phrase in essential[name]
        )
        self.vocabulary = Vocabulary(self.contractions, dict.fromkeys((*sorted(words), *self.contractions)))
        self.heads = _heads(phrases, {*in_order, "FILLER"})
        self._cues = _heads(phrases, cues)
        firsts: dict[str, set[str]] = {}
        for first, entries in phrases.items():
            for _, name in entries:
                firsts.setdefault(name, set()).add(first)
        self.trie = _trie(self.sequences, firsts)
        self._skipped = frozenset(firsts.get("FILLER", ()))
        self._openers = frozenset().union(*(firsts.get(name, ()) for name in self.trie.children))

    def _essential(self, phrases: list[str]) -> list[str]:
        """Return phrases without fillers, as messages are read."""
        bare = [[word for word in phrase.split() if word not in self.dropped] for phrase in phrases]
        # A phrase that shrinks to one word says too little, unless it only lost an article or the like.
        light = self.words["light"]
        kept = [
            " ".join(words)
            for phrase, words in zip(phrases, bare, strict=True)
            if len(words) > 1 or all(word in light for word in phrase.split() if word not in words)
        ]
        return list(dict.fromkeys(phrase for phrase in kept if phrase))

    def meetings(self, sentences: list[list[str]]) -> list[tuple[int, Match]]:
        """Return the statements that cues make in whatever order, each with the index of its sentence."""
        found: list[tuple[int, Match]] = []
        anchored = [index for index, sentence in enumerate(sentences) if not self._anchors.isdisjoint(sentence)]
        if not anchored:
            return found
        near = sorted({one for anchor in _ends_of(anchored, ANCHORED_MAX) for one in (anchor - 1, anchor, anchor + 1)})
        joined = {index: self._joined(sentences[index]) for index in near if 0 <= index < len(sentences)}
        cues = self._cues
        places: list[dict[str, tuple[int, int]]] = [{} for _ in sentences]
        held = [(index, place) for index in joined for place, word in enumerate(joined[index][0]) if word in cues]
        for index, place in _ends_of(held, CUES_MAX):
            first = places[index]
            for name, after in _edges(cues, joined[index][0], place):
                if name not in first:
                    first[name] = (place, after)
        for index, kind, anchor, who in met(self.together, places):
            begin, end = places[index][anchor]
            stood = joined[index][1]
            found.append((index, Match(kind, stood[begin], stood[end], who)))
        return found

    def edges(self, tokens: list[str], index: int) -> list[tuple[str, int]]:
        """Return (class, index behind it) of the phrases that begin at a token."""
        return _edges(self.heads, tokens, index)

    def statements(self, sentences: list[list[str]]) -> list[tuple[int, Match]]:
        """Return the statements that sentences hold, of each place and kind the longest, each with the index of its sentence."""
        openers = self._openers
        said = [index for index, sentence in enumerate(sentences) if not openers.isdisjoint(sentence)]
        joined = {index: self._joined(sentences[index]) for index in said}
        begins = [(index, place) for index in said for place, word in enumerate(joined[index][0]) if word in openers]
        lattices: dict[int, _Lattice] = {}
        found: list[tuple[int, Match]] = []
        for index, begin in _ends_of(begins, OPENERS_MAX):
            if index not in lattices:
                lattices[index] = _Lattice(self.heads, joined[index][0])
            found += [(index, match) for match in self._begun(joined[index], lattices[index], begin)]
        return found

    def _begun(self, joined: tuple[list[str], list[int]], lattice: "_Lattice", begin: int) -> list[Match]:
        """Return the statements that begin at a place."""
        (tokens, places), children = joined, self.trie.children
        ends: dict[tuple[str, str], int] = {}
        for name, after in lattice[begin]:
            node = children.get(name)
            if node is not None and self._leads_on(node, tokens, after):
                self._walk(tokens, lattice, [(node, after)], name, ends)
        return [Match(kind, places[begin], places[end], who) for (kind, who), end in ends.items()]

    def _leads_on(self, node: "_Node", tokens: list[str], index: int) -> bool:
        """Tell whether a walk may come to anything from here: by the next word alone."""
        return node.halts or (index < len(tokens) and (tokens[index] in node.firsts or tokens[index] in self._skipped))

    def _joined(self, tokens: list[str]) -> tuple[list[str], list[int]]:
        """Return the tokens without fillers and the commas that German sets within a statement, and where each stood."""
        joins, dropped = self.words["joins"], self.dropped
        kept = [
            place
            for place, word in enumerate(tokens)
            if word not in dropped and (word != "," or place + 1 == len(tokens) or tokens[place + 1] not in joins)
        ]
        return [tokens[place] for place in kept], [*kept, len(tokens)]

    def _walk(
        self,
        tokens: list[str],
        lattice: "_Lattice",
        walks: list[tuple["_Node", int]],
        who: str,
        ends: dict[tuple[str, str], int],
    ) -> None:
        """Follow all readings from here; note in `ends` where a statement is complete."""
        skipped = self._skipped
        while walks:
            node, index = walks.pop()
            if node.kind or node.closed:
                kind = node.kind or (node.closed if self.ends(tokens, index) else "")
                if kind and not self._vetoed(tokens, index, node.name):
                    ends[kind, who] = max(ends.get((kind, who), 0), index)
            if node.gap is not None:
                self._leap(tokens, lattice, index, node.gap, walks)
            firsts, children = node.firsts, node.children
            size = min(len(tokens), index + _FILLERS_MAX) if firsts else 0
            while index < size:  # fillers are passed over, one by one
                token = tokens[index]
                if token in firsts:
                    for name, after in lattice[index]:
                        child = children.get(name)
                        if child is not None and self._leads_on(child, tokens, after):
                            walks.append((child, after))
                if token not in skipped:
                    break
                index = max([after for name, after in lattice[index] if name == "FILLER"], default=size)

    def _leap(
        self,
        tokens: list[str],
        lattice: "_Lattice",
        index: int,
        node: "_Node",
        walks: list[tuple["_Node", int]],
    ) -> None:
        """Go on from any of the next few tokens of the clause; a negation in between ends it."""
        children, negation = node.children, self.words["negation"]
        for place in range(index, min(index + _GAP_MAX + 1, len(tokens))):
            if tokens[place] in node.firsts:
                walks += [(children[name], after) for name, after in lattice[place] if name in children]
            if tokens[place] in _PUNCTUATION or tokens[place] in negation:
                return

    def ends(self, tokens: list[str], index: int) -> bool:
        """Tell whether a clause ends at this index, fillers aside."""
        while index < len(tokens) and tokens[index] in self.fillers:
            index += 1
        return index >= len(tokens) or tokens[index] in _PUNCTUATION or tokens[index] in self.closing

    def _vetoed(self, tokens: list[str], index: int, name: str) -> bool:
        """Tell whether what follows the class takes its sense away ("hopeless at maths")."""
        table = self.vetoes.get(name)
        if table is None or index >= len(tokens):
            return False
        if tokens[index] in self.fillers and tokens[index] not in table:
            index += 1
        if index >= len(tokens):
            return False
        return any(tokens[index + 1 : index + 1 + len(rest)] == rest for rest, _ in table.get(tokens[index], ()))


def _ends_of(found: list[_T], most: int) -> list[_T]:
    """Return a list, of a longer one its first two thirds and its last third of `most`."""
    return found if len(found) <= most else [*found[: most - most // 3], *found[-(most // 3) :]]


class _Lattice(dict[int, list[tuple[str, int]]]):
    """The phrases that begin at each token, looked up where a walk comes by: most tokens none does."""

    def __init__(self, heads: Mapping[str, "_Words"], tokens: list[str]) -> None:
        super().__init__()
        self._heads, self._tokens = heads, tokens

    def __missing__(self, index: int) -> list[tuple[str, int]]:
        edges = self[index] = _edges(self._heads, self._tokens, index)
        return edges


class _Words:
    """Words of phrases so far: the classes of the phrase that ends here, and the words that may follow."""

    __slots__ = ("following", "names")

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.following: dict[str, _Words] = {}


def _listed(phrases: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in phrases.split("|")]


def _phrases(classes: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[list[str], str]]]:
    table: dict[str, list[tuple[list[str], str]]] = {}
    for name, phrases in classes.items():
        for phrase in phrases:
            first, *rest = phrase.split()
            table.setdefault(first, []).append((rest, name))
    return table


def _heads(phrases: Mapping[str, list[tuple[list[str], str]]], wanted: AbstractSet[str]) -> dict[str, _Words]:
    """Return the phrases of some classes by their words, one after the other."""
    heads: dict[str, _Words] = {}
    for first, entries in phrases.items():
        for rest, name in entries:
            if name.removesuffix("+I") in wanted:
                node = heads.setdefault(first, _Words())
                for word in rest:
                    node = node.following.setdefault(word, _Words())
                if name not in node.names:
                    node.names = (*node.names, name)
    return heads


def _edges(heads: Mapping[str, _Words], tokens: list[str], index: int) -> list[tuple[str, int]]:
    """Return (class, index behind it) of the phrases that begin at a token."""
    found: list[tuple[str, int]] = []
    node, size = heads.get(tokens[index]), len(tokens)
    while node is not None:
        index += 1
        if node.names:
            found += [(name, index) for name in node.names]
        if index == size or not node.following:
            break
        node = node.following.get(tokens[index])
    return found


def _parted(phrases: list[str]) -> list[str]:
    """Return phrases of several words with the subject behind the verb."""
    return [f"{first} ich {rest}" for first, _, rest in (phrase.partition(" ") for phrase in phrases) if rest]


def _masked(words: Iterable[str]) -> frozenset[str]:
    """Return words, each also with one of its inner letters masked."""
    return frozenset(
        masked
        for word in words
        for masked in (word, *(f"{word[:place]}*{word[place + 1 :]}" for place in range(1, len(word))))
    )


class _Node:
    """Where a walk may stand: behind a class, having read a sequence so far."""

    __slots__ = ("children", "closed", "firsts", "gap", "halts", "kind", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.halts = False  # something is to be seen to here, whatever follows
        self.kind = ""  # of the sequence that is complete here
        self.closed = ""  # of the one that is, where the clause ends
        self.gap: _Node | None = None  # behind a few words of any kind
        self.children: dict[str, _Node] = {}
        self.firsts: frozenset[str] = frozenset()  # words with which a way on may begin


def _trie(sequences: Iterable[tuple[str, tuple[str, ...]]], firsts: Mapping[str, AbstractSet[str]]) -> _Node:
    trie = _Node("")
    for kind, names in sequences:
        node = trie
        for name in names:
            if name == _END:
                node.closed = node.closed or kind
                break
            if name == _GAP:
                node.gap = node.gap or _Node(node.name)
                node = node.gap
            else:
                node = node.children.setdefault(name, _Node(name))
        else:
            node.kind = node.kind or kind
    _know_firsts(trie, firsts, {})
    return trie


def _know_firsts(
    node: _Node, firsts: Mapping[str, AbstractSet[str]], known: dict[frozenset[str], frozenset[str]]
) -> None:
    """Note at each node with which words its children may begin; nodes with the same children share the set."""
    names = frozenset(node.children)
    if names not in known:
        known[names] = frozenset().union(*(firsts.get(name, ()) for name in names))
    node.firsts = known[names]
    node.halts = bool(node.kind or node.closed or node.gap)
    for child in node.children.values():
        _know_firsts(child, firsts, known)
    if node.gap is not None:
        _know_firsts(node.gap, firsts, known)


def _expand(sequence: str, *, inverted: bool) -> Iterable[tuple[str, ...]]:
    """Yield the plain sequences of one with choices `(A|B)` and optional parts `A?`, in German word orders too."""
    choices: list[list[tuple[str, ...]]] = []
    for part in sequence.split():
        names = part.rstrip("?").strip("()").split("|")
        choices.append([*((name,) for name in names), *([()] if part.endswith("?") else [])])
    for chosen in product(*choices):
        plain = tuple(name for part in chosen for name in part)
        yield plain
        body = tuple(name for name in plain[2:] if name != _END)
        if inverted and len(plain) > 1 and plain[0] == "I" and plain[1] not in (_END, _GAP):
            tail = (_END,) if plain[-1] == _END else ()
            yield (plain[1], "I", *plain[2:])
            if plain[1] not in _NEVER_PARTED:
                yield (f"{plain[1]}+I", *plain[2:])
            if body:
                yield ("I", *body, plain[1], *tail)
