"""Files in a catalog that nobody reads: what somebody wrote must not be passed over in silence because of where it lies or what it is called."""

from collections.abc import Iterator
from pathlib import Path

from resource_catalog.problems import Problem

# What each folder holds, by the end of its files' names.
READ = {"resources": ".md", "playbooks": ".yaml", "journeys": ".yaml", "segments": ".yaml"}
ELSEWHERE = {".md": "resources/", ".markdown": "resources/", ".yaml": "playbooks/", ".yml": "playbooks/"}
NOTES = ("README.md", "INDEX.md", "SOURCE.md")


def unread(directory: Path) -> Iterator[Problem]:
    """Yield each file in a folder of the catalog that is not read, and what to do about it. Hidden files and notes are left alone."""
    for folder, ending in READ.items():
        for path in sorted((directory / folder).rglob("*")):
            hidden = any(part.startswith((".", "~", "_")) for part in path.relative_to(directory).parts)
            if path.is_file() and path.suffix != ending and not hidden and path.name not in NOTES:
                yield Problem(str(path), 1, 1, _mended(path, folder, ending))


def _mended(path: Path, folder: str, ending: str) -> str:
    kind = path.suffix.lower()
    if (
        kind == ending
        or (kind in ELSEWHERE and ELSEWHERE[kind] == f"{folder}/")
        or (kind == ".yml" and ending == ".yaml")
    ):
        return f"is not read; name it {path.stem}{ending}"
    if kind in ELSEWHERE:
        return f"is not read: {folder}/ holds files *{ending}; move it to {ELSEWHERE[kind]}, or out of the catalog"
    return f"is not read: {folder}/ holds files *{ending}; write it as one, or move it out of the catalog"
