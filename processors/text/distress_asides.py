"""What is said beside a message and tells nothing ("as the title says"), and questions to all that the author answers of themselves.

Both are undone before anything is looked for: asides are taken out, and a question that is answered by "that's where I am" is
read as a statement of who asks it: "do you ever want to", "kennt ihr das, wenn man nicht mehr will?"
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from sys import intern

from processors.text.distress_clauses import MARKS, Phrases
from processors.text.distress_verbs import written_out
from processors.text.similarity import is_stop_word

_PARTED = frozenset(",:")
HEAD_WITHIN = 5  # words before the head of a question


class Asides:
    """Reads sentences of one language by its table: `said`, `answers` and `denials`, `heads` of questions with the words that stand for them, and
    `words` of whoever is asked with those of the author.

    Behind an answer nothing but words of `behind` may stand, and behind one that denies also what is `holding` on to it ("when I was young").
    """

    def __init__(
        self, table: Mapping[str, str], behind: AbstractSet[str], holding: AbstractSet[str] = frozenset()
    ) -> None:
        said = list(_listed(table.get("said", "")))
        self._said, self._answers, self._denials = (
            Phrases(said),
            *(Phrases(_listed(table.get(name, ""))) for name in ("answers", "denials")),
        )
        self._telling = frozenset(max(phrase.split(), key=_rarity) for phrase in said)
        self._heads = {tuple(head.split()): own for head, own in _pairs(table.get("heads", ""))}
        self._begun = Phrases(" ".join(head) for head in self._heads)
        self._asking = frozenset(max(head, key=_rarity) for head in self._heads)
        self._words = dict(_pairs(table.get("words", "")))
        self._behind = MARKS.union(phrase.split()[0] for phrase in behind)
        self._holding = self._behind | holding

    def read(self, sentences: list[list[str]]) -> list[list[str]]:
        """Return sentences without asides, and with questions as they are answered."""
        read = [one if self._telling.isdisjoint(one) else self._without(one) for one in sentences]
        for index, one in enumerate(read):
            if not self._asking.isdisjoint(one):
                self._answer(read, index)
        return [one for one in read if one]

    def _answer(self, sentences: list[list[str]], index: int) -> None:
        """Put a statement where a question is answered of oneself, and nothing where that is denied."""
        one = sentences[index]
        heads = [(begin, -end) for begin, end in self._begun.spans(one) if begin <= HEAD_WITHIN]
        if not heads:
            return
        begin, end = min(heads)
        answer = self._ends(self._answers, one, -end, self._behind)
        following = sentences[index + 1] if index + 1 < len(sentences) else []
        if answer is None and self._ends(self._answers, following, 0, self._behind) is None:
            if self._ends(self._denials, following, 0, self._holding) is not None:
                sentences[index] = []
            return
        asked = [word for word in one[-end:answer] if word != "?"]
        head = map(intern, self._heads[tuple(one[begin:-end])].split())
        sentences[index] = [*one[:begin], *head, *self._of_author(asked), *([] if answer is None else one[answer:])]

    def _ends(self, phrases: Phrases, tokens: list[str], first: int, behind: AbstractSet[str]) -> int | None:
        """Return where an answer stands that nothing follows but what says when and how much; None where there is none."""
        spans = [(begin, end) for begin, end in phrases.spans(tokens) if begin >= first]
        return min((begin for begin, end in spans if end == len(tokens) or tokens[end] in behind), default=None)

    def _without(self, tokens: list[str]) -> list[str]:
        """Return a sentence without its asides and the mark behind each."""
        spans = self._said.spans(tokens)
        if not spans:
            return tokens
        left = [True] * len(tokens)
        for begin, end in spans:
            left[begin:end] = [False] * (end - begin)
            if end < len(tokens) and tokens[end] in _PARTED:
                left[end] = False
        return [word for word, stays in zip(tokens, left, strict=True) if stays]

    def _of_author(self, tokens: list[str]) -> Iterable[str]:
        """Yield words as the author says them of themselves; of two together before one."""
        passed = False
        for word, behind in zip(tokens, [*tokens, ""][1:], strict=True):
            both = None if passed else self._words.get(f"{word} {behind}")
            if not passed:
                yield from map(intern, (both or self._words.get(word, word)).split())
            passed = both is not None


def _rarity(word: str) -> tuple[bool, int]:
    return not is_stop_word(word), len(word)


def _listed(phrases: str) -> Iterable[str]:
    return (one for phrase in phrases.split("|") for one in written_out(phrase) if one)


def _pairs(listed: str) -> Iterable[tuple[str, str]]:
    """Yield (phrase, what stands for it) of "a | b = c ; d = e"."""
    for entry in filter(str.strip, listed.split(";")):
        phrases, _, own = entry.partition("=")
        for one in _listed(phrases):
            yield intern(one), " ".join(own.split())
