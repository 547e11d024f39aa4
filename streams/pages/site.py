"""What all pages work with: the catalog in force, tokens, the journal, the clock; and how a page is written."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from processors.actions import Action
from processors.playbooks.catalog import EMPTY, Catalog
from sinks.action_tokens import ActionTokens
from streams.pages.journal import Journal
from streams.pages.words import WORDS, named
from streams.web.files import static_version
from streams.web.languages import choose, wanted

LOCALE_MAX = 35  # characters (RFC 5646, section 4.4.1)
_PAGES = Environment(
    loader=PackageLoader("streams", "pages/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class Site:
    """The member pages of a deployment. `counted` is told of each press: action and what became of it."""

    tokens: ActionTokens
    journal: Journal
    catalog: Callable[[], Catalog | None]
    clock: Callable[[], float] = time.time
    counted: Callable[[str, str], None] = lambda _action, _result: None
    version: str = field(default_factory=static_version)

    @property
    def now(self) -> float:
        """The time, in epoch seconds."""
        return self.clock()

    @property
    def current(self) -> Catalog:
        """The catalog that was published last; an empty one before there is any."""
        return self.catalog() or EMPTY


def site_of(request: Request) -> Site:
    """Return the site that a request is for."""
    site: Site = request.app.state.site
    return site


def wishes(request: Request, action: Action | None = None) -> list[str]:
    """Return the languages in which a reader would like to read, the dearest first."""
    asked = request.query_params.get("lang", "")[:LOCALE_MAX]
    known = action.locale if action else ""
    return [wish for wish in (asked, known, *wanted(request.headers.get("accept-language", ""))) if wish]


def page(
    request: Request,
    template: str,
    languages: Sequence[str],
    status: int = 200,
    headers: dict[str, str] | None = None,
    **facts: Any,
) -> HTMLResponse:
    """Return a page in the first language that pages are written in."""
    language = choose(languages)
    site = site_of(request)
    html = _PAGES.get_template(f"{template}.html.j2").render(
        t=WORDS[language],
        language=language,
        version=site.version,
        path=request.url.path,
        query=[(name, value) for name, value in request.query_params.multi_items() if name != "lang"],
        named=lambda name: named(name, language),
        **facts,
    )
    return HTMLResponse(html, status, {"content-language": language, "vary": "accept-language", **(headers or {})})


def message(
    request: Request, languages: Sequence[str], name: str, status: int, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return a page that says one thing: `<name>_title` and `<name>` of the words."""
    return page(request, "message", languages, status, headers, name=name)
