"""A playbook as somebody is writing it, held against the rest of the catalog before it is in any file."""

from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from resource_catalog.change_file import is_change, read_change
from resource_catalog.checks import checked
from resource_catalog.loader import Loaded
from resource_catalog.playbook_file import ID, PlaybookFile, read_playbook
from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_text import parse_yaml

CHARS_MAX = 60_000  # of a playbook's file


class Draft(NamedTuple):
    """What was written, and what is to be said of it. `file` and `loaded` (the catalog with it) are None where it cannot be used."""

    text: str
    errors: list[Problem]
    warnings: list[Problem]
    file: PlaybookFile | None = None
    loaded: Loaded | None = None


def read_draft(loaded: Loaded, path: Path, name: str, text: str, day: date) -> Draft:
    """Read the text of the playbook `name`, which is to stand in `path`, as `lotse catalog lint` would."""
    problems: list[Problem] = []
    if len(text) > CHARS_MAX:
        fault = f"a playbook has at most {CHARS_MAX} characters, this has {len(text)}"
        return Draft(text, [Problem(str(path), 1, 1, fault)], [])
    data = parse_yaml(path, text, problems)
    if data is None:
        return Draft(text, problems or [Problem(str(path), 1, 1, "expected fields, found nothing")], [])
    block = Block(str(path), data, problems)
    version = blake2b(text.encode(), digest_size=6).hexdigest()
    change = is_change(block)
    file = read_change(block, dict(loaded.below), version) if change else read_playbook(block, version, loaded.context)
    if file is not None and file.id != name and not problems:
        block.problem("id", f"id: expected {name}; under another id it is another playbook")
    if file is None or problems:
        return Draft(text, sorted(problems), [])
    whole = loaded.with_playbook(file)
    errors, warnings = checked(whole, day)
    return Draft(
        text, [one for one in errors if one.path == str(path)], [one for one in warnings if one.path == str(path)], file, whole
    )  # fmt: skip


def is_name(text: str) -> bool:
    """Tell whether a text can be the id of a playbook, and so the name of its file."""
    return bool(ID.fullmatch(text)) and len(text) <= 80
