"""A resource's Markdown as a guide: an introduction, steps with an address each, branches that lead from one to another."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from processors.playbooks.resources import Branch as Question
from processors.playbooks.resources import Localised

STEPS_MAX = 64
ID_CHARS_MAX = 48
_BOX = re.compile(r"^\[[ xX]\]\s+")
_WORDS = re.compile(r"[^\w]+")
# HTML in a resource is shown as text, not obeyed; markdown-it refuses script addresses by itself. Images would be loaded from elsewhere.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


class Way(NamedTuple):
    """A choice of a step, and the address that it leads to."""

    label: str
    address: str


class Step(NamedTuple):
    """One step, or one question of a decision tree with its `ways` on, or an end of it; `title` is plain text, `html` what is under it."""

    id: str
    title: str
    html: str = ""
    ways: tuple[Way, ...] = ()


class Guide(NamedTuple):
    """A guide; without steps `intro` is all of it. In a tree the first step is where it begins."""

    intro: str
    steps: tuple[Step, ...] = ()

    @property
    def tree(self) -> bool:
        """Tell whether it branches."""
        return any(one.ways for one in self.steps)

    def step(self, name: str) -> Step | None:
        """Return the step of an id, None where there is none."""
        return next((one for one in self.steps if one.id == name), None)


def read_guide(text: Localised, base: str) -> Guide:
    """Return a resource's text as a guide at the address `base`.

    Steps are the branches of its decision tree with their ends, else its `steps`, else the second-level headings of its text, else
    the items of the text's checklist or numbered list. In the text `[label](#step)` leads to a step; a list of nothing else in a step is its ways on.
    """
    tokens = _MARKDOWN.parse(text.body)
    given = _tree(text.branches, base) or _numbered(text.steps)
    parts = None if given else _headed(tokens) or _listed(tokens)
    if not parts:
        _lead(tokens, {step.id: step.id for step in given}, base)
        return Guide(_html(tokens), given)
    intro, found = parts
    ids = _ids([title for title, _ in found])
    targets = {_slug(title): name for (title, _), name in zip(found, ids, strict=True)} | {name: name for name in ids}
    _lead(tokens, targets, base)
    steps = [_step(name, title, body) for name, (title, body) in zip(ids, found[:STEPS_MAX], strict=False)]
    return Guide(_html(intro), tuple(steps))


def _numbered(steps: Sequence[str]) -> tuple[Step, ...]:
    return tuple(Step(name, step) for name, step in zip(_ids(steps), steps[:STEPS_MAX], strict=False))


def _tree(branches: Sequence[Question], base: str) -> tuple[Step, ...]:
    """Return each question as a step, and each end of a choice as one of its own, so that it has an address."""
    questions, ends = [], []
    for branch in branches:
        ways = []
        for number, choice in enumerate(branch.choices, 1):
            if choice.end:
                ends.append(Step(f"{branch.id}-{number}", choice.say, _html(_MARKDOWN.parse(choice.end))))
            target = f"{base}/{choice.go or f'{branch.id}-{number}'}"
            ways.append(Way(choice.say, f"/guide/{quote(choice.resource, safe='')}" if choice.resource else target))
        questions.append(Step(branch.id, branch.ask, "", tuple(ways)))
    return (*questions, *ends)


Parts = tuple[list[Token], list[tuple[str, list[Token]]]]


def _headed(tokens: Sequence[Token]) -> Parts | None:
    """Cut at second-level headings."""
    starts = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    if not starts:
        return None
    ends = [*starts[1:], len(tokens)]
    return list(tokens[: starts[0]]), [
        (_plain(tokens[start + 1]), list(tokens[start + 3 : end])) for start, end in zip(starts, ends, strict=True)
    ]


def _listed(tokens: Sequence[Token]) -> Parts | None:
    """Cut the first list of boxes, or of numbers, into its items."""
    for at, token in enumerate(tokens):
        if token.type in ("ordered_list_open", "bullet_list_open") and token.level == 0:
            end = next(i for i in range(at, len(tokens)) if tokens[i].level == 0 and tokens[i].nesting == -1)
            items = _items(tokens[at + 1 : end])
            if token.tag == "ol" or all(_BOX.match(_plain(item[1])) for item in items if len(item) > 1):
                found = [(_BOX.sub("", _plain(item[1])), item[3:]) for item in items if len(item) > 2]
                return [*tokens[:at], *tokens[end + 1 :]], found
    return None


def _items(tokens: Sequence[Token]) -> list[list[Token]]:
    items: list[list[Token]] = []
    for token in tokens:
        if token.type == "list_item_open" and token.level == 1:
            items.append([])
        elif not (token.type == "list_item_close" and token.level == 1):
            items[-1].append(token)
    return items


def _step(name: str, title: str, body: list[Token]) -> Step:
    """Take lists of nothing but links to steps out of a body, as ways on."""
    kept, ways, at = [], [], 0
    while at < len(body):
        if body[at].type == "bullet_list_open":
            end = next(i for i in range(at, len(body)) if body[i].level == body[at].level and body[i].nesting == -1)
            links = [_only_link(token) for token in body[at:end] if token.type == "inline"]
            if links and all(links):
                ways += [link for link in links if link]
                at = end + 1
                continue
        kept.append(body[at])
        at += 1
    return Step(name, title, _html(kept), tuple(ways))


def _only_link(token: Token) -> Way | None:
    """Return the link to a step that is all that a line says, None where it is not."""
    parts = [
        one
        for one in token.children or ()
        if one.type not in ("text", "code_inline", "softbreak") or one.content.strip()
    ]
    if (
        len(parts) < 2
        or parts[0].type != "link_open"
        or parts[-1].type != "link_close"
        or not parts[0].meta.get("step")
    ):
        return None
    if any(one.type == "link_close" for one in parts[1:-1]):
        return None
    return Way(_plain(token), str(parts[0].attrGet("href")))


def _lead(tokens: Sequence[Token], targets: dict[str, str], base: str) -> None:
    """Give links to steps the step's address, and links to elsewhere no power over this page."""
    for token in tokens:
        for link in token.children or ():
            if link.type != "link_open":
                continue
            href = str(link.attrGet("href") or "")
            name = targets.get(unquote(href[1:])) if href.startswith("#") else None
            if name:
                link.meta["step"] = True
                link.attrSet("href", f"{base}/{name}")
            elif not href.startswith("#"):
                link.attrSet("rel", "noopener noreferrer")


def _html(tokens: Sequence[Token]) -> str:
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _plain(token: Token) -> str:
    return "".join(one.content for one in token.children or () if one.type in ("text", "code_inline")).strip()


def _slug(title: str) -> str:
    words = _WORDS.sub("-", unicodedata.normalize("NFKC", title).lower())
    return words.strip("-")[:ID_CHARS_MAX].strip("-")


def _ids(titles: Sequence[str]) -> list[str]:
    """Return one id a step: its title's words, or its number where these are none or taken."""
    taken: dict[str, None] = {}
    for number, title in enumerate(titles, 1):
        name = _slug(title) or str(number)
        taken[name if name not in taken else f"{name}-{number}"] = None
    return list(taken)
