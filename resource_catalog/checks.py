"""What `lotse catalog lint` looks for: problems, by which content cannot be used, and what wants a look all the same."""

from datetime import date
from pathlib import Path

from resource_catalog.health import faults
from resource_catalog.health.content import Content
from resource_catalog.lint import lint
from resource_catalog.loader import Loaded
from resource_catalog.problems import Problem

OF_THE_COMMUNITY = "[second-approver]"


def checked(loaded: Loaded, day: date) -> tuple[list[Problem], list[Problem]]:
    """Return (problems, warnings) of a catalog that can be loaded."""
    found = faults(Content(loaded, day))
    warnings = [one.problem() for one in found if one.level == "warning"] + [one.problem() for one in lint(loaded)]
    return [one.problem() for one in found if one.level == "error"], sorted(warnings)


def of_directory(problems: list[Problem], directory: Path) -> list[Problem]:
    """Return those in a directory's own files, those without a file, and those that only this catalog can mend: who must approve what."""
    own = directory.resolve()
    return [
        one
        for one in problems
        if not one.path or one.message.endswith(OF_THE_COMMUNITY) or Path(one.path).resolve().is_relative_to(own)
    ]
