"""Commands of `lotse` and of make as pages and deployment files write them, held against those that exist."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from typer._click.exceptions import UsageError
from typer.main import get_command

from streams.commands import app
from tests.support.tree import ROOT

CODE = re.compile(r"^```[a-z]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
SYNOPSIS = re.compile(r"\[.*|.*\]$")  # [OPTIONS]
STANDS_FOR = re.compile(
    r"^[A-Z]+$|^\{.*\}$|^<.*>$|[|./]"
)  # FILE, {first}, <source>; one or the other; what would have to be there
NAMED_IN_PART = {"evaluate"}  # by its task, without the data
RULE = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def fault(words: Sequence[str]) -> str | None:
    """Return what is wrong with the words after `lotse`, or None; `plan|apply` stands for each of the two."""
    command: Any = get_command(app)
    for at, word in enumerate(words):
        if not hasattr(command, "commands"):
            return _misuse(command, words[at:])
        if "|" in word:
            return next(filter(None, (fault([*words[:at], one, *words[at + 1 :]]) for one in word.split("|"))), None)
        if word.startswith("-"):
            return _misuse(command, words[at:])
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
    return words[: next((at for at, word in enumerate(words) if word in (">", ">>", "<", "|")), None)]


def _misuse(command: Any, words: Sequence[str]) -> str | None:
    """Read the words as the command does; values that stand for something, as FILE or N, are taken for it."""
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("-") and word.partition("=")[0] not in {*known, "--help"}:
            return f"{command.name} has no option {word}"
    context = command.context_class(command, info_name=command.name)
    given = [word for word in words if word != "--help" and not SYNOPSIS.match(word)]
    try:
        values, left, _ = command.make_parser(context).parse_args(list(given))  # which eats its list
    except UsageError as error:
        return f"{command.name}: {error.format_message()}"
    if left and not hasattr(command, "commands"):
        return f"{command.name} takes no {left[0]}"
    absent = [one.opts[0] for one in command.params if one.required and values.get(one.name) in (None, (), [])]
    if (
        given
        and given == list(words)
        and absent
        and not any("|" in word for word in words)
        and command.name not in NAMED_IN_PART
    ):
        return f"{command.name} wants {', '.join(absent)}"
    return next(filter(None, (_wrong(one, values.get(one.name), context) for one in command.params)), None)


def _wrong(parameter: Any, value: Any, context: Any) -> str | None:
    words = [one for one in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(one, str)]
    if not words or any(STANDS_FOR.search(one) for one in words):
        return None
    try:
        parameter.process_value(context, value)
    except UsageError as error:
        return f"{context.info_name} {parameter.opts[0]}: {error.format_message()}"
    return None
