"""A hint: what is amiss in a playbook, where, and what to write instead."""

from typing import Literal, NamedTuple

from resource_catalog.playbook_file import PlaybookFile
from resource_catalog.problems import Block, Problem

Check = Literal[
    "no-goal", "no-exit", "no-limit", "no-owner", "no-scenarios", "unreachable", "overlap", "too-long", "urgency", "guilt", "language",
    "second-approver", "canary", "placeholder",
]  # fmt: skip


class Hint(NamedTuple):
    """`path`, `line` and `column` (from 1) are its place; `message` says what is amiss and how to mend it."""

    path: str
    line: int
    column: int
    message: str
    check: Check

    def problem(self) -> Problem:
        """Return it as a problem of its file, as the linter shows them."""
        return Problem(self.path, self.line, self.column, f"{self.message} [{self.check}]")


def at(file: PlaybookFile, field: str | None, check: Check, message: str, block: Block | None = None) -> Hint:
    """Return a hint at a field of the file (or of one of its blocks), or at its beginning."""
    place = block or file.block
    line, column = place.place(field)
    return Hint(file.path, line, column, f"{file.id}: {message}", check)
