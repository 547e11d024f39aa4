"""What `lotse catalog lint` looks for: problems, by which content cannot be used, and what wants a look all the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from resource_catalog.health import faults
from resource_catalog.health.content import Content
from resource_catalog.lint import lint
from resource_catalog.loader import Loaded
from resource_catalog.problems import Problem

OF_THE_COMMUNITY = "[second-approver]"


def checked(loaded: Loaded, day: date) -> tuple[list[Problem], list[Problem]]:
    """Return (problems, warnings) of a catalog that can be loaded."""
    found = faults(Content.of(loaded, day))
    warnings = [one.problem() for one in found if one.level == "warning"] + [one.problem() for one in lint(loaded)]
    warnings += _past(loaded, day)
    return [one.problem() for one in found if one.level == "error"], sorted(warnings)


def _past(loaded: Loaded, day: date) -> Iterator[Problem]:
    """Yield the files whose day has passed: what they say is sent no more, and whoever offers it sends nothing."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    for file in loaded.files:
        one = file.resource
        if 0 < one.expires <= now and not one.retired:
            ended = f"{datetime.fromtimestamp(one.expires, UTC):%Y-%m-%d}"
            message = f"expires: {one.id} is sent no more since {ended}; set a later day, or retired: true [expired]"
            yield Problem(str(file.path), *file.block.place("expires"), message)


def of_directory(problems: list[Problem], directory: Path) -> list[Problem]:
    """Return those in a directory's own files, those without a file, and those that only this catalog can mend: who must approve what."""
    own = directory.resolve()
    return [
        one
        for one in problems
        if not one.path or one.message.endswith(OF_THE_COMMUNITY) or Path(one.path).resolve().is_relative_to(own)
    ]
