"""A file that nobody reads is told, with the place or the name that it wants."""

import os
from pathlib import Path

import pytest

from resource_catalog.loader import SHIPPED
from resource_catalog.unread_files import unread


@pytest.mark.parametrize(
    ("path", "mended"),
    [
        ("playbooks/welcome.yml", "is not read; name it welcome.yaml"),
        ("playbooks/welcome.YAML", "is not read; name it welcome.yaml"),
        ("resources/a.en.markdown", "is not read; name it a.en.md"),
        ("playbooks/guide.en.md", "is not read: playbooks/ holds files *.yaml; move it to resources/, or out of the catalog"),
        ("resources/welcome/welcome.yaml", "is not read: resources/ holds files *.md; move it to playbooks/, or out of the catalog"),
        ("resources/guide.docx", "is not read: resources/ holds files *.md; write it as one, or move it out of the catalog"),
        ("segments/new", "is not read: segments/ holds files *.yaml; write it as one, or move it out of the catalog"),
        ("policies/policies.yaml", "is not read: policies/ holds policy.yaml alone, with a block for each community"),
        ("policies/chess-town.yaml", "is not read: policies/ holds policy.yaml alone, with a block for each community"),
        ("policies/policy.yml", "is not read; name it policy.yaml"),
        ("policies/channels.yaml", "is not read; move it to channels.yaml, beside policies/"),
        ("policy.yaml", "is not read; move it to policies/policy.yaml"),
        ("policies.yml", "is not read; move it to policies/policy.yaml"),
        ("channels.yml", "is not read; name it channels.yaml"),
        ("channel.yaml", "is not read; name it channels.yaml"),
        ("Lifecycle.yaml", "is not read; name it lifecycle.yaml"),
        ("guide.en.md", "is not read; move it to resources/"),
        ("playbook/welcome.yaml", "is not read; files of this kind belong in playbooks/"),
        ("Resources/welcome/guide.en.md", "is not read; files of this kind belong in resources/"),
        ("segment/new.yaml", "is not read; files of this kind belong in segments/"),
    ],
)  # fmt: skip
def test_what_lies_in_the_wrong_place_or_has_the_wrong_name(tmp_path: Path, path: str, mended: str) -> None:
    """Each once."""
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("id: a\n", encoding="utf-8")
    assert [one.message for one in unread(tmp_path)] == [mended]


def test_notes_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    """Of editors, of systems, and for people; and what lies beside the catalog's own files and folders without looking like them."""
    for path in (
        "resources/README.md",
        "resources/.DS_Store",
        "playbooks/.lotse/a.json",
        "playbooks/README.md",
        "policies/README.md",
        "notes.txt",
        "README.de.md",
        "CHANGELOG.md",
        "mkdocs.yml",
        "pictures/guide.en.md",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("", encoding="utf-8")
    assert list(unread(tmp_path)) == []
    assert list(unread(SHIPPED)) == []


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    """What is in it would be missing: here a link that leads to itself; a folder of another user is told likewise."""
    (tmp_path / "playbooks").symlink_to(tmp_path / "playbooks")
    (found,) = unread(tmp_path)
    assert found.path == str(tmp_path / "playbooks")
    assert found.message.startswith("cannot be read (")
    assert found.message.endswith("; let the user of this process read it")


@pytest.mark.skipif(os.getuid() == 0, reason="root may look into every folder")
def test_a_folder_of_another_user_is_told(tmp_path: Path) -> None:
    """Also one within a folder."""
    closed = tmp_path / "resources" / "welcome"
    closed.mkdir(parents=True)
    closed.chmod(0)
    (found,) = unread(tmp_path)
    closed.chmod(0o700)
    assert (found.path, found.message.partition(" (")[0]) == (str(closed), "cannot be read")
