"""Two playbooks that would want the same member at the same moment."""

from collections.abc import Iterator
from itertools import combinations

from processors.resources import Playbook
from resource_catalog.lint.hint import Hint, at
from resource_catalog.lint.ranges import exclude_each_other
from resource_catalog.loader import Loaded
from resource_catalog.playbook_file import PlaybookFile


def check(loaded: Loaded) -> Iterator[Hint]:
    """Yield, at the later of the two by id, pairs of one trigger, lane, wait and priority whose conditions do not exclude each other."""
    by_trigger: dict[tuple[str, str], list[tuple[PlaybookFile, Playbook]]] = {}
    for file in loaded.playbooks:
        first = file.playbook
        for trigger in (first.trigger, *first.also) if first.maturity != "off" else ():
            by_trigger.setdefault((trigger, first.lane), []).append((file, first))
    seen: set[tuple[str, str]] = set()
    for (trigger, _), playbooks in sorted(by_trigger.items()):
        for (_, one), (file, other) in combinations(playbooks, 2):
            if (one.id, other.id) not in seen and _overlap(one, other):
                seen.add((one.id, other.id))
                yield at(
                    file, "when", "overlap", f"when: {one.sequence or one.id} wants the same member at the same {trigger} with the same priority; "
                    "let their conditions exclude each other (if), or say which goes first (limits: {priority: ...})",
                )  # fmt: skip


def _overlap(one: Playbook, other: Playbook) -> bool:
    if one.priority != other.priority or one.wait != other.wait or one.before != other.before:
        return False
    if one.words and other.words and not {*one.words} & {*other.words}:
        return False
    return not exclude_each_other(one.conditions, other.conditions)
