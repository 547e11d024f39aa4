"""A finding: one thing about the content that somebody should look at, with how to mend it."""

from typing import Literal, NamedTuple

from resource_catalog.problems import Problem

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
Check = Literal[
    "expired", "stale", "unowned", "dead-link", "duplicate", "missing-locale", "unused", "never-helpful", "coverage", "medium", "helpline",
]  # fmt: skip


Said = tuple[str, str]  # the same in English and in German


class Finding(NamedTuple):
    """What is amiss: `subject` is a resource, a theme or a signal; `path` the file to mend, empty where there is none; `german` is the message in German.

    An error keeps members from being helped now; a warning will, or costs trust; a note is worth knowing.
    """

    level: Level
    check: Check
    subject: str
    message: str
    path: str = ""
    german: str = ""

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.level}: {self.subject}: {self.message} [{self.check}]"

    def problem(self) -> Problem:
        """Return it as a problem of its file, as the linter shows them."""
        return Problem(self.path, 1, 1, f"{self.subject}: {self.message} [{self.check}]")


def found(level: Level, check: Check, subject: str, said: Said, path: str = "") -> Finding:
    """Return a finding that is told in both languages."""
    return Finding(level, check, subject, said[0], path, said[1])


def gravest_first(findings: list[Finding]) -> list[Finding]:
    """Return findings by level, then by check and subject."""
    return sorted(findings, key=lambda one: (LEVELS.index(one.level), one.check, one.subject, one.message))
