"""The index of the commands of `lotse`, made anew from their modules: `make generate`."""

import inspect
import json
from typing import Any

from streams.commands import MODULES
from streams.commands.lazy import INDEX, registered


def index() -> dict[str, dict[str, Any]]:
    """Return of each command, in the order of help, what help says of it and the modules that make it."""
    owner: dict[str, str] = {}
    made: dict[str, dict[str, Any]] = {}
    for module in MODULES:
        for name in registered((module,)).commands:
            owner.setdefault(name, module)
    for name, command in registered(MODULES).commands.items():
        makers = {owner[name], *_modules(command)}
        made[name] = {"help": command.help or "", "modules": [one for one in MODULES if one in makers]}
    return made


def text() -> str:
    """Return the index as its file has it."""
    return json.dumps(index(), indent=1, ensure_ascii=False) + "\n"


def _modules(command: Any) -> set[str]:
    """Name the modules in which a command, and those below it, are written."""
    below = [_modules(one) for one in getattr(command, "commands", {}).values()]
    own = inspect.unwrap(command.callback).__module__ if command.callback else ""
    package, _, name = own.rpartition(".")
    return set().union(*below, {name} if package == "streams.commands" else set())


if __name__ == "__main__":
    INDEX.write_text(text(), encoding="utf-8")
