"""A maturity written: into the file, or over a shipped playbook; all else in the file stays; and it can be undone."""

from pathlib import Path

import pytest

from resource_catalog.layers import load_layered
from resource_catalog.maturity_file import write_maturity
from resource_catalog.playbook_file import PlaybookFile

OWN = """# Mine
id: own.one
when: {event: post.created}
offer: {resource: getting-started, channels: [in_app]}
because: you posted
maturity: shadow   # for now
owner: me
"""


def file_of(directory: Path, name: str) -> PlaybookFile:
    """Return a playbook file as it is in force."""
    return next(one for one in load_layered(directory).playbooks if one.id == name)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A catalog with one playbook of its own."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_only_the_line_changes(own: Path) -> None:
    """A comment behind it stays; a share and approvers come beneath."""
    written = write_maturity(own, file_of(own, "own.one"), "canary", 0.2, ("ann", "ben"))
    text = written.path.read_text(encoding="utf-8")
    assert text == OWN.replace(
        "maturity: shadow   # for now\n", "maturity: canary   # for now\napproved_by: [ann, ben]\ncanary: 0.2\n"
    )
    assert (file_of(own, "own.one").playbook.maturity, file_of(own, "own.one").playbook.canary) == ("canary", 0.2)
    written.undo()
    assert written.path.read_text(encoding="utf-8") == OWN


def test_a_file_without_the_line_gets_one(own: Path) -> None:
    """At its end."""
    (own / "playbooks" / "own.yaml").write_text(
        OWN.replace("maturity: shadow   # for now\n", "").rstrip(), encoding="utf-8"
    )
    write_maturity(own, file_of(own, "own.one"), "live")
    assert file_of(own, "own.one").playbook.maturity == "live"


def test_over_a_shipped_playbook_a_file_of_its_own_is_written(own: Path) -> None:
    """And written again; undone, it is gone."""
    name = "drop-off.quiet-visitor"
    first = write_maturity(own, file_of(own, name), "off")
    assert file_of(own, name).playbook.maturity == "off"
    again = write_maturity(own, file_of(own, name), "canary", 0.5)
    assert again.path == first.path
    assert (file_of(own, name).playbook.maturity, file_of(own, name).playbook.canary) == ("canary", 0.5)
    first.undo()
    assert file_of(own, name).playbook.maturity == "live"
