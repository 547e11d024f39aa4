"""The guides: a directory with search, a page for each resource, and one for each of its steps."""

from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.actions import Action
from processors.playbooks.catalog import Catalog
from processors.playbooks.catalog_search import may_be_found
from processors.playbooks.resources import Localised, Resource
from sinks.action_tokens import TokenError
from streams.pages.guide import Guide, Step, read_guide
from streams.pages.site import Site, message, page, site_of, wishes
from streams.pages.words import named
from streams.web.languages import choose

DIRECTORY = "/guide"  # where all resources that may be found are listed
QUERY_MAX = 200  # characters
FOUND_MAX = 20
PUBLIC_S = 60  # how long a browser may keep a guide without asking again
KEPT = {"cache-control": f"public, max-age={PUBLIC_S}"}


class Shown(NamedTuple):
    """A resource as a list shows it."""

    id: str
    kind: str
    theme: str
    locale: str
    text: Localised


def is_there(resource: Resource, now: float) -> bool:
    """Tell whether a resource may be read now; nobody is sent to a help line that nobody checked."""
    expired = bool(resource.expires) and resource.expires <= now
    return not resource.retired and not expired and (resource.kind != "helpline" or resource.verified)


def address(resource: Resource, token: str = "") -> str:
    """Return the path of a resource's page; that of a private one is a signed link."""
    return f"/g/{token}" if token else f"/guide/{quote(resource.id, safe='')}"


async def directory(request: Request) -> Response:
    """List what may be found, or what a search finds."""
    site, languages = site_of(request), wishes(request)
    query = " ".join(request.query_params.get("q", "")[:QUERY_MAX].split())
    found = _searched(site, query, languages) if query else _listed(site, languages)
    headers = {} if query else KEPT  # what somebody looks for stays with them
    return page(request, "directory", languages, 200, headers, asked=query, groups=found)


def _searched(site: Site, query: str, languages: list[str]) -> list[tuple[str, list[Shown]]]:
    catalog = site.current
    found = [catalog.resources[match.resource] for match in catalog.search.find(query, most=FOUND_MAX)]
    shown = [_shown(catalog, one, languages) for one in found if is_there(one, site.now)]
    return [("", shown)] if shown else []


def _listed(site: Site, languages: list[str]) -> list[tuple[str, list[Shown]]]:
    catalog, language = site.current, choose(languages)
    resources = [one for one in catalog.resources.values() if may_be_found(one) and is_there(one, site.now)]
    shown = sorted(
        (_shown(catalog, one, languages) for one in resources),
        key=lambda one: (named(one.theme, language), one.text.title),
    )
    return [(theme, list(those)) for theme, those in groupby(shown, key=lambda one: one.theme)]


def _shown(catalog: Catalog, resource: Resource, languages: list[str]) -> Shown:
    locale, text = catalog.localised(resource, *languages)
    return Shown(resource.id, resource.kind, resource.theme, locale, text)


async def public(request: Request) -> Response:
    """Show a resource that everybody may read."""
    site = site_of(request)
    resource = site.current.resources.get(request.path_params["resource"])
    if resource is None or resource.private or not is_there(resource, site.now):
        return message(request, wishes(request), "gone", 404)
    return _guide(request, resource, address(resource), None)


async def private(request: Request) -> Response:
    """Show the resource that a signed link names, whether it is private or not."""
    site = site_of(request)
    try:
        action = site.tokens.read(request.path_params["token"], site.now, "guide")
    except TokenError:
        return message(request, wishes(request), "bad_link", 404)
    resource = site.current.resources.get(action.resource)
    if resource is None or not is_there(resource, site.now):
        return message(request, wishes(request, action), "gone", 404)
    return _guide(request, resource, address(resource, request.path_params["token"]), action)


def _guide(request: Request, resource: Resource, base: str, action: Action | None) -> Response:
    languages = wishes(request, action)
    locale, text = site_of(request).current.localised(resource, *languages)
    guide = read_guide(text, base)
    name = request.path_params.get("step", "")
    step = _named_step(resource, guide, name) if name else None
    if name and step is None:
        return message(request, languages, "gone", 404)
    shown = {
        "resource": resource, "locale": locale, "text": text, "guide": guide, "base": base, "private": action is not None,
        "other": choose(languages) != locale.partition("-")[0], "link": _link(text.link), "deeper": _deeper(request, resource, languages),
    }  # fmt: skip
    headers = {} if action else KEPT
    if step is None:
        return page(request, "guide", languages, 200, headers, **shown)
    return page(request, "step", languages, 200, headers, step=step, **shown, **_around(guide, step))


def _link(link: str) -> str:
    """Return what the button of a guide opens; empty for a path, whose host is the platform's and not ours to know."""
    if link.startswith("resource:"):
        return f"/guide/{quote(link.removeprefix('resource:'), safe='')}"
    return link if link.startswith(("https://", "http://", "mailto:")) else ""


def _deeper(request: Request, resource: Resource, languages: list[str]) -> Shown | None:
    """Return the resource that goes on where this one ends, if everybody may read it."""
    site = site_of(request)
    deeper = site.current.resources.get(resource.deeper)
    if deeper is None or deeper.private or not is_there(deeper, site.now):
        return None
    return _shown(site.current, deeper, languages)


def _named_step(resource: Resource, guide: Guide, name: str) -> Step | None:
    """Return the step of an address; one of another language leads to the step in the same place."""
    step = guide.step(name)
    if step is not None:
        return step
    for text in resource.locales.values():
        steps = read_guide(text, "").steps
        place = next((at for at, one in enumerate(steps) if one.id == name), None)
        if place is not None and place < len(guide.steps):
            return guide.steps[place]
    return None


def _around(guide: Guide, step: Step) -> dict[str, object]:
    at, tree = guide.steps.index(step), guide.tree
    return {
        "number": at + 1,
        "before": guide.steps[at - 1] if at and not tree else None,
        "after": guide.steps[at + 1] if at + 1 < len(guide.steps) and not tree else None,
    }


ROUTES = [
    Route(DIRECTORY, directory, methods=["GET"]),
    Route("/guide/{resource}", public, methods=["GET"]),
    Route("/guide/{resource}/{step}", public, methods=["GET"]),
    Route("/g/{token}", private, methods=["GET"]),
    Route("/g/{token}/{step}", private, methods=["GET"]),
]
