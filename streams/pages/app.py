"""The member pages as one web application."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from streams.pages import action_pages, guide_pages, preference_pages
from streams.pages.site import Site, message, wishes
from streams.web.files import STATIC, KeptFiles
from streams.web.guards import Allowance, Guards

PER_S, BURST = 20.0, 200.0  # requests of one client address, which many may share
SAID = {404: "gone", 405: "method", 413: "limit", 400: "method", 415: "method"}
PATH_MAX = 4096  # characters


def member_pages(
    site: Site,
    more: Sequence[BaseRoute] = (),
    counted: Callable[[str, int], None] = lambda _method, _status: None,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> Guards:
    """Return the pages as an ASGI application. `more` are further routes, `counted` is told of each answer's status."""
    routes = [
        Route("/", _home, methods=["GET"]),
        *guide_pages.ROUTES,
        *action_pages.ROUTES,
        *preference_pages.ROUTES,
        *more,
        Mount("/static", KeptFiles(directory=STATIC)),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: _refused}, lifespan=lifespan)
    app.state.site = site
    return Guards(app, Allowance(PER_S, BURST, site.clock), counted)


async def _home(_request: Request) -> Response:
    return RedirectResponse("/guide", 307)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    return message(request, wishes(request), SAID.get(status, "failed"), status, headers)
