"""Ends of sentences that nobody marked: who writes on and on without marks lets each word hold on to all that follow.

A small learned table says how likely a sentence begins at a word, by the words around it and how long the last one is; not where
the words before hold on to it: a verb of saying right before, an "if" whose clause is not over. The table is written by
`python -m streams.evaluation.learning.ends`.
"""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate, chain, islice
from pkgutil import get_data

import msgspec

from processors.text.distress_clauses import Phrases

LONG = 12  # tokens up to which a sentence is taken as it is
SCALE = 16  # a weight of 1.0 is stored as 16
THRESHOLD = -24  # a beginning at odds of one to five: one that is missed costs more than one too many
# Classes of the tokens since the last beginning; of more, the last.
LENGTHS = (0, 0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6)
SAID_NEAR, SAID_FAR = 2, 6  # words behind a verb of saying: what follows is surely said, may be said
HELD_MAX = 12  # words that an "if", a "that" or what somebody says holds on to
JOINED_MIN = 3  # words of a sentence that begins with "and"
FRONTED_MAX = 5  # words in front of a clause that say when it was: "back in high school"
ENDING = 2  # letters that tell what kind of word it is
_MARKS = frozenset(":()?")
LISTS = (
    "saying",
    "holding",
    "reasons",
    "fronted",
    "leaning",
    "blamed",
    "subjects",
    "persons",
    "names",
    "they",
    "acts",
    "helpers",
    "negation",
    "refusing",
    "joining",
    "my",
)

Begun = dict[int, list[int]]  # where sentences begin within one that has no marks, the first at 0; by its index
Complete = Callable[[list[list[str]]], list[list[str]]]


class Start(msgspec.Struct, frozen=True, array_like=True):
    """How likely a sentence begins at a word: with the word behind it, the word before it, and the ending of that."""

    alone: int
    following: dict[str, int]
    preceding: dict[str, int]
    ending: dict[str, int]


class Weights(msgspec.Struct, frozen=True):
    """What is learned of a language; `lengths` with the bias, `comma` where one stands before, `open` by what `Ends.left_open` names."""

    starts: dict[str, Start]
    preceding: dict[str, int]
    ending: dict[str, int]
    lengths: list[int]
    comma: int
    open: dict[str, int]


