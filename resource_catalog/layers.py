"""A community's own catalog laid over the shipped starter content, unless it says that it stands alone."""

from pathlib import Path

from resource_catalog.loader import SHIPPED, Loaded, load
from resource_catalog.problems import CatalogError, Problem
from resource_catalog.yaml_text import read_if_there

SETTINGS = "catalog.yaml"


def load_layered(directory: Path) -> Loaded:
    """Return a catalog directory as it is in force: over the starter content, unless `catalog.yaml` says `starter: false`.

    Raises `CatalogError` with every problem found.
    """
    return load(directory, *below(directory))


def below(directory: Path) -> tuple[Path, ...]:
    """Return the catalogs that this one lies over. Raises `CatalogError` for a `catalog.yaml` that cannot be read."""
    if directory.resolve() == SHIPPED.resolve():
        return ()
    path, problems = directory / SETTINGS, list[Problem]()
    block = read_if_there(path, problems)
    starter = True
    if block is not None:
        block.allow("starter")
        starter = block.truth("starter", default=True)
    if problems:
        raise CatalogError(problems)
    return (SHIPPED,) if starter else ()
