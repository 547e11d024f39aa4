"""What chats leave out: an "I" before its verb ("want to die", "bin müde und will nicht mehr"), an apostrophe ("ill be gone")."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from sys import intern

from processors.text.distress_clauses import PARTING

IMPLIED = "_"  # before a subject that is put in
NAMED_WITHIN = 3  # words in which a subject is named: "mein kleiner Bruder"
_LEAD_MAX = 4  # words of no weight that may stand before the verb


class Implied:
    """Puts in what is implied, where a table says so.

    `heads` are phrases with which the author's own clause begins that names no subject; `pairs` are words that stand for
    others where one of some words follows; `leading` may stand before a head, `joining` parts clauses, `others` are other subjects,
    before which words of `naming` stand: "will mein Bruder".
    """

    def __init__(
        self,
        subject: str,
        heads: Iterable[str],
        pairs: Mapping[str, str],
        leading: AbstractSet[str],
        joining: AbstractSet[str],
        others: AbstractSet[str],
        naming: AbstractSet[str] = frozenset(),
    ) -> None:
        self._subject, self._leading, self._joining = subject, leading, joining
        self._put_in = intern(f"{IMPLIED}{subject}")
        self._others, self._naming = others, naming
        self._heads: dict[str, list[tuple[str, ...]]] = {}
        for first, *rest in (map(intern, head.split()) for head in heads):
            self._heads.setdefault(first, []).append(tuple(rest))
        self._pairs: dict[str, tuple[list[str], frozenset[str]]] = {}
        for word, said in pairs.items():
            stands, _, before = said.partition(":")
            self._pairs[word] = (list(map(intern, stands.split())), frozenset(before.split()))
        self._touched = frozenset((*self._heads, *self._pairs))

    def completed(self, sentences: list[list[str]]) -> list[list[str]]:
        """Return sentences with what is implied; the same ones, where nothing is."""
        touched = self._touched
        return [
            sentence if touched.isdisjoint(sentence) else self._with_subjects(self._with_pairs(sentence))
            for sentence in sentences
        ]

    def _with_pairs(self, sentence: list[str]) -> list[str]:
        if self._pairs.keys().isdisjoint(sentence):
            return sentence
        following = chain(sentence[1:], ("",))
        parts = [self._meant(word, after) for word, after in zip(sentence, following, strict=True)]
        return list(chain.from_iterable(parts))

    def _meant(self, word: str, after: str) -> list[str]:
        stands, before = self._pairs.get(word, ([word], frozenset(("",))))
        return stands if after in before else [word]

    def _with_subjects(self, sentence: list[str]) -> list[str]:
        heads = self._heads
        if heads.keys().isdisjoint(sentence) or sentence[-1] == "?":
            return sentence
        made: list[str] = []
        last = 0
        for place, word in enumerate(sentence):
            if word in heads and self._opens(sentence, place, last if made else -1) and self._begins(sentence, place):
                made += [*sentence[last:place], self._put_in]
                last = place
        return [*made, *sentence[last:]] if made else sentence

    def _opens(self, sentence: list[str], place: int, begun: int) -> bool:
        """Tell whether a clause opens here, after words of no weight at most and not the one begun already, and others were not spoken of last."""
        for back in range(1, min(_LEAD_MAX + 1, place) + 1):
            word = sentence[place - back]
            if place - back == begun:
                return False
            if word in PARTING or word in self._joining:
                break
            if back > _LEAD_MAX or word not in self._leading or word == self._subject:
                return False
        for word in reversed(sentence[:place]):
            if word == self._subject:
                return True
            if word in self._others:
                return False
        return True

    def _begins(self, sentence: list[str], place: int) -> bool:
        """Tell whether a head stands here and no subject follows it; "habe es" has an object, where "habe" alone cannot tell."""
        return any(
            tuple(sentence[place + 1 : end]) == rest
            and sentence[end : end + 1] != [self._subject]
            and self._others.isdisjoint(sentence[end : self._named_until(sentence, end)])
            for rest in self._heads.get(sentence[place], ())
            for end in (place + 1 + len(rest),)
        )

    def _named_until(self, sentence: list[str], place: int) -> int:
        """Return up to where a subject may be named from a place on."""
        return place + (NAMED_WITHIN if place < len(sentence) and sentence[place] in self._naming else 1)
