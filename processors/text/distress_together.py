"""What stands close together, in whatever order: cues that mean little alone and much in one breath.

A table's `[together]` names classes that meet within a sentence and its neighbours; sequences (distress_grammar) ask for an
order, and miss the many other ways to say the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

WHO = "TOGETHER"  # the `who` of a match: its cues include the author already
WHO_SUPPOSED = "TOGETHER, SUPPOSED"  # likewise, and an "if" takes nothing from it
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


def meetings(rules: Mapping[str, str]) -> dict[str, list[Meeting]]:
    """Return the meetings by their anchor, the first class of each; `(A|B)` is a choice, `!A` must not stand there.

    A rule that begins with `=` wants them in one sentence; from one with `?` an "if" takes nothing.
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
                found.setdefault(names[0], []).append(Meeting(kind, names[0], frozenset(names), barred, alone, who))
    return found


def met(
    known: Mapping[str, Sequence[Meeting]], sentences: Sequence[Collection[str]]
) -> Iterator[tuple[int, str, str, str]]:
    """Yield (sentence, kind, anchor, who) for what meets; `sentences` say which classes stand in each."""
    for index, names in enumerate(sentences):
        anchors = known.keys() & names
        if not anchors:
            continue
        near = frozenset().union(*sentences[max(0, index - _NEAR) : index + _NEAR + 1])
        for anchor in sorted(anchors):
            kinds = {
                (one.kind, one.who)
                for one in known[anchor]
                if one.needed.issubset(names if one.alone else near) and one.barred.isdisjoint(near)
            }
            for kind, who in sorted(kinds):
                yield index, kind, anchor, who
