"""Files to a bundle: Markdown resources, YAML playbooks and the policy; every problem is reported, with its place."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from processors.journeys import Journey
from processors.resources import Bundle, Policy, Resource
from resource_catalog.journey_file import JOURNEYS_MAX, read_journey
from resource_catalog.playbook_file import MATCHING, PlaybookFile, read_playbook
from resource_catalog.problems import Block, CatalogError, Problem
from resource_catalog.resource_file import ResourceFile, merged, read_resource
from resource_catalog.yaml_text import parse_yaml, read_text, version_of

SHIPPED = Path(__file__).parent
PARTS = ("resources", "playbooks", "policies")


class Loaded:
    """A catalog directory as read: the bundle, the playbook files with their scenarios, and the files of resources."""

    def __init__(self, bundle: Bundle, playbooks: list[PlaybookFile], files: list[ResourceFile]) -> None:
        self.bundle, self.playbooks, self.files = bundle, playbooks, files


def load(directory: Path) -> Loaded:
    """Read `resources/`, `playbooks/`, `journeys/` and `policies/policy.yaml`. Raises `CatalogError` with every problem found."""
    problems: list[Problem] = []
    if not any((directory / part).is_dir() for part in PARTS):
        fault = f"nothing of a catalog in it; expected {', '.join(f'{part}/' for part in PARTS)}"
        raise CatalogError(
            [Problem(str(directory), 1, 1, fault if directory.is_dir() else f"no such directory; {fault}")]
        )
    resources, files = _resources(directory, problems)
    playbooks = []
    for path in sorted((directory / "playbooks").rglob("*.yaml")):
        text = read_text(path, problems)
        data = None if text is None else parse_yaml(path, text, problems)
        if data is not None:
            playbooks.append(read_playbook(Block(str(path), data, problems), version_of(path)))
    _unique([(one.path, one.playbook.id) for one in playbooks], "playbook", problems)
    problems += [
        Problem(one.path, one.resource_line, 1, _missing(one.playbook.resource, resources))
        for one in playbooks
        if one.playbook.resource and one.playbook.resource not in resources
    ]
    journeys = _journeys(directory / "journeys", problems)
    policies = _policies(directory / "policies" / "policy.yaml", journeys, problems)
    if problems:
        raise CatalogError(sorted(problems))
    ordered = tuple(one.playbook for one in sorted(playbooks, key=lambda one: one.playbook.id))
    return Loaded(Bundle(tuple(resources.values()), ordered, policies), playbooks, files)


def _missing(name: str, resources: dict[str, Resource]) -> str:
    near = get_close_matches(name, (*resources, MATCHING), 1)
    return f"resource {name} is not in the catalog" + (f"; did you mean {near[0]}?" if near else "")


def _resources(directory: Path, problems: list[Problem]) -> tuple[dict[str, Resource], list[ResourceFile]]:
    found: dict[str, Resource] = {}
    paths = sorted((directory / "resources").rglob("*.md"))
    files = [file for path in paths if (file := read_resource(path, problems))]
    for file in files:
        name = file.resource.id
        if name in found and file.locale in found[name].locales:
            problems.append(
                Problem(str(file.path), 1, 1, f"resource {name} stands in another file of {file.locale} too")
            )
        found[name] = merged(found[name], file) if name in found else file.resource
    for file in files:
        _check_references(file, found)
    return dict(sorted(found.items())), files


def _check_references(file: ResourceFile, resources: dict[str, Resource]) -> None:
    """Note resources that are named and not there, or that name themselves."""
    mine, block = file.resource, file.block
    text = mine.locales[file.locale]
    named = [("deeper", mine.deeper), ("replaced_by", mine.replaced_by), ("link", _inside(text.link))]
    named += [("branches", choice.resource) for branch in text.branches for choice in branch.choices]
    for field, name in named:
        if name == mine.id:
            block.problem(field, f"{field}: {name} is this resource itself")
        elif name and name not in resources:
            near = get_close_matches(name, resources, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            block.problem(field, f"{field}: resource {name} is not in the catalog{hint}")


def _inside(link: str) -> str:
    """Return the resource that a link names; empty where it leads elsewhere."""
    return link.removeprefix("resource:") if link.startswith("resource:") else ""


def _journeys(directory: Path, problems: list[Problem]) -> dict[str, Journey]:
    found: list[tuple[str, Journey]] = []
    for path in sorted(directory.rglob("*.yaml")):
        text = read_text(path, problems)
        data = None if text is None else parse_yaml(path, text, problems)
        if data is not None:
            found.append((str(path), read_journey(Block(str(path), data, problems))))
    _unique([(path, journey.id) for path, journey in found], "journey", problems)
    if len(found) > JOURNEYS_MAX:
        problems.append(Problem(found[-1][0], 1, 1, f"expected at most {JOURNEYS_MAX} journeys, found {len(found)}"))
    return {journey.id: journey for _, journey in found}


def _policies(path: Path, journeys: dict[str, Journey], problems: list[Problem]) -> dict[str, Policy]:
    if not path.is_file():
        return {"*": Policy(journeys=tuple(journeys.values()))}
    text = read_text(path, problems)
    data = None if text is None else parse_yaml(path, text, problems)
    if data is None:
        return {}
    top = Block(str(path), data, problems)
    return {str(name): _policy(block, journeys) for name in top.data if (block := top.block(name))}


def _policy(block: Block, journeys: dict[str, Journey]) -> Policy:
    block.allow(*Policy.__struct_fields__)
    values: dict[str, Any] = {"journeys": tuple(journeys.values())}
    for name, default in _fields(Policy()).items():
        if name not in block.data:
            continue
        if name == "journeys":
            values[name] = _chosen(block, journeys)
        elif isinstance(default, bool):
            values[name] = block.truth(name, default)
        elif isinstance(default, int):
            values[name] = int(block.number(name, default, 0, 23 if name.startswith("quiet") else 1000))
        elif isinstance(default, float):
            values[name] = block.duration(name, default)
        elif isinstance(default, tuple):
            values[name] = block.texts(name)
        else:
            values[name] = block.text(name)
    return Policy(**values)


def _chosen(block: Block, journeys: dict[str, Journey]) -> tuple[Journey, ...]:
    """Return the journeys that a community names; all where it names none."""
    names = block.texts("journeys")
    for name in names:
        if name not in journeys:
            block.problem(
                "journeys", f"journeys: expected some of {', '.join(journeys) or 'none there are'}, found {name}"
            )
    return tuple(journeys[name] for name in names if name in journeys)


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in cast("tuple[str, ...]", struct.__struct_fields__)}


def _unique(named: list[tuple[str, str]], what: str, problems: list[Problem]) -> None:
    first: dict[str, str] = {}
    for path, name in named:
        if name and name in first:
            problems.append(Problem(path, 1, 1, f"{what} {name} stands in {first[name]} too; ids are used once"))
        first.setdefault(name, path)
