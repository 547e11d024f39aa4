"""Branches of a decision tree as read: each choice leads on, all are reached, and from each there is a way to an end."""

from difflib import get_close_matches

from processors.playbooks.resources import Branch, Choice
from resource_catalog.problems import Block

BRANCHES_MAX, CHOICES_MAX, CHARS_MAX = 24, 6, 300
_WAYS = ("go", "resource", "end")


def read_branches(block: Block) -> tuple[Branch, ...]:
    """Return the branches of a resource, in order; the first is the beginning."""
    entries = blocks(block, "branches", BRANCHES_MAX)
    found = [(entry, _branch(entry, number)) for number, entry in enumerate(entries)]
    names = [branch.id for _, branch in found]
    for entry, branch in found:
        if names.count(branch.id) > 1:
            entry.problem("id", f"id: {branch.id} names two branches; ids are used once")
        _check_ways(entry, branch, names)
    branches = tuple(branch for _, branch in found)
    if branches and len(set(names)) == len(names):
        _check_walk(block, branches)
    return branches


def blocks(block: Block, field: str, most: int) -> list[Block]:
    """Return a list of maps, each with its positions."""
    value = block.data.get(field, [])
    if not isinstance(value, list) or (field in block.data and not value):
        block.problem(field, f"{field}: expected a list of fields, each beginning with a dash")
        return []
    if len(value) > most:
        block.problem(field, f"{field}: at most {most}, found {len(value)}")
    return [Block(block.path, one, block.problems, block.offset, f"{field} {at}") for at, one in enumerate(value, 1)]


def _branch(entry: Block, number: int) -> Branch:
    entry.allow("id", "ask", "choices")
    choices = tuple(_choice(one) for one in blocks(entry, "choices", CHOICES_MAX))
    if len(choices) < 2:
        entry.problem("choices", f"choices: expected at least two, found {len(choices)}")
    return Branch(entry.text("id", "start" if number == 0 else f"branch-{number + 1}"), _short(entry, "ask"), choices)


def _choice(entry: Block) -> Choice:
    entry.allow("say", *_WAYS)
    ways = [name for name in _WAYS if name in entry.data]
    if len(ways) != 1:
        entry.problem(None, f"choice: expected exactly one of {', '.join(_WAYS)}, found {' and '.join(ways) or 'none'}")
    end = _short(entry, "end") if "end" in ways else ""
    return Choice(_short(entry, "say"), go=entry.text("go", ""), resource=entry.text("resource", ""), end=end)


def _short(entry: Block, field: str) -> str:
    text = entry.text(field)
    if len(text) > CHARS_MAX:
        entry.problem(field, f"{field}: at most {CHARS_MAX} characters, found {len(text)}")
    return text


def _check_ways(entry: Block, branch: Branch, names: list[str]) -> None:
    for choice in branch.choices:
        if choice.go and choice.go not in names:
            near = get_close_matches(choice.go, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            entry.problem("choices", f"go: no branch {choice.go}; {hint}")


def _check_walk(block: Block, branches: tuple[Branch, ...]) -> None:
    """Note branches that no walk from the beginning reaches, and those from which no walk ends."""
    known = {branch.id: branch for branch in branches}
    reached, look = set[str](), [branches[0].id]
    while look:
        name = look.pop()
        if name in known and name not in reached:
            reached.add(name)
            look += [choice.go for choice in known[name].choices if choice.go]
    ending: set[str] = set()
    while grown := {
        name
        for name, branch in known.items()
        if name not in ending and any(_ends(one, ending) for one in branch.choices)
    }:
        ending |= grown
    for name in known:
        if name not in reached:
            block.problem("branches", f"branches: nothing leads to {name}")
        elif name not in ending:
            block.problem("branches", f"branches: from {name} there is no way to an end; it goes round in a circle")


def _ends(choice: Choice, ending: set[str]) -> bool:
    return not choice.go or choice.go in ending
