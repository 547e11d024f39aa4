"""The sequences of a table as a trie: where a walk over the phrases of a sentence may stand, and how it may go on."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import product
from sys import intern

END = "$"
GAP = "~"  # a few words of any kind
BEHIND = "+I"  # of a class in whose phrases the subject stands behind the verb
NEVER_PARTED = frozenset({"FILLER", "CONJ", "END", "MORE", "I"})


class Node:
    """Where a walk may stand: behind a class, having read a sequence so far."""

    __slots__ = ("children", "closed", "firsts", "gap", "kind", "mask", "name", "onward")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = ""  # of the sequence that is complete here
        self.closed = ""  # of the one that is, where the clause ends
        self.gap: Node | None = None  # behind a few words of any kind
        self.children: dict[str, Node] = {}
        self.mask = 0  # the bits of the classes of its children
        self.firsts: frozenset[str] = frozenset()  # words with which a way on may begin
        self.onward: frozenset[str] | None = (
            None  # these, and those that are passed over; None where something is to be seen to here, whatever follows
        )


def grown(
    sequences: Iterable[tuple[str, tuple[str, ...]]],
    firsts: Mapping[str, AbstractSet[str]],
    skipped: frozenset[str] = frozenset(),
    bits: Mapping[str, int] | None = None,
) -> Node:
    """Return the trie of sequences of classes; `firsts` are the words with which phrases of a class begin, `skipped` those that are passed over, `bits` one for each class."""
    trie = Node("")
    for kind, names in sequences:
        node = trie
        for name in names:
            if name == END:
                node.closed = node.closed or kind
                break
            if name == GAP:
                node.gap = node.gap or Node(node.name)
                node = node.gap
            else:
                node = node.children.setdefault(name, Node(name))
        else:
            node.kind = node.kind or kind
    _know_firsts(trie, firsts, skipped, {})
    _know_bits(trie, bits or {})
    return trie


def _know_firsts(
    node: Node,
    firsts: Mapping[str, AbstractSet[str]],
    skipped: frozenset[str],
    known: dict[frozenset[str], tuple[frozenset[str], frozenset[str]]],
) -> None:
    """Note at each node with which words its children may begin; nodes with the same children share the sets."""
    names = frozenset(node.children)
    if names not in known:
        own = frozenset().union(*(firsts.get(name, ()) for name in names))
        known[names] = own, own | skipped
    node.firsts, onward = known[names]
    node.onward = None if node.kind or node.closed or node.gap else onward
    for child in node.children.values():
        _know_firsts(child, firsts, skipped, known)
    if node.gap is not None:
        _know_firsts(node.gap, firsts, skipped, known)


def _know_bits(node: Node, bits: Mapping[str, int]) -> None:
    """Note at each node which classes lead on."""
    for name, child in node.children.items():
        node.mask |= bits.get(name, 0)
        _know_bits(child, bits)
    if node.gap is not None:
        _know_bits(node.gap, bits)


def expanded(sequence: str, *, inverted: bool) -> Iterable[tuple[str, ...]]:
    """Yield the plain sequences of one with choices `(A|B)` and optional parts `A?`, in German word orders too."""
    choices: list[list[tuple[str, ...]]] = []
    for part in sequence.split():
        names = part.rstrip("?").strip("()").split("|")
        choices.append([*((name,) for name in names), *([()] if part.endswith("?") else [])])
    for chosen in product(*choices):
        plain = tuple(intern(name) for part in chosen for name in part)
        yield plain
        body = tuple(name for name in plain[2:] if name != END)
        if inverted and len(plain) > 1 and plain[0] == "I" and plain[1] not in (END, GAP):
            tail = (END,) if plain[-1] == END else ()
            yield (plain[1], "I", *plain[2:])
            if plain[1] not in NEVER_PARTED:
                yield (intern(f"{plain[1]}{BEHIND}"), *plain[2:])
            if body:
                yield ("I", *body, plain[1], *tail)
