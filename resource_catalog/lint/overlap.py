"""Two playbooks that would want the same member at the same moment."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from processors.playbooks.resources import Playbook
from resource_catalog.lint.hint import Hint, at
from resource_catalog.lint.ranges import exclude_each_other
from resource_catalog.loader import SHIPPED, Loaded
from resource_catalog.playbook_file import PlaybookFile


def check(loaded: Loaded) -> Iterator[Hint]:
    """Yield, at the later of the two by id, pairs of one trigger, lane, wait and priority whose conditions do not exclude each other."""
    by_trigger: dict[tuple[str, str], list[tuple[PlaybookFile, Playbook]]] = {}
    for file in loaded.playbooks:
        own = file.playbook
        for trigger in (own.trigger, *own.also) if own.maturity != "off" else ():
            by_trigger.setdefault((trigger, own.lane), []).append((file, own))
    seen: set[tuple[str, str]] = set()
    for (trigger, _), playbooks in sorted(by_trigger.items()):
        for (first, one), (file, other) in combinations(playbooks, 2):
            if (one.id, other.id) not in seen and _overlap(one, other):
                seen.add((one.id, other.id))
                mine, theirs = (first, file) if _is_shipped(file) else (file, first)  # one's own can be mended
                yield at(
                    mine, "when", "overlap", f"when: {theirs.id} wants the same member at the same {trigger} with the same priority; "
                    "let their conditions exclude each other (if), or say which goes first (limits: {priority: ...})",
                )  # fmt: skip


def _is_shipped(file: PlaybookFile) -> bool:
    return Path(file.path).is_relative_to(SHIPPED)


def _overlap(one: Playbook, other: Playbook) -> bool:
    if one.priority != other.priority or one.wait != other.wait or one.before != other.before:
        return False
    if one.words and other.words and not {*one.words} & {*other.words}:
        return False
    return not exclude_each_other(one.conditions, other.conditions)
