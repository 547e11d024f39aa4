"""A group of commands that loads the module of a command when it is called, so that `lotse` starts at once."""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

INDEX = Path(__file__).with_name("index.json")


class Commands(Mapping[str, Any]):
    """Click commands by name; `index` tells of each its help and the modules that make it."""

    def __init__(self, index: Mapping[str, Mapping[str, Any]]) -> None:
        self.index = index

    def __getitem__(self, name: str) -> Any:
        command = registered(self.index[name]["modules"]).commands[name]
        spare_help(command)
        return command

    def __contains__(self, name: object) -> bool:
        return name in self.index

    def __iter__(self) -> Iterator[str]:
        return iter(self.index)

    def __len__(self) -> int:
        return len(self.index)


class LazyGroup(TyperGroup):
    """The commands that `index.json` lists; help and a slip of the pen need no module of them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        spare_help(self)
        self.commands: Any = Commands(json.loads(INDEX.read_text(encoding="utf-8")))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the interface is Click's)
        """Return the names, in the index's order."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write what a group of all the commands would."""
        told: dict[str, Any] = {name: TyperCommand(name, help=one["help"]) for name, one in self.commands.index.items()}
        TyperGroup(
            name=self.name, commands=told, params=self.params, help=self.help, epilog=self.epilog,
            rich_markup_mode=self.rich_markup_mode,
        ).format_help(ctx, formatter)  # fmt: skip


def registered(modules: tuple[str, ...]) -> Any:
    """Load these modules and return the group of the commands that they register."""
    part = typer.Typer()
    part.callback()(_nothing)
    for name in modules:
        module = import_module(f"streams.commands.{name}")
        if hasattr(module, "register"):
            module.register(part)
    return get_command(part)


def spare_help(command: Any) -> None:
    """Let an unasked `--help` be False rather than nothing: to make a bool of nothing Typer loads Pydantic, a seventh of what a worker's start costs."""
    found = command.get_help_option

    def get_help_option(ctx: Any) -> Any:
        option = found(ctx)
        if option is not None:
            option.default = False
        return option

    command.get_help_option = get_help_option


def _nothing() -> None:
    """Do nothing before a command."""
