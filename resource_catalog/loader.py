"""Files to a bundle: Markdown resources, YAML playbooks and the policy; every problem is reported, with its place."""

from datetime import UTC, date, datetime
from difflib import get_close_matches
from hashlib import blake2b
from io import StringIO
from pathlib import Path
from typing import Any, cast

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from processors.journeys import Journey
from processors.resources import KINDS, Bundle, Localised, Policy, Resource, Search
from resource_catalog.care_text import CARE_THEMES, check_helpline, check_wording
from resource_catalog.journey_file import JOURNEYS_MAX, read_journey
from resource_catalog.playbook_file import MATCHING, PlaybookFile, read_playbook
from resource_catalog.problems import Block, CatalogError, Problem

SHIPPED = Path(__file__).parent
PARTS = ("resources", "playbooks", "policies")
SUMMARY_MAX = 400
SEARCHES = ("answers", "on_request", "never")
ANSWERS_MAX, ANSWER_CHARS_MAX = 16, 200
FRONT_MATTER = (
    "title",
    "kind",
    "theme",
    "summary",
    "link",
    "owner",
    "review_by",
    "expires",
    "verified",
    "verified_by",
    "verified_at",
    "source",
    "retired",
    "tags",
    "answers",
    "search",
)


class Loaded:
    """A catalog directory as read: the bundle, and the playbook files with their scenarios."""

    def __init__(self, bundle: Bundle, playbooks: list[PlaybookFile]) -> None:
        self.bundle, self.playbooks = bundle, playbooks


def load(directory: Path) -> Loaded:
    """Read `resources/`, `playbooks/`, `journeys/` and `policies/policy.yaml`. Raises `CatalogError` with every problem found."""
    problems: list[Problem] = []
    if not any((directory / part).is_dir() for part in PARTS):
        fault = f"nothing of a catalog in it; expected {', '.join(f'{part}/' for part in PARTS)}"
        raise CatalogError(
            [Problem(str(directory), 1, 1, fault if directory.is_dir() else f"no such directory; {fault}")]
        )
    resources = _resources(directory, problems)
    playbooks = []
    for path in sorted((directory / "playbooks").rglob("*.yaml")):
        text = read_text(path, problems)
        data = None if text is None else parse_yaml(path, text, problems)
        if data is not None:
            playbooks.append(read_playbook(Block(str(path), data, problems), _version(path)))
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
    return Loaded(Bundle(tuple(resources.values()), ordered, policies), playbooks)


def _missing(name: str, resources: dict[str, Resource]) -> str:
    near = get_close_matches(name, (*resources, MATCHING), 1)
    return f"resource {name} is not in the catalog" + (f"; did you mean {near[0]}?" if near else "")


def parse_yaml(path: Path, text: str, problems: list[Problem], offset: int = 0) -> Any:
    """Return YAML with positions; aliases and custom tags are refused. None after a problem."""
    try:
        refused = next((event for event in YAML(typ="rt").parse(StringIO(text)) if _is_reference(event)), None)
        if refused is None:
            return YAML(typ="rt").load(StringIO(text))
        where = refused.start_mark
        message = "anchors, aliases and tags are not allowed; write the value out"
        problems.append(Problem(str(path), where.line + 1 + offset, where.column + 1, message))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.append(Problem(str(path), line + offset, column, f"no valid YAML: {error.problem}"))
    except (YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(str(path), 1 + offset, 1, f"no valid YAML: {error}"))
    return None


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return a file's text; None after a problem."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(str(path), 1, 1, f"expected UTF-8 text; byte {error.start + 1} is none"))
    except OSError as error:
        problems.append(Problem(str(path), 1, 1, f"cannot be read ({error.strerror})"))
    return None


def _is_reference(event: Any) -> bool:
    """Tell an alias, an anchor or a tag of the author's own: they can make a small file huge, or anything of it."""
    return isinstance(event, AliasEvent) or bool(getattr(event, "anchor", None) or getattr(event, "tag", None))


def _resources(directory: Path, problems: list[Problem]) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for path in sorted((directory / "resources").rglob("*.md")):
        name, _, locale = path.stem.rpartition(".")
        if name == MATCHING:
            problems.append(
                Problem(str(path), 1, 1, f"{MATCHING} is a word of playbooks; give the resource another name")
            )
        if not name:
            problems.append(
                Problem(str(path), 1, 1, "expected a name <id>.<language>.md, such as getting-started.en.md")
            )
            continue
        read = _resource(path, name, locale, problems)
        if read is None:
            continue
        found[name] = _merged(found[name], read) if name in found else read
    return dict(sorted(found.items()))


def _merged(known: Resource, other: Resource) -> Resource:
    """Return one resource of two languages: as verified as the lesser of them, in force as long as the shorter."""
    ends = [one.expires for one in (known, other) if one.expires]
    return msgspec.structs.replace(
        known,
        locales={**known.locales, **other.locales},
        version=_joined(known.version, other.version),
        verified=known.verified and other.verified,
        expires=min(ends, default=0.0),
        retired=known.retired or other.retired,
    )


def _resource(path: Path, name: str, locale: str, problems: list[Problem]) -> Resource | None:
    text = read_text(path, problems)
    if text is None:
        return None
    parts = text.split("---\n", 2)
    if not text.startswith("---\n") or len(parts) < 3:
        problems.append(Problem(str(path), 1, 1, "expected front matter between two lines of ---"))
        return None
    data = parse_yaml(path, parts[1], problems, 1)
    if data is None:
        return None
    block = Block(str(path), data, problems, 1)
    block.allow(*FRONT_MATTER)
    summary = block.text("summary")
    if len(summary) > SUMMARY_MAX:
        block.problem("summary", f"summary: at most {SUMMARY_MAX} characters, found {len(summary)}")
    localised = Localised(block.text("title"), summary, block.text("link", ""), parts[2].strip(), _answers(block))
    kind = block.choice("kind", KINDS)
    verified = block.truth("verified", kind != "helpline")
    expires = _day(block, "expires")
    if kind == "helpline":
        check_helpline(block, localised, locale, verified=verified, expires=expires)
    elif block.text("theme") in CARE_THEMES:
        check_wording(block, localised, locale)
    return Resource(
        id=name, kind=kind, theme=block.text("theme"), locales={locale: localised}, version=_version(path), owner=block.text("owner", ""),
        review_by=str(block.data.get("review_by", "")), expires=expires, verified=verified, retired=block.truth("retired", default=False),
        search=cast("Search", block.choice("search", SEARCHES, "answers")),
    )  # fmt: skip


def _answers(block: Block) -> tuple[str, ...]:
    """Return the questions that a resource answers, in people's words."""
    answers = block.texts("answers")
    if len(answers) > ANSWERS_MAX:
        block.problem("answers", f"answers: at most {ANSWERS_MAX} questions, found {len(answers)}")
    for answer in answers:
        if not 1 <= len(answer.strip()) <= ANSWER_CHARS_MAX:
            block.problem(
                "answers", f"answers: expected questions of at most {ANSWER_CHARS_MAX} characters, found {len(answer)}"
            )
    return answers


def _day(block: Block, field: str) -> float:
    value = block.data.get(field)
    if value is None:
        return 0.0
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    block.problem(field, f"{field}: expected a date such as 2027-01-31, found {value!r}")
    return 0.0


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


def _version(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()


def _joined(*versions: str) -> str:
    return blake2b("".join(sorted(versions)).encode(), digest_size=6).hexdigest()
