"""Writes a playbook's maturity into a catalog of one's own: in the playbook's file, or in a file of a few words over a shipped one."""

import re
from pathlib import Path
from typing import NamedTuple

from resource_catalog.playbook_file import PlaybookFile


class Written(NamedTuple):
    """A file as it was written, and what it held before (None: it was not there)."""

    path: Path
    before: str | None

    def undo(self) -> None:
        """Put back what was there."""
        if self.before is None:
            self.path.unlink(missing_ok=True)
        else:
            self.path.write_text(self.before, encoding="utf-8")


def write_maturity(
    directory: Path, file: PlaybookFile, maturity: str, share: float = 0.0, approved_by: tuple[str, ...] = ()
) -> Written:
    """Write it where the playbook stands in `directory`, or beside what is below it. Raises `OSError`.

    Everything else in the file stays as it is, comments too.
    """
    path = Path(file.path)
    if not path.resolve().is_relative_to(directory.resolve()):
        path = directory / "playbooks" / f"{file.id}.yaml"
        text = f"# Over the shipped playbook of this id; lotse playbooks promote wrote it.\nid: {file.id}\nmaturity: {maturity}\n"
        before = None
    else:
        before = text = path.read_text(encoding="utf-8")
        text = _with_line(text, "maturity", maturity)
    if maturity == "canary":
        text = _with_line(text, "canary", f"{share:g}")
    if approved_by:
        text = _with_line(text, "approved_by", f"[{', '.join(approved_by)}]")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Written(path, before)


def _with_line(text: str, field: str, value: str) -> str:
    """Return the text with a top-level field of one line; a comment behind it stays."""
    line = re.compile(rf"^{field}:[^#\n]*?(\s+#[^\n]*)?$", re.MULTILINE)
    if line.search(text):
        return line.sub(lambda found: f"{field}: {value}{found[1] or ''}", text, count=1)
    after = re.search(r"^maturity:[^\n]*\n", text, re.MULTILINE)
    place = after.end() if after else len(text)
    separator = "" if not place or text[place - 1] == "\n" else "\n"
    return f"{text[:place]}{separator}{field}: {value}\n{text[place:]}"
