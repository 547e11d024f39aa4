"""The catalog's folder as the console works with it: read once for each state of its files, written one change at a time."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from resource_catalog.change_file import is_change
from resource_catalog.completions import completions
from resource_catalog.draft import Draft, is_name, read_draft
from resource_catalog.loader import Loaded
from resource_catalog.maturity_file import Written
from resource_catalog.playbook_file import PlaybookFile
from resource_catalog.playbook_text import Place, edited
from streams.catalog.publication import is_shipped, load_or_tell
from streams.errors import UserError

NEW = """id: {name}
describe: {describe}
when: {{event: community.joined}}
offer: {{resource: {resource}, channels: [in_app]}}
because: {{en: you just joined, de: du bist neu hier}}
goal: {{event: post.created, within: 7 days}}
limits: {{once_per: member, expires: 1 day}}
maturity: shadow
owner: {owner}
scenarios:
  - name: joins
    given: [{{event: community.joined}}]
    expect: [{{by: 1h, resource: {resource}}}]
  - name: only reads
    given: [{{event: post.read}}]
    expect: nothing
"""
CARRIED = ("maturity", "canary", "holdout", "owner", "approved_by", "approved")  # from a file of a few words


class Text(NamedTuple):
    """The text of a playbook, the file that it is to stand in, and the state that the file is in (empty: it is not there)."""

    text: str
    path: Path
    base: str


class Folder:
    """A catalog directory. `lock` is held while something is written and published."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.lock = directory, threading.RLock()
        self._state: tuple[object, ...] = ()
        self._loaded: Loaded | None = None
        self._words: dict[str, dict[str, list[str]]] = {}

    @property
    def closed(self) -> str:
        """Why nothing can be written into it: `shipped`, `away`, `read_only`; empty where it can."""
        if not self.directory.is_dir():
            return "away"
        if is_shipped(self.directory):
            return "shipped"
        place = self.directory / "playbooks"
        return "" if os.access(place if place.is_dir() else self.directory, os.W_OK) else "read_only"

    def loaded(self) -> Loaded:
        """Return the catalog as it is in its files. Raises `UserError` with every problem of it."""
        with self.lock:
            if not self.directory.is_dir():
                raise UserError(f"LOTSE_CATALOG {self.directory}: no such directory")
            state = self._now()
            if self._loaded is None or state != self._state:
                self._loaded, self._words = load_or_tell(self.directory), {}
                self._state = state
            return self._loaded

    def words(self) -> dict[str, dict[str, list[str]]]:
        """Return what an editor may offer."""
        loaded = self.loaded()
        self._words = self._words or completions(loaded.bundle)
        return self._words

    def file(self, name: str) -> PlaybookFile | None:
        """Return a playbook's file by its id, None where the folder holds none."""
        return next((one for one in self.loaded().playbooks if one.id == name), None)

    def text(self, name: str) -> Text | None:
        """Return the whole text of a playbook; over a shipped one, as it would stand in a file of one's own. None where there is none."""
        file = self.file(name)
        if file is None:
            return None
        path, text = Path(file.path), Path(file.path).read_text(encoding="utf-8")
        if not path.resolve().is_relative_to(self.directory.resolve()):
            return Text(text, self.path_of(name), "")
        base = _state_of(text)
        below = self.loaded().below.get(name)
        if is_change(file.block) and below is not None:  # a few words over another: the whole, with these in it
            words: dict[Place, Any] = {(one,): file.block.data[one] for one in CARRIED if one in file.block.data}
            text = edited(Path(below.path).read_text(encoding="utf-8"), words)
        return Text(text, path, base)

    def fresh(self, name: str, describe: str, owner: str) -> Text:
        """Return the text that a new playbook begins with. Raises `UserError` for a name that is none or taken."""
        if not is_name(name):
            raise UserError(
                f"id: expected lower-case words with dots or hyphens between, such as onboarding.how-to-start; found {name}"
            )
        if self.file(name) is not None:
            raise UserError(f"id: there is a playbook {name} already")
        resources = self.loaded().bundle.resources
        text = NEW.format(name=name, describe="", owner="", resource=resources[0].id if resources else "my-resource")
        return Text(edited(text, {("describe",): describe or name, ("owner",): owner}), self.path_of(name), "")

    def path_of(self, name: str) -> Path:
        """Return where a playbook of one's own stands, unless it stands elsewhere already."""
        return self.directory / "playbooks" / f"{name}.yaml"

    def draft(self, name: str, text: str) -> Draft:
        """Return what was written, checked against the catalog as it is now. Raises `UserError`."""
        known = self.text(name)
        path = known.path if known else self.path_of(name)
        return read_draft(self.loaded(), path, name, text, datetime.now(UTC).date())

    def written(self, name: str, text: str, base: str) -> Written:
        """Return the change of a playbook's file to a text. Raises `UserError` where the file is not as it was when the writing began."""
        known = self.text(name)
        if base != (known.base if known else ""):
            raise UserError(
                f"{name}: somebody else has changed it meanwhile; nothing was done. Open it anew in another tab, and bring your change over"
            )
        path = known.path if known else self.path_of(name)
        return Written(path, path.read_text(encoding="utf-8") if path.is_file() else None, text)

    def _now(self) -> tuple[object, ...]:
        """Return what changes whenever a file does."""
        return tuple(sorted(_files_below(str(self.directory))))


def _files_below(directory: str) -> Iterator[tuple[str, int, int]]:
    """Yield (path, time of the last change, size) of each file of content; each page asks, so it is quick."""
    with os.scandir(directory) as entries:
        for one in entries:
            if one.is_dir():
                yield from _files_below(one.path)
            elif one.name.endswith((".yaml", ".md")):
                told = one.stat()
                yield one.path, told.st_mtime_ns, told.st_size


def _state_of(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
