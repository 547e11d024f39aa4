"""Walks over the phrases of a sentence: from where a statement may begin to where one is complete.

What may stand behind what, the trie of a table says (distress_trie); of many readings all are followed.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from processors.text.distress_phrases import Words, ends_with
from processors.text.distress_trie import Node

PUNCTUATION = frozenset(",:()?")
_GAP_MAX = 4  # words of any kind
_FILLERS_MAX = 40  # tokens of filler that are passed over
# Classes of phrases that end alike, as bits and by name, the index behind them, and the word there.
Edge = tuple[int, tuple[str, ...], int, str]
Ends = dict[tuple[str, str], int]  # where the longest statement of a kind and a beginning is complete


class Match(NamedTuple):
    """A statement of some kind in tokens[begin:end]; `who` is the class that it begins with."""

    kind: str
    begin: int
    end: int
    who: str


class Walked(NamedTuple):
    """A sentence without fillers, where each token stood (and the end), and what was read of its phrases, by where they begin."""

    tokens: list[str]
    places: Sequence[int]
    edges: dict[int, list[Edge]]
    ends: AbstractSet[int] = frozenset()  # before which tokens a sentence ends that nobody marked


class Phrasing(NamedTuple):
    """The phrases of a table by their words: all, those that begin a statement, and fillers; and those that take the sense away behind a class."""

    heads: Mapping[str, Words]
    opening: Mapping[str, Words]
    filling: Mapping[str, Words]
    vetoes: Mapping[str, Mapping[str, list[tuple[list[str], str]]]]


class Walks:
    """Follows the sequences of one language; a clause ends before words of `closing`, and a negation ends a leap."""

    def __init__(
        self,
        trie: Node,
        phrasing: Phrasing,
        *,
        fillers: AbstractSet[str],
        closing: AbstractSet[str],
        negation: AbstractSet[str],
    ) -> None:
        self._trie, self._phrasing = trie, phrasing
        self._skipped = frozenset(phrasing.filling)
        self._fillers, self._closing = fillers, PUNCTUATION | closing
        self._halting = PUNCTUATION | negation

    def begun(self, walked: Walked, begin: int) -> list[Match]:
        """Return the statements that begin at a place, of each kind the longest."""
        tokens, places, children = walked.tokens, walked.places, self._trie.children
        ends: Ends = {}
        for names, _, after in ends_with(self._phrasing.opening[tokens[begin]], tokens, begin):
            following = tokens[after] if after < len(tokens) else ""
            for name in names:
                node = children[name]
                if node.onward is None or following in node.onward:
                    self._walk(walked, node, after, ends)
        return [Match(kind, places[begin], places[end], who) for (kind, who), end in ends.items()]

    def _walk(self, walked: Walked, begun: Node, index: int, ends: Ends) -> None:
        """Follow all readings behind a class; note in `ends` where a statement is complete."""
        walks = [(begun, index)]
        while walks:
            node, index = walks.pop()
            if node.onward is None:
                if node.kind or node.closed:
                    self._complete(walked, node, index, begun.name, ends)
                if node.gap is not None:
                    self._leap(walked, index, node.gap, walks)
            self._lead_on(walked, index, node, walks)

    def _complete(self, walked: Walked, node: Node, index: int, who: str, ends: Ends) -> None:
        """Note a statement that is complete here, or would be, if the clause ends."""
        kind = node.kind or (node.closed if self._closes(walked, index) else "")
        if kind and (index in walked.ends or not self._vetoed(walked.tokens, index, node.name)):
            ends[kind, who] = max(ends.get((kind, who), 0), index)

    def _lead_on(self, walked: Walked, index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Go on behind a node, over fillers, one by one."""
        tokens, firsts, skipped = walked.tokens, node.firsts, self._skipped
        last = min(len(tokens), index + _FILLERS_MAX)
        while index < last:
            token = tokens[index]
            if token in firsts:
                self._ways(walked, index, node, walks)
            if token not in skipped:
                break
            filler = self._phrasing.filling[token]
            if filler.following:
                index = max([after for _, _, after in ends_with(filler, tokens, index)], default=last)
            else:
                index += 1

    def _ways(self, walked: Walked, index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Note where one may stand behind the phrases that begin here, lead on from a node and may come to anything."""
        children, mask = node.children, node.mask
        for bits, names, after, following in walked.edges.get(index) or self._edges(walked, index):
            if bits & mask:
                for name in names:
                    if name in children:
                        way = children[name]
                        if way.onward is None or following in way.onward:
                            walks.append((way, after))

    def _edges(self, walked: Walked, index: int) -> list[Edge]:
        """Return the ends of the phrases that begin at a token, and keep them."""
        tokens = walked.tokens
        size = len(tokens)
        edges = walked.edges[index] = [
            (
                words.mask if names is words.names else words.loose_mask,
                names,
                after,
                tokens[after] if after < size else "",
            )
            for names, words, after in ends_with(self._phrasing.heads[tokens[index]], tokens, index)
        ]
        return edges

    def _leap(self, walked: Walked, index: int, node: Node, walks: list[tuple[Node, int]]) -> None:
        """Go on from any of the next few tokens of the clause; a negation in between ends it."""
        tokens, firsts, halting = walked.tokens, node.firsts, self._halting
        for place in range(index, min(index + _GAP_MAX + 1, len(tokens))):
            token = tokens[place]
            if token in firsts:
                self._ways(walked, place, node, walks)
            if token in halting:
                return

    def _closes(self, walked: Walked, index: int) -> bool:
        """Tell whether a clause ends at this index, fillers aside."""
        tokens, ends = walked.tokens, walked.ends
        while index < len(tokens) and index not in ends and tokens[index] in self._fillers:
            index += 1
        return index >= len(tokens) or index in ends or tokens[index] in self._closing

    def _vetoed(self, tokens: list[str], index: int, name: str) -> bool:
        """Tell whether what follows the class takes its sense away ("hopeless at maths")."""
        table = self._phrasing.vetoes.get(name)
        if table is None or index >= len(tokens):
            return False
        if tokens[index] in self._fillers and tokens[index] not in table:
            index += 1
        if index >= len(tokens):
            return False
        return any(tokens[index + 1 : index + 1 + len(rest)] == rest for rest, _ in table.get(tokens[index], ()))
