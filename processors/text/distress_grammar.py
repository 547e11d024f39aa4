"""A small grammar over word classes: phrases become classes, sequences of classes become kinds of statements.

A table (processors/text/distress_tables/<language>.toml) says which phrases make which class, and which sequences of
classes make which kind of statement. From each token a trie of the sequences is walked over the lattice of phrases; its
depth and width are bounded by the table, so the work is linear in the tokens, whatever is written.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pkgutil import get_data
from sys import intern
from typing import TypeVar

from processors.text.distress_asides import Asides
from processors.text.distress_clauses import Clauses, Phrases
from processors.text.distress_concern import Concern
from processors.text.distress_ends import Begun, Ends
from processors.text.distress_implied import IMPLIED, Implied
from processors.text.distress_phrases import Words, edges_of, ends_with, followed, heads_of, parted, phrases_of
from processors.text.distress_reading import Vocabulary
from processors.text.distress_spelling import as_typed
from processors.text.distress_together import Together, meetings
from processors.text.distress_trie import BEHIND, END, GAP, expanded, grown
from processors.text.distress_turns import Turns
from processors.text.distress_verbs import conjugations, written_out
from processors.text.distress_walk import PUNCTUATION, Match, Phrasing, Walked, Walks
from processors.text.similarity import is_stop_word

_T = TypeVar("_T")
Table = Mapping[str, list[tuple[list[str], str]]]  # the rest of each phrase and its class, by the first word
COUNTED = ("jest", "you", "me", "domain", "life", "theme")  # the lists of words that are counted in a message
SAID = (
    "past_said",
    "exaggerating",
    "fresh",
    "settled",
    "disowned",
)  # the lists of phrases that are looked for beside a statement
_COUNT_BITS = 10  # a message has fewer tokens than 2^10
_COUNT_MOST = (1 << _COUNT_BITS) - 1
_SHIFTS = tuple((name, number * _COUNT_BITS) for number, name in enumerate(COUNTED))
# Bounds that hardly any message of people reaches; a wall of such words is read at its beginning and its end.
OPENERS_MAX = 32  # words that may begin a statement
ANCHORED_MAX, CUES_MAX = 12, 64  # sentences around which cues meet, and words of cues there
LOOKED_MAX = 12  # sentences of which it costs less to look for what meets than to ask first whether anything could


def counts_of(marks: int) -> dict[str, int]:
    """Return how many of each of the `COUNTED` marks add up to."""
    return {name: marks >> shift & _COUNT_MOST for name, shift in _SHIFTS}


class Grammar:
    """The compiled table of a language."""

    def __init__(self, language: str) -> None:
        table = tomllib.loads((get_data("processors.text", f"distress_tables/{language}.toml") or b"").decode())
        # A word is one object in all tables, so that to look it up seldom needs another place of the memory.
        self.words: dict[str, frozenset[str]] = {
            name: frozenset(map(intern, _listed(words))) for name, words in table["words"].items()
        }
        self.contractions = {
            intern(word): tuple(map(intern, opened.split())) for word, opened in table["contractions"].items()
        }
        self.classes = {intern(name): _listed(phrases) for name, phrases in table["classes"].items()}
        self.subject = table.get("subject", "")
        for listed in self.classes.values():
            if self.subject in listed:
                listed.append(f"{IMPLIED}{self.subject}")
        for name, forms in conjugations(table.get("verbs", {}), self.contractions.keys()):
            self.classes[name] += forms
        self.fillers = frozenset(self.classes["FILLER"])
        bearing = {phrase for name, phrases in self.classes.items() if name != "FILLER" for phrase in phrases}
        self.dropped = frozenset(word for word in self.fillers if " " not in word and word not in bearing)
        self._left_out = self.dropped | {","}
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
        vetoes = {
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
        self._know_surroundings(language, table.get("asides", {}))
        self._know_spellings(words, table.get("endings", {}))
        self.vocabulary = Vocabulary(self.contractions, dict.fromkeys((*sorted(words), *self.contractions)))
        self._know_words()
        self._know_cues(phrases, cues, essential)
        self._know_ways(phrases, in_order, essential, vetoes)

    def _know_surroundings(self, language: str, asides: Mapping[str, str]) -> None:
        """Compile what stands around statements: whose clauses are, where sentences begin and turn, what is said beside."""
        self.clauses = Clauses(self.subject, self.words, self.fillers, verb_last=self.inverted)
        self.turns = Turns(self.subject, self.words, self.fillers, verb_last=self.inverted)
        self.asides = Asides(
            asides,
            self.fillers | self.closing | self.words.get("agreeing", frozenset()),
            self.words.get("holding", frozenset()),
        )
        self.ends = Ends(language, self.subject, self.words)
        self.concern = Concern(self.words, self.fillers, verb_last=self.inverted)

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
        self.everyday = (self.words["toil"] | self.words["pictures"]) & self.words["domain"]
        self.phrases = {name: Phrases(self.words.get(name, ())) for name in SAID}
        self.gate_theirs, self.gate_persons = self.words["gate_theirs"], self.words["gate_persons"]

    def _know_cues(
        self,
        phrases: Table,
        cues: AbstractSet[str],
        essential: Mapping[str, list[str]],
    ) -> None:
        """Compile what meets."""
        self._meetings = Together(self.together)
        # By the least common word of each phrase: the rest of it, and its classes.
        told: dict[str, dict[frozenset[str], int]] = {}
        for name in sorted(cues):
            for words in map(str.split, essential[name]):
                rests = told.setdefault(max(words, key=self._rarity), {})
                rest = frozenset(words)
                rests[rest] = rests.get(rest, 0) | self._meetings.mask((name,))
        self._telling = {word: tuple(rests.items()) for word, rests in told.items()}
        self._tellers = frozenset(told)
        # Of each anchor: without any of these nothing can meet.
        self._anchors = frozenset(
            max(phrase.split(), key=self._rarity) for name in self.together for phrase in essential[name]
        )
        self._cues = heads_of(phrases, cues, self._parting, self._meetings.mask)

    def _rarity(self, word: str) -> tuple[bool, bool, int]:
        return not is_stop_word(word), word in self.gate or word in self.gate_foreign, len(word)

    def _know_ways(
        self,
        phrases: Table,
        in_order: AbstractSet[str],
        essential: Iterable[str],
        vetoes: Mapping[str, Table],
    ) -> None:
        """Compile what stands in order."""
        classes = {"FILLER", *in_order, *(name for name in essential if name.endswith(BEHIND))}
        bits = {name: 1 << number for number, name in enumerate(sorted(classes))}
        self.heads = heads_of(phrases, classes, self._parting, lambda names: sum(bits[name] for name in names))
        firsts: dict[str, set[str]] = {}
        for first, entries in phrases.items():
            for _, name in entries:
                firsts.setdefault(name, set()).add(first)
        self._skipped = frozenset(firsts.get("FILLER", ()))
        self.trie = grown(self.sequences, firsts, self._skipped, bits)
        self._closed = self.closing | PUNCTUATION | self.fillers | {""}
        opening = heads_of(phrases, self.trie.children.keys(), self._parting)
        alike: dict[frozenset[str] | None, frozenset[str] | None] = {}
        afters = {word: self._after(words) for word, words in opening.items()}
        self._openers = {word: alike.setdefault(after, after) for word, after in afters.items()}
        filling = heads_of(phrases, {"FILLER"}, lambda _: frozenset())
        self._walks = Walks(
            self.trie,
            Phrasing(self.heads, opening, filling, vetoes),
            fillers=self.fillers,
            closing=self.closing,
            negation=self.words["negation"],
        )

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

    def said(self, sentences: list[list[str]], begun: Begun | None = None) -> "Said":
        """Return sentences as statements are looked for in them, and where others begin within them; made where they are wanted."""
        return Said(self._joined, sentences, begun or {})

    def meetings(self, said: "Said") -> list[tuple[int, Match]]:
        """Return the statements that cues make in whatever order, each with the index of its sentence."""
        found: list[tuple[int, Match]] = []
        sentences = said.sentences
        anchored = [index for index, sentence in enumerate(sentences) if not self._anchors.isdisjoint(sentence)]
        if not anchored or (len(sentences) > LOOKED_MAX and not self.may_meet(sentences)):
            return found
        near = sorted({one for anchor in _ends_of(anchored, ANCHORED_MAX) for one in (anchor - 1, anchor, anchor + 1)})
        near = [index for index in near if 0 <= index < len(sentences)]
        cues = self._cues
        held = [
            (index, words, place)
            for index in near
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

    def may_meet(self, sentences: list[list[str]]) -> bool:
        """Tell whether anything could meet if each phrase of which all words stand in a sentence stood there."""
        return self._meetings.may_meet([self._may_hold(sentence) for sentence in sentences])

    def _may_hold(self, sentence: list[str]) -> int:
        """Return the bits of the classes of which all words of a phrase stand in a sentence."""
        bits = 0
        tellers = self._tellers.intersection(sentence)
        if tellers:
            words = frozenset(sentence)
            for word in tellers:
                for rest, classes in self._telling[word]:
                    if rest <= words:
                        bits |= classes
        return bits

    def edges(self, tokens: list[str], index: int) -> list[tuple[str, int]]:
        """Return (class, index behind it) of the phrases that begin at a token."""
        return edges_of(self.heads.get(tokens[index]), tokens, index)

    def statements(self, said: "Said") -> list[tuple[int, Match]]:
        """Return the statements that sentences hold, of each place and kind the longest, each with the index of its sentence."""
        openers = self._openers
        begins: list[tuple[int, int]] = []
        for index, sentence in enumerate(said.sentences):
            if openers.keys().isdisjoint(sentence):
                continue
            tokens, ends = said[index][0], said.ends_of(index)
            for place in [place for place, word in enumerate(tokens) if word in openers]:
                wanted = openers[tokens[place]]
                if (
                    wanted is None
                    or (tokens[place + 1] if place + 1 < len(tokens) else "") in wanted
                    or (place + 1 in ends and "" in wanted)
                ):
                    begins.append((index, place))
        walked = {index: Walked(*said[index], {}, said.ends_of(index)) for index in dict(begins)}
        return [
            (index, match)
            for index, begin in _ends_of(begins, OPENERS_MAX)
            for match in self._walks.begun(walked[index], begin)
        ]

    def _joined(self, tokens: list[str]) -> tuple[list[str], Sequence[int]]:
        """Return the tokens without fillers and the commas that German sets within a statement, and where each stood."""
        if self._left_out.isdisjoint(tokens):
            return tokens, range(len(tokens) + 1)
        joins, dropped = self.words["joins"], self.dropped
        kept = [
            place
            for place, word in enumerate(tokens)
            if word not in dropped and (word != "," or place + 1 == len(tokens) or tokens[place + 1] not in joins)
        ]
        return [tokens[place] for place in kept], [*kept, len(tokens)]


def _ends_of(found: list[_T], most: int) -> list[_T]:
    """Return a list, of a longer one its first two thirds and its last third of `most`."""
    return found if len(found) <= most else [*found[: most - most // 3], *found[-(most // 3) :]]


class Said(dict[int, tuple[list[str], Sequence[int]]]):
    """Sentences without fillers, and where each token stood (and the end)."""

    def __init__(
        self, join: Callable[[list[str]], tuple[list[str], Sequence[int]]], sentences: list[list[str]], begun: Begun
    ) -> None:
        super().__init__()
        self._join, self.sentences, self._begun = join, sentences, begun

    def ends_of(self, index: int) -> frozenset[int]:
        """Return before which of its tokens another sentence begins within one."""
        if index not in self._begun:
            return frozenset()
        places = self[index][1]
        return frozenset(bisect_left(places, begin) for begin in self._begun[index][1:])

    def __missing__(self, index: int) -> tuple[list[str], Sequence[int]]:
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
