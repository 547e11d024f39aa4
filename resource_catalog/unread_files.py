"""Files in a catalog that nobody reads: what somebody wrote must not be passed over in silence because of where it lies or what it is called."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from resource_catalog.problems import Problem

# What each folder holds, by the end of its files' names.
READ = {"resources": ".md", "playbooks": ".yaml", "journeys": ".yaml", "segments": ".yaml"}
POLICIES, POLICY = "policies", "policy.yaml"
BESIDE = ("catalog", "channels", "lifecycle")  # files *.yaml beside the folders
LIKE = 0.75  # a name as near as this to one that is read was meant to be that one
PAGE = re.compile(r".+\.[a-z]{2,3}(-[A-Za-z]+)?\.(md|markdown)")
ELSEWHERE = {".md": "resources/", ".markdown": "resources/", ".yaml": "playbooks/", ".yml": "playbooks/"}
NOTES = ("README.md", "INDEX.md", "SOURCE.md")


def unread(directory: Path) -> Iterator[Problem]:
    """Yield each file of the catalog that is not read, and what to do about it. Hidden files and notes are left alone.

    In the four folders and in `policies/` it is each; beside them, and in folders of another name, what looks like a file of a catalog.
    """
    yield from _closed(directory)
    for folder, ending in READ.items():
        for path in _files(directory, folder):
            if path.suffix != ending:
                yield _problem(path, _mended(path, folder, ending))
    yield from (_problem(path, _beside_policy(path)) for path in _files(directory, POLICIES) if path.name != POLICY)
    for path in sorted(directory.glob("*")):
        if path.name.startswith((".", "~", "_")) or path.name in NOTES:
            continue
        yield from _of_folder(directory, path) if path.is_dir() else _of_root(path)


def _closed(directory: Path) -> Iterator[Problem]:
    """Yield each folder that this process may not look into: what is in it would be missing, and nothing would tell."""
    errors: list[OSError] = []
    for folder in (*READ, POLICIES):
        for _ in os.walk(directory / folder, onerror=errors.append):
            pass
    for error in errors:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            yield _problem(
                Path(error.filename), f"cannot be read ({error.strerror}); let the user of this process read it"
            )


def _files(directory: Path, folder: str) -> Iterator[Path]:
    """Yield the files of a folder, none that is hidden or a note."""
    for path in sorted((directory / folder).rglob("*")):
        hidden = any(part.startswith((".", "~", "_")) for part in path.relative_to(directory).parts)
        if path.is_file() and not hidden and path.name not in NOTES:
            yield path


def _of_folder(directory: Path, path: Path) -> Iterator[Problem]:
    """Yield what lies in a folder whose name is nearly one of ours."""
    known = (*READ, POLICIES)
    near = [] if path.name in known else get_close_matches(path.name.lower(), known, 1, LIKE)
    if not near or ((directory / near[0]).exists() and path.samefile(directory / near[0])):
        return  # the same folder where capitals do not count
    for one in _files(directory, path.name):
        if one.suffix in ELSEWHERE:
            yield _problem(one, f"is not read; files of this kind belong in {near[0]}/")


def _of_root(path: Path) -> Iterator[Problem]:
    """Yield a file beside the folders that would be read under another name, or elsewhere."""
    if path.suffix.lower() in (".yaml", ".yml"):
        stem = path.name[: -len(path.suffix)].lower()
        near = get_close_matches(stem, (*BESIDE, "policy", POLICIES), 1, LIKE)
        if near and near[0] not in BESIDE:
            yield _problem(path, f"is not read; move it to {POLICIES}/{POLICY}")
        elif near and path.name != f"{near[0]}.yaml":
            yield _problem(path, f"is not read; name it {near[0]}.yaml")
    elif PAGE.fullmatch(path.name) and path.stem.partition(".")[0].upper() != "README":
        yield _problem(path, "is not read; move it to resources/")


def _beside_policy(path: Path) -> str:
    if path.stem in BESIDE:
        return f"is not read; move it to {path.stem}.yaml, beside {POLICIES}/"
    if path.stem.lower() == "policy":
        return f"is not read; name it {POLICY}"
    return f"is not read: {POLICIES}/ holds {POLICY} alone, with a block for each community"


def _problem(path: Path, message: str) -> Problem:
    return Problem(str(path), 1, 1, message)


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
