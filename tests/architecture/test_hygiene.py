"""What the tree must not hold, and what its pages promise: paths, secrets, commands, links, sizes."""

import os
import re
from pathlib import Path

import pytest

from tests.support.command_line import commands_in, fault, make_targets
from tests.support.tree import ROOT, kept_files, modules

FILES = kept_files()
PAGES = [path for path in FILES if path.suffix == ".md" and "resources" not in path.parts]
SIZE_MAX = 2 * 1024 * 1024  # bytes
HERE = re.compile(r"(?<![\w.-])/(?:work|root|home/\w+|Users/\w+)/")  # folders of one machine
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}\b|\bxox[abprs]-[\w-]{10,}|\bsk-[A-Za-z0-9]{32,}"
    r"|://[^/\s:@{}$]+:[^/\s:@{}$]{6,}@"
)
LINK = re.compile(r"\[[^\]]+\]\((?!https?://|#|mailto:)([^)#\s]+)")
# Before 3.11.5 Python loses what matches a group repeated so (CPython issue 106052); an atomic group, (?>(?:...)*), it does not.
POSSESSIVE = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")
JUNK = {".pyc", ".orig", ".rej", ".bak", ".swp", ".log", ".class", ".jar"}


def text_of(path: Path) -> str:
    """Return a file's text, empty where it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_speaks_of_one_machine() -> None:
    """Paths of somebody's machine work nowhere else."""
    assert [str(path) for path in FILES if HERE.search(text_of(path))] == []


def test_no_secret_is_kept() -> None:
    """Keys of services, private keys, passwords in addresses."""
    assert [str(path) for path in FILES if SECRETS.search(text_of(path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "A" * 16,
        "ghp_" + "a" * 36,
        "redis://user:" + "hunter22@host:6379",
    ],
)
def test_a_secret_would_be_seen(text: str) -> None:
    """The pattern that finds none does find one."""
    assert SECRETS.search(text)


def test_no_pattern_depends_on_the_version_of_python() -> None:
    """Decisions are the same on every Python that is supported: no possessive repeat of a group."""
    assert [str(path) for path in modules() if POSSESSIVE.search(text_of(path))] == []
    assert all(map(POSSESSIVE.search, ("(?:a|bc)*+d", "(a)?+", "(?:ab){2,}+")))
    assert not any(map(POSSESSIVE.search, (r"a*+(?:b)+", r"\)*+", r"[^)]*+", "(?>(?:a|bc)*)")))


def test_nothing_is_large_or_left_over() -> None:
    """No file above 2 MiB, no product of a build, no empty or half-merged file."""
    bad = [path for path in FILES if (ROOT / path).stat().st_size > SIZE_MAX or path.suffix in JUNK]
    assert bad == []
    assert [str(path) for path in FILES if re.search(r"^(<{7}|>{7}) ", text_of(path), re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_of_a_page_exist(page: Path) -> None:
    """Subcommands and options of lotse, targets of make."""
    text = text_of(page)
    faults = [found for words in commands_in(text, "lotse") if (found := fault(words))]
    named = {word for words in commands_in(text, "make") for word in words[:1] if "=" not in word}
    assert faults + sorted(named - make_targets()) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    """Links to files of the tree."""
    assert [link for link in LINK.findall(text_of(page)) if not (ROOT / page.parent / link).exists()] == []


def test_a_wrong_command_would_be_seen() -> None:
    """The check of pages finds what is wrong with a page."""
    page = """Run `lotse wroker` or
```
KEY=1 .venv/bin/lotse deliver --chanel console  # out
lotse explain town/ann town/ben
lotse deliver --channel
lotse backtest ID --days many
lotse map zapier FILE --mapping map.yaml > mapped.txt
lotse silence add --playbook ID --reason WHY
make tset
```
"""
    assert [fault(words) for words in commands_in(page, "lotse")] == [
        "lotse has no command wroker",
        "deliver has no option --chanel",
        "explain takes no town/ben",
        "deliver: Option '--channel' requires an argument.",
        "backtest --days: Invalid value for '--days': Input should be a valid integer, unable to parse string as an integer",
        None,
        "add wants --author",
    ]
    assert list(commands_in(page, "make")) == [["tset"]]


def test_ci_does_what_a_newcomer_does() -> None:
    """`.ci/run` calls make test and nothing cleverer; the two commands of the README are the project's."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script[0] == "#!/usr/bin/env bash"
    assert script[1:3] == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."']
    assert script[3:] == ["make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    named = {tuple(words[:1]) for words in commands_in(text_of(Path("README.md")), "make")}
    assert {("demo",), ("test",)} <= named
