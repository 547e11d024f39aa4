"""Decision trees: read with all their ways; what cannot be walked to an end is told."""

from pathlib import Path

import pytest

from processors.playbooks.resources import Branch, Choice
from resource_catalog.loader import SHIPPED, load
from tests.resource_catalog.test_resource_file import faults, read

TREE = "title: Which way\nkind: decision-tree\ntheme: topic\nsummary: It helps.\n"
FIRST = "  - {ask: New?, choices: [{say: Yes, go: branch-2}, {say: No, resource: more}]}\n"
SECOND = "  - {ask: Today?, choices: [{say: Yes, end: Welcome.}, {say: No, end: Hello.}]}\n"
MORE = "title: More\nkind: how-to\ntheme: topic\nsummary: It helps.\n"


def test_a_tree_is_read_from_its_beginning(tmp_path: Path) -> None:
    """Branches without an id are counted; each choice has one way."""
    tree = read(tmp_path, tree_en=f"{TREE}branches:\n{FIRST}{SECOND}", more_en=MORE)["tree"]
    assert tree.locales["en"].branches == (
        Branch("start", "New?", (Choice("Yes", go="branch-2"), Choice("No", resource="more"))),
        Branch("branch-2", "Today?", (Choice("Yes", end="Welcome."), Choice("No", end="Hello."))),
    )


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        ("", "3: kind: a decision-tree needs branches; without them it is a microguide or a checklist"),
        ("branches: []\n", "6: branches: expected a list of fields, each beginning with a dash"),
        ("branches:\n" + SECOND + FIRST, "7: branches: nothing leads to branch-2"),
        ("branches:\n" + FIRST.replace("branch-2", "brunch-2") + SECOND, "7: go: no branch brunch-2; did you mean branch-2?"),
        ("branches:\n  - {ask: New?, choices: [{say: Yes, end: Well.}]}\n", "7: choices: expected at least two, found 1"),
        ("branches:\n  - {ask: New?, choices: [{say: Yes}, {say: No, end: Well.}]}\n",
         "7: choice: expected exactly one of go, resource, end, found none"),
        ("branches:\n  - {ask: New?, choices: [{say: Yes, end: a, go: start}, {say: No, end: Well.}]}\n",
         "7: choice: expected exactly one of go, resource, end, found go and end"),
        ("branches:\n  - {id: a, ask: New?, choices: [{say: Yes, go: a}, {say: No, go: a}]}\n",
         "7: branches: from a there is no way to an end; it goes round in a circle"),
        ("branches:\n  - {ask: New?, choices: [{say: Yes, resource: mores}, {say: No, end: Well.}]}\n",
         "7: branches: resource mores is not in the catalog; did you mean more?"),
    ],
)  # fmt: skip
def test_a_tree_that_cannot_be_walked_is_told(tmp_path: Path, branches: str, expected: str) -> None:
    """With the line, and what to write."""
    found = faults(tmp_path, tree_en=TREE + branches, more_en=MORE)
    assert f"tree.en.md:{expected}" in found


def test_the_shipped_trees_have_the_same_ways_in_all_languages() -> None:
    """Whoever is led by one is led alike in the other."""
    for one in load(SHIPPED).bundle.resources:
        ways = {
            tuple(
                (branch.id, [(choice.go, choice.resource) for choice in branch.choices]) for branch in text.branches
            ).__repr__()
            for text in one.locales.values()
        }
        assert len(ways) == 1, one.id
