"""Options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

STANDARD_INPUT = "/dev/stdin"  # what `-` stands for, as in other programs


def given(name: str) -> str:
    """Return the file that a name on the command line means: `-` is standard input."""
    return STANDARD_INPUT if name == "-" else name


CatalogOption = Annotated[Path, typer.Option("--catalog", help="Catalog directory: resources, playbooks, policies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
