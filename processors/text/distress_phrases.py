"""Phrases of a table by their words, one after the other; some words may stand within them and say nothing there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from sys import intern

WITHIN_MAX = 5  # words in a row that may stand within a phrase
Ways = tuple[tuple[str, ...], ...]  # of phrases: the class, and the words that are left
_NOTHING: "dict[str, Words]" = {}  # what follows the last word of a phrase, of most there are


class Words:
    """Words of phrases so far: the classes of the phrase that ends here, and the words that may follow.

    `within` are words that may stand in between ("mich heute umbringen"), and say nothing there.
    """

    __slots__ = ("following", "loose", "loose_mask", "mask", "names", "within")

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.loose: tuple[str, ...] = ()  # those of them whose phrases may be parted
        self.mask = self.loose_mask = 0  # the bits of the names, and of those
        self.following: dict[str, Words] = _NOTHING
        self.within: frozenset[str] = frozenset()

    def next(self, tokens: list[str], index: int) -> "tuple[Words | None, int]":
        """Return where one is behind the next word, and the place of that word; None where no phrase goes on."""
        last = min(len(tokens), index + WITHIN_MAX + 1) if self.following else 0
        while index < last:
            words = self.following.get(tokens[index])
            if words is not None or tokens[index] not in self.within:
                return words, index
            index += 1
        return None, index

    def reached(self, tokens: list[str], index: int) -> int:
        """Return the bits of the phrases that begin at a token, of which these are the first word."""
        words, mask = self, self.mask
        while words.following and index + 1 < len(tokens):
            index += 1
            following = words.following.get(tokens[index])
            if tokens[index] in words.within:
                passed, place = words.next(tokens, index + 1)
                if following is None:
                    following, index = passed, place
                elif passed is not None:
                    mask |= passed.reached(tokens, place)
            if following is None:
                break
            words = following
            mask |= words.mask
        return mask


def phrases_of(classes: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[list[str], str]]]:
    table: dict[str, list[tuple[list[str], str]]] = {}
    for name, phrases in classes.items():
        for phrase in phrases:
            first, *rest = map(intern, phrase.split())
            table.setdefault(first, []).append((rest, name))
    return table


def heads_of(
    phrases: Mapping[str, list[tuple[list[str], str]]],
    wanted: AbstractSet[str],
    within: Callable[[str], frozenset[str]],
    mask: Callable[[Iterable[str]], int] = lambda _: 0,
) -> dict[str, Words]:
    """Return the phrases of some classes by their words; `within` gives what may stand within those of a class, `mask` the bits of classes."""
    known = {name: (within(name), mask((name,))) for name in wanted}
    alike: dict[Ways, Words] = {}
    heads: dict[str, Words] = {}
    for first, entries in phrases.items():
        serving = tuple([(name, *rest) for rest, name in entries if name in known])
        if serving:
            heads[first] = _grown(serving, known, alike)
    return heads


def _grown(ways: Ways, known: Mapping[str, tuple[frozenset[str], int]], alike: dict[Ways, Words]) -> Words:
    """Return the words of phrases from somewhere on; one object for all that go on alike.

    So there is an eighth of the objects, and what a text needs of them is more often near the processor.
    """
    words = alike.get(ways)
    if words is not None:
        return words
    words = alike[ways] = Words()
    longer: dict[str, list[tuple[str, ...]]] = {}
    for way in ways:
        name = way[0]
        if len(way) > 1:
            longer.setdefault(way[1], []).append((name, *way[2:]))
            parting = known[name][0]
            if parting and parting is not words.within:
                words.within = words.within | parting if words.within else parting
        elif name not in words.names:
            words.names = (*words.names, name)
    if longer:
        words.following = {word: _grown(tuple(listed), known, alike) for word, listed in longer.items()}
    words.loose = tuple([name for name in words.names if known[name][0]])
    words.mask, words.loose_mask = (sum([known[name][1] for name in names]) for names in (words.names, words.loose))
    return words


def followed(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Return tokens, each with the next; the last with one that is none."""
    return zip(tokens, [*tokens[1:], ""], strict=False)


def ends_with(
    words: Words | None, tokens: list[str], index: int, *, is_parted: bool = False
) -> list[tuple[tuple[str, ...], Words, int]]:
    """Return (classes, the words that end there, index behind) of the phrases that begin at a token, of which `words` is the first.

    A word that goes on with one phrase may stand within another: "lasst mich einfach (gehen)", "lasst mich [einfach] sterben".
    """
    found: list[tuple[tuple[str, ...], Words, int]] = []
    size = len(tokens)
    while words is not None:
        index += 1
        if names := words.loose if is_parted else words.names:
            found.append((names, words, index))
        ways = words.following
        if not ways or index == size:
            break
        token = tokens[index]
        following = ways.get(token)
        if token in words.within:
            passed, place = words.next(tokens, index + 1)
            if following is None:
                following, index, is_parted = passed, place, True
            elif passed is not None:
                found += ends_with(passed, tokens, place, is_parted=True)
        words = following
    return found


def edges_of(words: Words | None, tokens: list[str], index: int) -> list[tuple[str, int]]:
    """Return (class, index behind it) of the phrases that begin at a token, of which `words` is the first."""
    return [(name, after) for names, _, after in ends_with(words, tokens, index) for name in names]


def parted(phrases: list[str]) -> list[str]:
    """Return phrases of several words with the subject behind the verb."""
    return [f"{first} ich {rest}" for first, _, rest in (phrase.partition(" ") for phrase in phrases) if rest]
