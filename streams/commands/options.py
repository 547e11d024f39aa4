"""Options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

CatalogOption = Annotated[Path, typer.Option("--catalog", help="Catalog directory: resources, playbooks, policies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
