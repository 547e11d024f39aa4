"""A small grammar over word classes: phrases become classes, sequences of classes become kinds of statements.

A table (processors/text/distress_tables/<language>.toml) says which phrases make which class, and which sequences of
classes make which kind of statement. From each token a trie of the sequences is walked over the lattice of phrases; its
depth and width are bounded by the table, so the work is linear in the tokens, whatever is written.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from pkgutil import get_data
from typing import NamedTuple, TypeVar

from processors.text.distress_clauses import Clauses, Phrases
from processors.text.distress_concern import Concern
from processors.text.distress_implied import IMPLIED, Implied
from processors.text.distress_phrases import Words, edges_of, ends_with, followed, heads_of, parted, phrases_of
from processors.text.distress_reading import Vocabulary
from processors.text.distress_spelling import as_typed
from processors.text.distress_together import Together, meetings
from processors.text.distress_trie import BEHIND, END, GAP, Node, expanded, grown
from processors.text.distress_verbs import conjugations, written_out
from processors.text.similarity import is_stop_word

_T = TypeVar("_T")
Edge = tuple[tuple[str, ...], int, str]  # classes of phrases that end alike, the index behind them, and the word there
COUNTED = ("jest", "you", "me", "domain", "life", "theme")  # the lists of words that are counted in a message
SAID = ("past_said", "exaggerating", "fresh", "settled")  # the lists of phrases that are looked for beside a statement
_COUNT_BITS = 10  # a message has fewer tokens than 2^10
_COUNT_MOST = (1 << _COUNT_BITS) - 1
_SHIFTS = tuple((name, number * _COUNT_BITS) for number, name in enumerate(COUNTED))
_GAP_MAX = 4  # words of any kind
_PUNCTUATION = frozenset(",:()?")
_FILLERS_MAX = 40  # tokens of filler that are passed over
# Bounds that hardly any message of people reaches; a wall of such words is read at its beginning and its end.
OPENERS_MAX = 32  # words that may begin a statement
ANCHORED_MAX, CUES_MAX = 12, 64  # sentences around which cues meet, and words of cues there


def counts_of(marks: int) -> dict[str, int]:
    """Return how many of each of the `COUNTED` marks add up to."""
    return {name: marks >> shift & _COUNT_MOST for name, shift in _SHIFTS}


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
        self.subject = table.get("subject", "")
        for listed in self.classes.values():
            if self.subject in listed:
                listed.append(f"{IMPLIED}{self.subject}")
        for name, forms in conjugations(table.get("verbs", {}), self.contractions.keys()):
            self.classes[name] += forms
        self.fillers = frozenset(self.classes["FILLER"])
        bearing = {phrase for name, phrases in self.classes.items() if name != "FILLER" for phrase in phrases}
        self.dropped = frozenset(word for word in self.fillers if " " not in word and word not in bearing)
        self.sequences = [
            (kind, names)
            for kind, sequences in table["rules"].items()
            for sequence in sequences.split("/")
            for names in expanded(sequence, inverted=table["inverted"])
        ]
        essential = {name: self._essential(phrases) for name, phrases in self.classes.items()}
        # "ich denke darüber nach" is "denke ich darüber nach" behind another word
        behind = {name for _, names in self.sequences for name in names if name.endswith(BEHIND)}
        essential |= {name: parted(essential.get(name.removesuffix(BEHIND), [])) for name in sorted(behind)}
        phrases = phrases_of(essential)
        self.vetoes = {
            name: phrases_of({name: self._essential(_listed(phrases))}) for name, phrases in table["vetoes"].items()
        }
        self._within = self.words.get("within", frozenset())
        self._whole = frozenset(_listed(table.get("whole", "")))
        self.closing = frozenset((*self.classes["CONJ"], *self.classes["MORE"], *self.classes["END"]))
        self.anew = self.closing | self.words.get("if", frozenset())
        self.together = meetings(
            table.get("together", {}), [name for name, listed in self.classes.items() if self.subject in listed]
        )
        cues = {name for rules in self.together.values() for one in rules for name in one.needed | one.barred}
        in_order = {name.removesuffix(BEHIND) for _, names in self.sequences for name in names}
        self.serving = in_order | cues
        unknown = self.serving - {*self.classes, END, GAP}
        if unknown:
            raise ValueError(f"{language}.toml: rules name unknown classes: {', '.join(sorted(unknown))}")
        if self._whole & cues:
            raise ValueError(
                f"{language}.toml: classes that stand whole cannot meet: {', '.join(sorted(self._whole & cues))}"
            )
        self.inverted: bool = table["inverted"]
        self.anywhere = frozenset(_listed(table["anywhere"]))
        self.supposed = frozenset(_listed(table["supposed"]))
        words = {word for first, entries in phrases.items() for rest, _ in entries for word in (first, *rest)}
        self.implied = Implied(
            self.subject, _listed(table["implied"]) if "implied" in table else (), table.get("pairs", {}), self.fillers, self.words.get("joining", frozenset()), frozenset().union(*(self.words.get(name, ()) for name in ("other", "you", "persons", "names", "they"))),
            self.words.get("naming", frozenset()),
        )  # fmt: skip
        self.clauses = Clauses(self.subject, self.words, self.fillers, verb_last=self.inverted)
        self.concern = Concern(self.words, self.fillers, verb_last=self.inverted)
        self._know_spellings(words, table.get("endings", {}))
        self.vocabulary = Vocabulary(self.contractions, dict.fromkeys((*sorted(words), *self.contractions)))
        self._know_words()
        self._know_cues(phrases, cues, essential)
        self._know_ways(phrases, in_order, essential)

    def _parting(self, name: str) -> frozenset[str]:
        """Return the words that may stand within the phrases of a class."""
        return frozenset() if name in self._whole else self._within

    def _know_spellings(self, words: Iterable[str], endings: Mapping[str, str]) -> None:
        """Read slips and spoken endings as what is meant by them; those of words of the gate open it too."""
        misspelt = self.words["misspelt"]
        meant = as_typed(words, misspelt, endings, frozenset().union(words, self.contractions, *self.words.values()))
        telling = self.words["gate"] | self.words["gate_own"] | misspelt
        self.slips = frozenset(slip for slip, word in meant.items() if word in telling)
        self.contractions.update((slip, self.contractions.get(word, (word,))) for slip, word in meant.items())

    def _know_words(self) -> None:
        """Compile what single words say: what they count for, and which open the gate."""
        self.marks: dict[str, int] = {}  # what a word adds to the counts of a message
        for name, shift in _SHIFTS:
            for word in sorted(self.words[name]):
                self.marks[word] = self.marks.get(word, 0) + (1 << shift)
        for word, opened in self.contractions.items():
            self.marks.setdefault(word, sum(self.marks.get(one, 0) for one in opened))
        foreign = self.words.get("gate_foreign", frozenset())
        self.words["gate"] -= foreign
        self.gate, self.gate_own = _masked(self.words["gate"]) | self.slips, _masked(self.words["gate_own"])
        self.gate_foreign, self.gate_native = _masked(foreign), self.words.get("gate_native", frozenset())
        self.faint = self.words["gate_faint"]
        self.phrases = {name: Phrases(self.words.get(name, ())) for name in SAID}
        self.gate_theirs, self.gate_persons = self.words["gate_theirs"], self.words["gate_persons"]

    def _know_cues(
        self,
        phrases: Mapping[str, list[tuple[list[str], str]]],
        cues: AbstractSet[str],
        essential: Mapping[str, list[str]],
    ) -> None:
        """Compile what meets."""
        # The least common word of each anchor: without any of these nothing can meet.
        self._anchors = frozenset(
            max(
                phrase.split(),
                key=lambda word: (not is_stop_word(word), word in self.gate or word in self.gate_foreign, len(word)),
            )
            for name in self.together
            for phrase in essential[name]
        )
        self._meetings = Together(self.together)
        self._cues = heads_of(phrases, cues, self._parting, self._meetings.mask)

    def _know_ways(
        self, phrases: Mapping[str, list[tuple[list[str], str]]], in_order: AbstractSet[str], essential: Iterable[str]
    ) -> None:
        """Compile what stands in order."""
        self.heads = heads_of(
            phrases, {"FILLER", *in_order, *(name for name in essential if name.endswith(BEHIND))}, self._parting
        )
        firsts: dict[str, set[str]] = {}
        for first, entries in phrases.items():
            for _, name in entries:
                firsts.setdefault(name, set()).add(first)
        self.trie = grown(self.sequences, firsts)
        self._skipped = frozenset(firsts.get("FILLER", ()))
        self._filling = heads_of(phrases, {"FILLER"}, lambda _: frozenset())
        self._closed = self.closing | _PUNCTUATION | self.fillers | {""}
        self._opening = heads_of(phrases, self.trie.children.keys(), self._parting)
        self._openers = {word: self._after(node) for word, node in self._opening.items()}

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

    def _after(self, words: Words) -> frozenset[str] | None:
        """Return the words of which one must follow a first word, so that a statement may begin with it; None for any, or none."""
        after = {*words.following, *(words.within if words.following else ())}
        for name in words.names:
            node = self.trie.children[name]
            if node.kind or node.gap is not None:
                return None
            after |= node.firsts | self._skipped
            if node.closed:
                after |= self._closed
        return frozenset(after)

    def said(self, sentences: list[list[str]]) -> "Said":
        """Return sentences as statements are looked for in them; made where they are wanted."""
        return Said(self._joined, sentences)

    def meetings(self, said: "Said") -> list[tuple[int, Match]]:
        """Return the statements that cues make in whatever order, each with the index of its sentence."""
        found: list[tuple[int, Match]] = []
        sentences = said.sentences
        anchored = [index for index, sentence in enumerate(sentences) if not self._anchors.isdisjoint(sentence)]
        if not anchored:
            return found
        near = sorted({one for anchor in _ends_of(anchored, ANCHORED_MAX) for one in (anchor - 1, anchor, anchor + 1)})
        cues = self._cues
        held = [
            (index, words, place)
            for index in near
            if 0 <= index < len(sentences)
            for place, (word, after) in enumerate(followed(said[index][0]))
            if (words := cues.get(word)) is not None
            and (words.names or after in words.following or after in words.within)
        ]
        masks = [0] * len(sentences)
        for index, words, place in _ends_of(held, CUES_MAX):
            masks[index] |= words.reached(said[index][0], place)
        for index, kind, anchor, who in self._meetings.met(masks):
            tokens, stood = said[index]
            begin, end = next(
                (place, after)
                for one, words, place in held
                if one == index
                for names, _, after in ends_with(words, tokens, place)
                if anchor in names
            )
            found.append((index, Match(kind, stood[begin], stood[end], who)))
        return found

    def edges(self, tokens: list[str], index: int) -> list[tuple[str, int]]:
        """Return (class, index behind it) of the phrases that begin at a token."""
        return edges_of(self.heads.get(tokens[index]), tokens, index)

    def statements(self, said: "Said") -> list[tuple[int, Match]]:
        """Return the statements that sentences hold, of each place and kind the longest, each with the index of its sentence."""
        openers = self._openers
        begins = [
            (index, place)
            for index, sentence in enumerate(said.sentences)
            if not openers.keys().isdisjoint(sentence)
            for place, (word, after) in enumerate(followed(said[index][0]))
            if word in openers and ((wanted := openers[word]) is None or after in wanted)
        ]
        walked = {index: Walked(*said[index], {}) for index in dict(begins)}
        return [
            (index, match)
            for index, begin in _ends_of(begins, OPENERS_MAX)
            for match in self._begun(walked[index], begin)
        ]

    def _begun(self, walked: "Walked", begin: int) -> list[Match]:
        """Return the statements that begin at a place."""
        (tokens, places, _), children = walked, self.trie.children
        ends: dict[tuple[str, str], int] = {}
        for names, _, after in ends_with(self._opening[tokens[begin]], tokens, begin):
            following = tokens[after] if after < len(tokens) else ""
            for name in names:
                node = children[name]
                if node.halts or following in node.firsts or following in self._skipped:
                    self._walk(walked, [(node, after)], name, ends)
        return [Match(kind, places[begin], places[end], who) for (kind, who), end in ends.items()]

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
        self, walked: "Walked", walks: list[tuple[Node, int]], who: str, ends: dict[tuple[str, str], int]
    ) -> None:
        """Follow all readings from here; note in `ends` where a statement is complete."""
        tokens = walked.tokens
        while walks:
            node, index = walks.pop()
            if node.kind or node.closed:
                kind = node.kind or (node.closed if self.ends(tokens, index) else "")
                if kind and not self._vetoed(tokens, index, node.name):
                    ends[kind, who] = max(ends.get((kind, who), 0), index)
            if node.gap is not None:
                self._leap(walked, index, node.gap, walks)
            if node.firsts:
                self._lead_on(walked, index, node, walks)

    def _lead_on(self, walked: "Walked", index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Go on behind a node, over fillers, one by one."""
        tokens, firsts, skipped = walked.tokens, node.firsts, self._skipped
        last = min(len(tokens), index + _FILLERS_MAX)
        while index < last:
            token = tokens[index]
            if token in firsts:
                self._ways(walked, index, node, walks)
            if token not in skipped:
                break
            index = max([after for _, after in edges_of(self._filling[token], tokens, index)], default=last)

    def _ways(self, walked: "Walked", index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Note where one may stand behind the phrases that begin here, lead on from a node and may come to anything."""
        children, skipped = node.children, self._skipped
        edges = walked.edges.get(index)
        if edges is None:
            edges = walked.edges[index] = self._edges(walked.tokens, index)
        for names, after, following in edges:
            for name in names:
                way = children.get(name)
                if way is not None and (way.halts or following in way.firsts or following in skipped):
                    walks.append((way, after))

    def _edges(self, tokens: list[str], index: int) -> list[Edge]:
        """Return the ends of the phrases that begin at a token."""
        size = len(tokens)
        return [
            (names, after, tokens[after] if after < size else "")
            for names, _, after in ends_with(self.heads[tokens[index]], tokens, index)
        ]

    def _leap(self, walked: "Walked", index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Go on from any of the next few tokens of the clause; a negation in between ends it."""
        tokens, negation = walked.tokens, self.words["negation"]
        for place in range(index, min(index + _GAP_MAX + 1, len(tokens))):
            if tokens[place] in node.firsts:
                self._ways(walked, place, node, walks)
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


class Walked(NamedTuple):
    """A sentence without fillers, where each token stood (and the end), and what was read of its phrases, by where they begin."""

    tokens: list[str]
    places: list[int]
    edges: dict[int, list[Edge]]


class Said(dict[int, tuple[list[str], list[int]]]):
    """Sentences without fillers, and where each token stood (and the end)."""

    def __init__(self, join: Callable[[list[str]], tuple[list[str], list[int]]], sentences: list[list[str]]) -> None:
        super().__init__()
        self._join, self.sentences = join, sentences

    def __missing__(self, index: int) -> tuple[list[str], list[int]]:
        joined = self[index] = self._join(self.sentences[index])
        return joined


def _listed(phrases: str) -> list[str]:
    """Return the phrases of a list; with choices "(one/other)" each of them."""
    return [one for phrase in phrases.split("|") for one in written_out(phrase)]


def _masked(words: Iterable[str]) -> frozenset[str]:
    """Return words, each also with one of its inner letters masked."""
    return frozenset(
        masked
        for word in words
        for masked in (word, *(f"{word[:place]}*{word[place + 1 :]}" for place in range(1, len(word))))
    )
