"""One resource file, Markdown with front matter, to a resource in one language; and the languages of a resource to one."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import msgspec

from processors.playbooks.resources import KINDS, Localised, Resource, Search
from processors.playbooks.wording import KEYS
from resource_catalog.care_text import CARE_THEMES, check_helpline, check_wording
from resource_catalog.decision_tree import read_branches
from resource_catalog.playbook_file import MATCHING
from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_text import fields_of, parse_yaml, read_text, version_of, versions_joined

SUMMARY_MAX = 400  # characters; what is sent is read on a telephone, between two other things
STEPS_MAX, STEP_CHARS_MAX = 20, 300
ANSWERS_MAX, ANSWER_CHARS_MAX = 16, 200
SEARCHES = ("answers", "on_request", "never")
# Where else something is to be found is all that these kinds have to say.
LINKED_KINDS = ("video", "gif", "thread")
FRONT_MATTER = (
    "$schema", "title", "kind", "theme", "summary", "link", "steps", "branches", "deeper", "answers", "search", "tone", "audience", "tags", "owner",
    "review_by", "expires", "source", "retired", "private", "replaced_by", "verified", "verified_by", "verified_at",
)  # fmt: skip
# What one resource has, whatever the language.
SHARED = ("kind", "theme", "search", "deeper", "replaced_by", "audience")
EXPECTED_NAME = "expected a name <id>.<language>.md, such as getting-started.en.md"
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LINK = re.compile(r"https?://[^\s/]+\S*|mailto:\S+@\S+|/\S*|resource:\S+")


class ResourceFile:
    """A file as read, with the block that knows its positions, for what only the whole catalog can tell."""

    def __init__(self, path: Path, block: Block, resource: Resource, locale: str) -> None:
        self.path, self.block, self.resource, self.locale = path, block, resource, locale


def read_resource(path: Path, problems: list[Problem]) -> ResourceFile | None:
    """Return a resource in one language; None after a problem that leaves nothing to read."""
    name, _, locale = path.stem.rpartition(".")
    if not name or not _LOCALE.fullmatch(locale) or not _ID.fullmatch(name):
        problems.append(Problem(str(path), 1, 1, EXPECTED_NAME))
        return None
    if name == MATCHING:
        problems.append(Problem(str(path), 1, 1, f"{MATCHING} is a word of playbooks; give the resource another name"))
    read = _front_matter(path, problems)
    if read is None:
        return None
    block, body = read
    block.allow(*FRONT_MATTER)
    return ResourceFile(path, block, _resource(block, name, locale, body, version_of(path)), locale)


def merged(known: Resource, other: ResourceFile) -> Resource:
    """Return one resource of two languages: as verified as the lesser of them, in force as long as the shorter."""
    added = other.resource
    for field in SHARED:
        ours, theirs = getattr(known, field), getattr(added, field)
        if ours != theirs:
            languages = ", ".join(known.locales)
            message = f"{field}: {_told(theirs)} here, {_told(ours)} in {languages}; all languages of a resource have the same"
            other.block.problem(field, message)
    ends = [one.expires for one in (known, added) if one.expires]
    reviews = [one.review_by for one in (known, added) if one.review_by]
    return msgspec.structs.replace(
        known,
        locales={**known.locales, **added.locales},
        version=versions_joined(known.version, added.version),
        verified=known.verified and added.verified,
        expires=min(ends, default=0.0),
        review_by=min(reviews, default=""),
        owner=known.owner or added.owner,
        retired=known.retired or added.retired,
        private=known.private or added.private,
        source=known.source or added.source,
    )


def _told(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) and value else str(value or "nothing")


def _front_matter(path: Path, problems: list[Problem]) -> tuple[Block, str] | None:
    text = read_text(path, problems)
    if text is None:
        return None
    parts = text.split("---\n", 2)
    if not text.startswith("---\n") or len(parts) < 3:
        problems.append(
            Problem(
                str(path), 1, 1, "expected fields such as title: between two lines of ---, at the beginning of the file"
            )
        )
        return None
    before = len(problems)
    data = parse_yaml(path, parts[1], problems, 1)
    if data is None and len(problems) == before:
        problems.append(Problem(str(path), 1, 1, "nothing between the two lines of ---; begin with title:"))
    block = None if data is None else fields_of(path, data, problems, 1)
    return None if block is None else (block, parts[2].strip())


def _resource(block: Block, name: str, locale: str, body: str, version: str) -> Resource:
    text = _localised(block, body)
    kind, theme = block.choice("kind", KINDS), block.text("theme")
    verified, expires = block.truth("verified", kind != "helpline"), _day(block, "expires")
    if kind == "helpline":
        check_helpline(block, text, locale, verified=verified, expires=expires)
    elif theme in CARE_THEMES:
        check_wording(block, text, locale)
    _check_kind(block, kind, text)
    retired, replaced_by = block.truth("retired", default=False), block.text("replaced_by", "")
    if replaced_by and not retired:
        block.problem("replaced_by", "replaced_by: goes with retired: true; until then this one is offered")
    _day(block, "review_by")
    return Resource(
        id=name, kind=kind, theme=theme, locales={locale: text}, version=version, owner=block.text("owner", ""),
        review_by=str(block.data.get("review_by") or ""), expires=expires, verified=verified, retired=retired, private=block.truth("private", default=False),
        search=cast("Search", block.choice("search", SEARCHES, "answers")), deeper=block.text("deeper", ""), replaced_by=replaced_by,
        audience=block.texts("audience"), tags=block.texts("tags"), source=block.text("source", ""),
    )  # fmt: skip


def _localised(block: Block, body: str) -> Localised:
    summary, link = block.text("summary"), block.text("link", "")
    if len(summary) > SUMMARY_MAX:
        block.problem("summary", f"summary: at most {SUMMARY_MAX} characters, found {len(summary)}")
    if link and not _LINK.fullmatch(link):
        block.problem(
            "link", f"link: expected https://..., mailto:, a path such as /guides, or resource:ID, found {link}"
        )
    return Localised(
        block.text("title"), summary, link, body,
        answers=_lines(block, "answers", "questions", ANSWERS_MAX, ANSWER_CHARS_MAX),
        steps=_lines(block, "steps", "steps", STEPS_MAX, STEP_CHARS_MAX),
        branches=read_branches(block), tones=_tones(block),
    )  # fmt: skip


def _check_kind(block: Block, kind: str, text: Localised) -> None:
    """Note what a kind cannot do without, and what goes with another kind only."""
    if kind == "decision-tree" and not text.branches and "branches" not in block.data:
        block.problem("kind", "kind: a decision-tree needs branches; without them it is a microguide or a checklist")
    if kind != "decision-tree" and text.branches:
        block.problem("branches", f"branches: go with kind: decision-tree, found {kind}")
    if kind in LINKED_KINDS and not text.link:
        block.problem("kind", f"kind: a {kind} needs a link to it")


def _lines(block: Block, field: str, what: str, most: int, longest: int) -> tuple[str, ...]:
    """Return a bounded list of texts, each of a bounded length."""
    texts = block.texts(field)
    if len(texts) > most:
        block.problem(field, f"{field}: at most {most} {what}, found {len(texts)}")
    for number, text in enumerate(texts, 1):
        if not 1 <= len(text.strip()) <= longest:
            block.problem(
                field, f"{field}: expected {what} of 1 to {longest} characters, found {len(text)} in number {number}"
            )
    return tuple(text.strip() for text in texts)


def _tones(block: Block) -> dict[str, str]:
    """Return the summary in other tones and forms of address; each is as short as the summary."""
    tones = block.block("tone")
    if tones is None:
        return {}
    tones.allow(*KEYS)
    said = {name: tones.text(name) for name in tones.data if name in KEYS}
    for name, text in said.items():
        if len(text) > SUMMARY_MAX:
            tones.problem(name, f"{name}: at most {SUMMARY_MAX} characters, found {len(text)}")
    return said


def _day(block: Block, field: str) -> float:
    """Return a day as epoch seconds (its beginning in UTC), 0.0 where there is none."""
    value: Any = block.data.get(field)
    if value is None:
        return 0.0
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    block.problem(field, f"{field}: expected a date such as 2027-01-31, found {value!r}")
    return 0.0
