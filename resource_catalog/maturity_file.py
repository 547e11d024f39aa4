"""Writes a playbook's maturity into a catalog of one's own: in the playbook's file, or in a file of a few words over a shipped one."""

import re
from pathlib import Path
from typing import NamedTuple

from resource_catalog.playbook_file import PlaybookFile


class Written(NamedTuple):
    """A file as it is to be, and what it held before (None: it was not there)."""

    path: Path
    before: str | None
    after: str

    def write(self) -> None:
        """Write it. Raises `OSError`."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.after, encoding="utf-8")

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
    written = with_maturity(directory, file, maturity, share, approved_by)
    written.write()
    return written


def with_maturity(
    directory: Path, file: PlaybookFile, maturity: str, share: float = 0.0, approved_by: tuple[str, ...] = ()
) -> Written:
    """Return the file as `write_maturity` writes it. Raises `OSError`."""
    path = Path(file.path)
    if not path.resolve().is_relative_to(directory.resolve()):
        path = directory / "playbooks" / f"{file.id}.yaml"
        text = (
            f"# Over the shipped playbook of this id; lotse playbooks wrote it.\nid: {file.id}\nmaturity: {maturity}\n"
        )
        before = None
    else:
        before = text = path.read_text(encoding="utf-8")
        text = _with_line(text, "maturity", maturity)
    if maturity == "canary":
        text = _with_line(text, "canary", f"{share:g}")
    if approved_by:
        text = _with_line(text, "approved_by", f"[{', '.join(map(_quoted, approved_by))}]")
    return Written(path, before, text)


def with_approval(text: str, approved_by: tuple[str, ...], digest: str) -> str:
    """Return the text of a playbook's file with who approved it, and the digest of what they approved."""
    text = _with_line(text, "approved", digest)
    return _with_line(text, "approved_by", f"[{', '.join(map(_quoted, approved_by))}]")


def _quoted(name: str) -> str:
    """Return a name as YAML takes it in a list."""
    return name if re.fullmatch(r"[A-Za-z][\w.@-]*", name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _with_line(text: str, field: str, value: str) -> str:
    """Return the text with a top-level field of one line; a comment behind it stays."""
    line = re.compile(rf"^{field}:[^#\n]*?(\s+#[^\n]*)?$", re.MULTILINE)
    if line.search(text):
        return line.sub(lambda found: f"{field}: {value}{found[1] or ''}", text, count=1)
    after = re.search(r"^maturity:[^\n]*\n", text, re.MULTILINE)
    place = after.end() if after else len(text)
    separator = "" if not place or text[place - 1] == "\n" else "\n"
    return f"{text[:place]}{separator}{field}: {value}\n{text[place:]}"
