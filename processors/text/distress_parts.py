"""What a statement stands in, where sentences begin within one that has no marks (distress_ends), or turn (distress_turns)."""

from bisect import bisect_left, bisect_right
from itertools import chain, repeat
from typing import NamedTuple

from processors.text.distress_clauses import PARTING
from processors.text.distress_ends import Begun
from processors.text.distress_grammar import Grammar, counts_of
from processors.text.distress_walk import Match

THROUGHOUT = 2  # words of machines more than of life, with which all of a text is of them


class Parts(NamedTuple):
    """Sentences, and where others begin within them; a statement may go on over such a place."""

    sentences: list[list[str]]
    begun: Begun
    grammar: Grammar
    short: bool  # in a short message everything belongs together

    def part_of(self, index: int, match: Match, *, turns: bool = True) -> tuple[list[str], Match]:
        """Return the part of a sentence that holds a statement, and the statement in it; from the last turn to the author on, where those are asked for."""
        sentence, match = self._sentence_of(index, match)
        own = match.who in self.grammar.anywhere
        turn = self.grammar.turns.begun(sentence, match.begin, own=own) if turns else 0
        if not turn:
            return sentence, match
        return sentence[turn:], match._replace(begin=match.begin - turn, end=match.end - turn)

    def _sentence_of(self, index: int, match: Match) -> tuple[list[str], Match]:
        sentence = self.sentences[index]
        if index not in self.begun:
            return sentence, match
        begins = self.begun[index]
        begin = begins[bisect_right(begins, match.begin) - 1]
        behind = (
            one for one in begins if one > match.begin and self.grammar.dropped.issuperset(sentence[one : match.end])
        )
        end = next(behind, len(sentence))
        return sentence[begin:end], match._replace(begin=match.begin - begin, end=min(match.end, end) - begin)

    def takes_anothers(self, index: int, match: Match) -> bool:
        """Tell whether the subject of a statement is that of a sentence that begins within it: "umzubringen ich muss"."""
        if not self.grammar.inverted or index not in self.begun or match.who == "I":
            return False
        sentence = self.sentences[index]
        within = [one for one in self.begun[index] if match.begin < one < match.end]
        return bool(within) and sentence[within[0]] == self.grammar.subject not in sentence[match.begin : within[0]]

    def near(self, index: int, match: Match) -> list[list[str]]:
        """Return what stands around a statement: all of a short message, of others its sentence or part with those beside it."""
        if self.short and index not in self.begun:
            return self.sentences
        before, after = self.sentences[max(0, index - 1) : index], self.sentences[index + 1 : index + 2]
        sentence = self.sentences[index]
        if index not in self.begun:
            return [*before, sentence, *after]
        begins = self.begun[index]
        first, last = bisect_right(begins, match.begin) - 2, bisect_left(begins, match.end) + 1
        within = sentence[begins[max(0, first)] : begins[last] if last < len(begins) else len(sentence)]
        return [*(before if first < 0 else []), within, *(after if last > len(begins) else [])]

    def talk_of_machines(self, index: int, match: Match, domain: list[int], life: int) -> int:
        """Return how many words of machines, games and work stand around a statement; of errands, films and the like only those in its own part.

        `domain` are those of each sentence, `life` how many words are of life.
        """
        near = self.near(index, match)
        if index not in self.begun or sum(domain) > life + THROUGHOUT:
            talk = sum(domain if self.short else domain[max(0, index - 1) : index + 2])
        else:
            talk = counts_of(sum(map(self.grammar.marks.get, chain.from_iterable(near), repeat(0))))["domain"]
        if talk <= life:
            return talk
        everyday = self.grammar.everyday.__contains__
        own, _ = self.part_of(index, match)
        return talk - sum(map(everyday, chain.from_iterable(near))) + sum(map(everyday, own))


def clause_of(sentence: list[str], match: Match) -> list[str]:
    """Return the clause in which a statement begins, up to the marks around it."""
    begin, end = match.begin, match.end
    while begin and sentence[begin - 1] not in PARTING:
        begin -= 1
    while end < len(sentence) and sentence[end] not in PARTING:
        end += 1
    return sentence[begin:end]
