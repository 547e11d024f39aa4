"""Commands of `lotse` and of make as pages and deployment files write them, held against those that exist."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from typer.main import get_command

from streams.commands import app
from tests.support.tree import ROOT

CODE = re.compile(r"^```[a-z]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
RULE = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def fault(words: Sequence[str]) -> str | None:
    """Return what is wrong with the words after `lotse`, or None; `plan|apply` stands for each of the two."""
    command: Any = get_command(app)
    for at, word in enumerate(words):
        if not hasattr(command, "commands"):
            return _unknown_option(command, words[at:])
        if "|" in word:
            return next(filter(None, (fault([*words[:at], one, *words[at + 1 :]]) for one in word.split("|"))), None)
        if word.startswith("-"):
            return _unknown_option(command, words[at:])
        if word not in command.commands:
            return f"{command.name} has no command {word}"
        command = command.commands[word]
    return None


def make_targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(RULE.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def commands_in(page: str, program: str) -> Iterator[list[str]]:
    """Yield the words after `program`, for each time that it is called in code of a Markdown page."""
    for block, span in CODE.findall(page):
        for line in (block or span).splitlines():
            for called in re.split(r"&&|;|\|\|", line.partition("#")[0]):
                words = _words(called)
                if words and words[0].rpartition("/")[2] == program:
                    yield words[1:]


def _words(called: str) -> list[str]:
    try:
        words = shlex.split(called)
    except ValueError:  # a quotation mark of prose
        return []
    while words and "=" in words[0]:
        words = words[1:]
    return words


def _unknown_option(command: Any, words: Sequence[str]) -> str | None:
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("-") and word.partition("=")[0] not in {*known, "--help"}:
            return f"{command.name} has no option {word}"
    return None
