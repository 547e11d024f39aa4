"""Files to a bundle: Markdown resources, YAML playbooks and the policy; every problem is reported, with its place."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast
from zoneinfo import available_timezones

import msgspec

from processors.platform_contracts import RESTRICTED, may_infer
from processors.playbooks.conditions import Definitions
from processors.playbooks.journeys import Journey
from processors.playbooks.resources import Bundle, Policy, Resource
from processors.playbooks.wording import ADDRESSES, TONES
from resource_catalog.change_file import is_change, read_change
from resource_catalog.definition_files import read_definitions
from resource_catalog.journey_file import JOURNEYS_MAX, read_journey
from resource_catalog.offer_fields import Shelf
from resource_catalog.playbook_file import Context, PlaybookFile, read_playbook
from resource_catalog.problems import Block, CatalogError, Problem
from resource_catalog.resource_file import ResourceFile, merged, read_resource
from resource_catalog.unread_files import unread
from resource_catalog.wording_fields import LANGUAGE
from resource_catalog.yaml_text import read_block, read_if_there, version_of

SHIPPED = Path(__file__).parent
PARTS = ("resources", "playbooks", "policies")
# As much as a member's state remembers of sends, so that it can be counted (processors/policy/stages/budget.py).
DISTRESS = "distress_language"  # the detector of distress support
LIMITS = {"budget_day": 20, "budget_week": 20, "budget_week_new": 20, "answers_day": 16, "staff_day": 31}


class Loaded:
    """A catalog as read: the bundle, the playbook files with their scenarios, and the files of resources.

    `context` is what a playbook of it may name, `below` the playbook files under the topmost layer.
    """

    def __init__(
        self,
        bundle: Bundle,
        playbooks: list[PlaybookFile],
        files: list[ResourceFile],
        context: Context | None = None,
        below: Mapping[str, PlaybookFile] | None = None,
    ) -> None:
        self.bundle, self.playbooks, self.files = bundle, playbooks, files
        self.context, self.below = context or Context(Shelf({}, {}), Definitions()), below or {}

    def with_playbook(self, file: PlaybookFile) -> "Loaded":
        """Return the catalog with a playbook file in the place of the one of its id, or beside the others."""
        files = {one.id: one for one in (*self.playbooks, file)}
        ordered = [files[name] for name in sorted(files)]
        bundle = msgspec.structs.replace(
            self.bundle, playbooks=tuple(one for part in ordered for one in part.playbooks)
        )
        return Loaded(bundle, ordered, self.files, self.context, self.below)


def load(directory: Path, *below: Path) -> Loaded:
    """Read a catalog directory, laid over others (the lowest first): what has the same id replaces what lies below.

    Raises `CatalogError` with every problem found.
    """
    problems: list[Problem] = []
    layers = (*below, directory)
    for layer in layers:
        _expect_catalog(layer)
        problems += unread(layer)
    resources, resource_files = _layered_resources(layers, problems)
    journeys = {name: one for layer in layers for name, one in _journeys(layer / "journeys", problems).items()}
    _check_count(directory, journeys, problems)
    definitions, defined = read_definitions(layers, problems)
    shelf = Shelf({one.id: one.theme for one in resources.values()}, {one.id: one.kind for one in resources.values()})
    steps = {name: tuple(step.id for step in one.steps) for name, one in journeys.items()}
    context = Context(shelf, definitions, steps)
    playbooks: dict[str, PlaybookFile] = {}
    under: dict[str, PlaybookFile] = {}
    for layer in layers:
        under = dict(playbooks)
        playbooks |= _playbooks(layer, context, playbooks, problems)
    policies: dict[str, Policy] = {}
    for layer in layers:
        policies |= _policies(layer / "policies" / "policy.yaml", journeys, problems)
    if problems:
        raise CatalogError(sorted(problems))
    files = [playbooks[name] for name in sorted(playbooks)]
    ordered = tuple(one for file in files for one in file.playbooks)
    bundle = Bundle(
        tuple(resources.values()), ordered, policies or _without_file(journeys), segments=defined.segments,
        stages=defined.stages, tags=defined.tags,
    )  # fmt: skip
    return Loaded(bundle, files, resource_files, context, under)


def _expect_catalog(directory: Path) -> None:
    if not any((directory / part).is_dir() for part in PARTS):
        fault = f"nothing of a catalog in it; expected {', '.join(f'{part}/' for part in PARTS)}"
        raise CatalogError(
            [Problem(str(directory), 1, 1, fault if directory.is_dir() else f"no such directory; {fault}")]
        )


def _playbooks(
    directory: Path, context: Context, below: dict[str, PlaybookFile], problems: list[Problem]
) -> dict[str, PlaybookFile]:
    """Return the playbook files of a layer; a file of a few words changes the maturity of one below."""
    found = []
    for path in sorted((directory / "playbooks").rglob("*.yaml")):
        block = read_block(path, problems, "id:")
        if block is not None and is_change(block):
            changed = read_change(block, below, version_of(path))
            found += [changed] if changed else []
        elif block is not None:
            found.append(read_playbook(block, version_of(path), context))
    _unique([(one.path, one.id) for one in found], "playbook", problems)
    return {one.id: one for one in found}


def _layered_resources(
    layers: tuple[Path, ...], problems: list[Problem]
) -> tuple[dict[str, Resource], list[ResourceFile]]:
    """Return the resources of all layers, and their files; of the same id those of the highest layer alone."""
    resources: dict[str, Resource] = {}
    files: list[ResourceFile] = []
    for layer in layers:
        own, own_files = _resources(layer, problems)
        resources |= own
        files = [*(one for one in files if one.resource.id not in own), *own_files]
    for file in files:
        _check_references(file, resources)
    return dict(sorted(resources.items())), files


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
    return found, files


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
    blocks = [block for path in sorted(directory.rglob("*.yaml")) if (block := read_block(path, problems, "id:"))]
    found = [(block.path, read_journey(block)) for block in blocks]
    _unique([(path, journey.id) for path, journey in found], "journey", problems)
    return {journey.id: journey for _, journey in found}


def _check_count(directory: Path, journeys: dict[str, Journey], problems: list[Problem]) -> None:
    if len(journeys) > JOURNEYS_MAX:
        where = str(directory / "journeys")
        problems.append(Problem(where, 1, 1, f"expected at most {JOURNEYS_MAX} journeys, found {len(journeys)}"))


def _without_file(journeys: dict[str, Journey]) -> dict[str, Policy]:
    return {"*": Policy(journeys=tuple(journeys.values()))}


def _policies(path: Path, journeys: dict[str, Journey], problems: list[Problem]) -> dict[str, Policy]:
    top = read_if_there(path, problems)
    if top is None:
        return {}
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
            values[name] = int(
                block.number(name, default, 0, LIMITS.get(name, 23 if name.startswith("quiet") else 1000))
            )
        elif isinstance(default, float):
            values[name] = block.duration(name, default)
        elif isinstance(default, tuple):
            values[name] = block.texts(name)
        elif name in ("tone", "address"):
            values[name] = block.choice(name, TONES if name == "tone" else ADDRESSES)
        else:
            values[name] = block.text(name)
    _check_zone(block, values)
    if not LANGUAGE.fullmatch(locale := values.get("locale", "en")):
        block.problem("locale", f"locale: expected a language such as en, de or de-AT; found {locale}")
    policy = Policy(**values)
    _keep_contract(block, policy)
    return policy


def _check_zone(block: Block, values: dict[str, Any]) -> None:
    zone = values.get("timezone", "UTC")
    if zone not in available_timezones():
        near = get_close_matches(zone, available_timezones(), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        block.problem("timezone", f"timezone: expected a name such as Europe/Berlin, found {zone}{hint}")


def _keep_contract(block: Block, policy: Policy) -> None:
    """Note what a platform's terms forbid, and a name that looks like one of such a platform and is none."""
    name = policy.platform.casefold()
    if policy.distress_support and not may_infer(name, DISTRESS):
        fault = f"the terms of {name} forbid to conclude distress from its data; expected false, or another platform"
        block.problem("distress_support", f"distress_support: {fault}")
    near = get_close_matches(name, RESTRICTED, 1, 0.85) if name and name not in RESTRICTED else []
    if near:
        block.problem("platform", f"platform: {name} has no terms that we know; did you mean {near[0]}?")


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