class Ends:
    """Finds where sentences of one language begin within others.

    Of the table's words: verbs of `saying` and thinking; what is `holding` on to a clause ("if", "that"), of these `reasons`
    ("because"), behind whose clause another may begin; `fronted` words of times in front of one; `leaning`, behind which
    none begins ("no way I"); `blamed`, what others say of the author ("said I was"); and `subjects`, beside `persons` and `names`.
    """

    def __init__(self, language: str, subject: str, words: Mapping[str, frozenset[str]]) -> None:
        lists = {name: words.get(name, frozenset()) for name in LISTS}
        self._saying, self._holding, self._reasons = lists["saying"], lists["holding"], lists["reasons"]
        self._fronted, self._leaning, self._blamed = lists["fronted"], lists["leaning"], lists["blamed"]
        self._subject, self._telling = subject, self._saying | self._holding
        self._subjects = lists["subjects"] | lists["persons"] | lists["names"]
        self._others = (lists["persons"] | lists["names"] | lists["they"]) - {subject}
        self._verbs = lists["acts"] | lists["helpers"]
        self._denying, self._not = lists["negation"] | lists["refusing"], lists["negation"] - self._others
        self._joining, self._my = lists["joining"], lists["my"]
        self._over = Phrases(words.get("over", frozenset()) | words.get("past_said", frozenset()))
        self._weights = _stored().get(language)

    def completed(self, sentences: list[list[str]], complete: Complete) -> tuple[list[list[str]], Begun]:
        """Return sentences, completed part by part, and where others begin within them, by their index."""
        if self._weights is None or max(map(len, sentences), default=0) <= LONG:
            return complete(sentences), {}
        begun = {
            index: begins
            for index, one in enumerate(sentences)
            if len(one) > LONG and len(begins := self.begins(one, self._weights)) > 1
        }
        if not begun:
            return complete(sentences), begun
        parts = iter(
            complete([part for index, one in enumerate(sentences) for part in cut(one, begun.get(index, [0]))])
        )
        made: list[list[str]] = []
        for index in range(len(sentences)):
            own = list(islice(parts, len(begun.get(index, [0]))))
            made.append(list(chain.from_iterable(own)) if len(own) > 1 else own[0])
            if len(own) > 1:
                begun[index] = list(accumulate(map(len, own[:-1]), initial=0))
        return made, begun

    def begins(self, tokens: list[str], weights: Weights) -> list[int]:
        """Return where sentences begin, from the first word on."""
        starts, preceding, lengths = weights.starts.get, weights.preceding.get, weights.lengths
        begun, last, longest = [0], 0, len(lengths) - 1
        following = [*tokens[1:], ""]
        for index, word in enumerate(tokens):
            start = starts(word)
            if start is None or index == last:
                continue
            before, odds = tokens[index - 1], start.alone + start.following.get(following[index], 0)
            if before == ",":
                before, odds = tokens[index - 2], odds + weights.comma
            elif before in _MARKS:
                continue
            length = index - last
            odds += (
                lengths[length if length < longest else longest] + preceding(before, 0) + start.preceding.get(before, 0)
            )
            if weights.ending:
                kind = before[-ENDING:]
                odds += weights.ending.get(kind, 0) + start.ending.get(kind, 0)
            if odds > THRESHOLD:
                left, holds = self.left_open(tokens, last, index)
                if not holds and odds + sum(weights.open.get(one, 0) for one in left) > THRESHOLD:
                    last = index
                    begun.append(index)
        return begun

    def left_open(self, tokens: list[str], last: int, index: int) -> tuple[list[str], bool]:
        """Return names of what the words since the last beginning leave open, and whether it surely holds on to what comes."""
        if self._belongs(tokens, last, index):
            return [], True
        first = max(last, index - HELD_MAX)
        if self._telling.isdisjoint(tokens[first:index]):
            return [], False
        named, holds, said, subjects = list[str](), False, False, 0
        for place in range(index - 1, first - 1, -1):
            word, gap = tokens[place], index - 1 - place
            if not said and word in self._saying and self._not.isdisjoint(tokens[max(last, place - 2) : place]):
                said = True
                named += [f"said {gap}"] if gap <= SAID_FAR else []
                holds = holds or gap <= SAID_NEAR or self._is_speech(tokens[place + 1 : index])
            if word in self._holding:
                named.append(f"held {min(subjects, 2)} {place - last < 2}")
                return named, holds or subjects < 1 + (word not in self._reasons)
            subjects += word in self._subjects
        return named, holds

    def _belongs(self, tokens: list[str], last: int, index: int) -> bool:
        """Tell whether a word belongs to the one right before it, or to words of a time in front of its clause."""
        word, before = tokens[index], tokens[index - 1]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if not following or before in self._leaning or (word in self._verbs and before in self._others):
            return True
        if word in self._leaning and following in self._subjects:  # "niemals würde ich"
            return True
        if word in self._denying and (before in self._verbs or before in self._others or before == self._subject):
            return True
        if word in self._my and before.endswith("ing"):
            return True
        if word in self._joining and not (following in self._subjects or following in self._my):
            return True
        return (index - last < JOINED_MIN and tokens[last] in self._joining) or self._is_of_a_time(tokens, last, index)

    def _is_of_a_time(self, tokens: list[str], last: int, index: int) -> bool:
        """Tell whether a time stands here, to which what follows belongs: "back in high school", "years ago"."""
        first = max(last, index - FRONTED_MAX)
        if first == last and not self._fronted.isdisjoint(tokens[last:index]):
            return True
        near, here = tokens[first : index + 2], index - first
        return any(begin < here <= end for begin, end in self._over.spans(near))

    def _is_speech(self, words: list[str]) -> bool:
        """Tell whether somebody's own words follow a verb of saying, and not what they say of the author."""
        begun = next((place for place, word in enumerate(words[:SAID_NEAR]) if word == self._subject), -1)
        return begun >= 0 and self._blamed.isdisjoint(words[begun + 1 : begun + 2])


def cut(tokens: list[str], begins: list[int]) -> list[list[str]]:
    """Return the parts that begin at these places."""
    if len(begins) == 1:
        return [tokens]
    return [tokens[begin:end] for begin, end in zip(begins, [*begins[1:], len(tokens)], strict=True)]


@cache
def _stored() -> dict[str, Weights]:
    return msgspec.msgpack.decode(
        get_data("processors.text", "weights/ends.msgpack") or b"\x80", type=dict[str, Weights]
    )
