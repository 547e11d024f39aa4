"""What stands close together, in whatever order: cues that mean little alone and much in one breath.

A table's `[together]` names classes that meet within a sentence and its neighbours; sequences (distress_grammar) ask for an
order, and miss the many other ways to say the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

WHO = "TOGETHER"  # the `who` of a match: its cues include the author already
WHO_SUPPOSED = "TOGETHER, SUPPOSED"  # likewise, and an "if" takes nothing from it
WHO_OTHERS = ", OTHERS"  # behind it: it needs no word of the author, for it tells what others feel about them
_BARRED = "!"
_ALONE, _SUPPOSED = "=", "?"
_NEAR = 1  # sentences before and behind


class Meeting(NamedTuple):
    """Classes that make a kind of statement where all of `needed` and none of `barred` stand; the statement begins at the anchor.

    `alone`: those needed stand in one sentence; else in it and its neighbours, where none of the barred may ever stand. `who` is that of its matches.
    """

    kind: str
    anchor: str
    needed: frozenset[str]
    barred: frozenset[str]
    alone: bool = False
    who: str = WHO


def meetings(rules: Mapping[str, str], selves: Collection[str] = ()) -> dict[str, list[Meeting]]:
    """Return the meetings by their anchor, the first class of each; `(A|B)` is a choice, `!A` must not stand there.

    A rule that begins with `=` wants them in one sentence; from one with `?` an "if" takes nothing. `selves` are the classes
    that hold the author.
    """
    found: dict[str, list[Meeting]] = {}
    for kind, written in rules.items():
        for rule in written.split("/"):
            parts = rule.split()
            alone, who = _ALONE in parts, WHO_SUPPOSED if _SUPPOSED in parts else WHO
            parts = [part for part in parts if part not in (_ALONE, _SUPPOSED)]
            barred = frozenset(part[1:] for part in parts if part.startswith(_BARRED))
            choices = [part.strip("()").split("|") for part in parts if not part.startswith(_BARRED)]
            for names in product(*choices):
                said_by = who if not selves or set(selves) & set(names) else f"{who}{WHO_OTHERS}"
                found.setdefault(names[0], []).append(Meeting(kind, names[0], frozenset(names), barred, alone, said_by))
    return found


class Together:
    """Rules of meetings over classes that are bits of a number, so that a wall of cues costs little."""

    def __init__(self, rules: Mapping[str, Sequence[Meeting]]) -> None:
        names = sorted({name for listed in rules.values() for one in listed for name in one.needed | one.barred})
        self.bits = {name: 1 << number for number, name in enumerate(names)}
        self.anchors = self.mask(rules)
        self._rules = {
            self.bits[anchor]: [(self.mask(one.needed), self.mask(one.barred), one) for one in listed]
            for anchor, listed in rules.items()
        }

    def mask(self, names: Iterable[str]) -> int:
        """Return the bits of the classes that rules know."""
        mask = 0
        for name in names:
            mask |= self.bits.get(name, 0)
        return mask

    def may_meet(self, sentences: Sequence[int]) -> bool:
        """Tell whether anything could meet; `sentences` say which classes may stand in each, by bit."""
        for index, here in enumerate(sentences):
            anchors = here & self.anchors
            near = here
            for beside in sentences[max(0, index - _NEAR) : index + _NEAR + 1] if anchors else ():
                near |= beside
            while anchors:
                anchor = anchors & -anchors
                anchors ^= anchor
                for needed, _, one in self._rules[anchor]:
                    if needed & (here if one.alone else near) == needed:
                        return True
        return False

    def met(self, sentences: Sequence[int]) -> Iterator[tuple[int, str, str, str]]:
        """Yield (sentence, kind, anchor, who) for what meets; `sentences` say which classes stand in each, by bit."""
        for index, here in enumerate(sentences):
            anchors = here & self.anchors
            if not anchors:
                continue
            near = here
            for beside in sentences[max(0, index - _NEAR) : index + _NEAR + 1]:
                near |= beside
            while anchors:
                anchor = anchors & -anchors
                anchors ^= anchor
                found = [
                    one
                    for needed, barred, one in self._rules[anchor]
                    if not barred & near and needed & (here if one.alone else near) == needed
                ]
                for kind, name, who in sorted({(one.kind, one.anchor, one.who) for one in found}):
                    yield index, kind, name, who
