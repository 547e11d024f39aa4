"""Links in content: those inside the catalog are followed; those to other places are only collected, nothing is asked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from processors.playbooks.resources import Localised, Resource
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding, Said, found

INSIDE = "resource:"
_MARKDOWN = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(https?://[^>\s]+)>")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


class Link(NamedTuple):
    """A link of a resource in one language."""

    resource: str
    path: str
    target: str


def check(content: Content) -> Iterator[Finding]:
    """Yield links that lead to nothing in this catalog, and those to what is retired or expired."""
    for resource in content.current:
        for locale, text in resource.locales.items():
            path = content.path(resource, locale)
            for target in targets(text):
                fault = _dead(content, path, target, text)
                if fault:
                    yield found("error", "dead-link", resource.id, fault, path)
        yield from _to_retired(content, resource)


def external(content: Content) -> list[Link]:
    """Return the links to other places, each address once, in order."""
    found: dict[str, Link] = {}
    for resource in content.current:
        for locale, text in resource.locales.items():
            for target in targets(text):
                if target.startswith(("http://", "https://")):
                    found.setdefault(target, Link(resource.id, content.path(resource, locale), target))
    return [found[target] for target in sorted(found)]


def targets(text: Localised) -> list[str]:
    """Return where a text leads: its link, and the links in its body and steps, each once."""
    written = "\n".join((text.body, text.summary, *text.steps))
    inline = [first or second for first, second in _MARKDOWN.findall(written)]
    return list(dict.fromkeys(filter(None, (text.link, *inline))))


def _dead(content: Content, path: str, target: str, text: Localised) -> Said | None:
    """Return what is wrong with a link, None where nothing is or nobody can know without asking."""
    if target.startswith(INSIDE):
        name = target.removeprefix(INSIDE)
        said = f"{target}: no such resource in the catalog", f"{target}: Diese Ressource ist nicht im Katalog"
        return None if name in content.resources else said
    if target.startswith("#"):
        said = f"{target}: no such heading in this text", f"{target}: Diese Überschrift gibt es im Text nicht"
        return None if target[1:] in _anchors(text.body) else said
    if ":" in target or target.startswith("/"):
        return None  # another place, or a page of the community's own site
    said = f"{target}: no such file beside this one", f"{target}: Diese Datei liegt nicht daneben"
    return None if (Path(path).parent / target.partition("#")[0]).is_file() else said


def _anchors(body: str) -> set[str]:
    """Return the anchors of the headings of a body, as GitHub and most renderers of Markdown make them."""
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in _HEADING.findall(body)}


def _to_retired(content: Content, resource: Resource) -> Iterator[Finding]:
    """Yield references to resources that are sent no more."""
    choices = [
        choice.resource for text in resource.locales.values() for branch in text.branches for choice in branch.choices
    ]
    for name in sorted({resource.deeper, *choices} - {""}):
        other = content.resources[name]
        if other.retired and not other.replaced_by:
            said = (
                f"leads to {name}, which is retired; lead elsewhere, or say there what replaced it (replaced_by)",
                f"führt zu {name}, das zurückgezogen ist; führen Sie woandershin, oder sagen Sie dort, was an seine Stelle trat (replaced_by)",
            )
            yield found("error", "dead-link", resource.id, said, content.path(resource))
