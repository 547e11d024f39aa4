"""Findings are told in English and German, whatever is found."""

import ast

from tests.support.tree import ROOT


def test_every_finding_has_two_languages() -> None:
    """Only `found` makes one, and it takes both; so no check can forget the German."""
    files = sorted((ROOT / "resource_catalog" / "health").glob("*.py"))
    made = [
        (path.name, node.lineno)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
    ]
    assert [name for name, _ in made] == ["findings.py"]
