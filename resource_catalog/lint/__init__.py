"""What of a playbook can be used and is no good practice all the same: each with its place and a way to mend it."""

from resource_catalog.lint import overlap, reach, shape, words
from resource_catalog.lint.hint import Hint
from resource_catalog.loader import Loaded

CHECKS = (shape.check, reach.check, words.check, overlap.check)


def lint(loaded: Loaded) -> list[Hint]:
    """Return the hints of a loaded catalog, by place. A playbook that is switched off is not looked at."""
    return sorted(hint for check in CHECKS for hint in check(loaded))
