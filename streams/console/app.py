"""The console as one web application."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from streams.console import (
    backtest_pages,
    catalog_pages,
    editor_pages,
    letter_pages,
    measure_pages,
    member_pages,
    noisy_pages,
    oidc_pages,
    people_pages,
    playbook_pages,
    promotion_pages,
    review_pages,
    sign_in_pages,
    stream_pages,
    suggestion_pages,
    system_pages,
    trying_pages,
    what_if_pages,
)
from streams.console.desk import CSP, Desk, account_of, back, said
from streams.web.files import STATIC, KeptFiles
from streams.web.guards import HEADERS, Allowance, Guards

PER_S, BURST = 20.0, 200.0  # requests of one client address
SAID = {404: "not_here", 405: "bad", 413: "bad", 400: "bad", 415: "bad"}


def console(
    desk: Desk,
    counted: Callable[[str, int], None] = lambda _method, _status: None,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> Guards:
    """Return the console as an ASGI application. `counted` is told of each answer's status."""
    routes: list[Route | Mount] = [
        *sign_in_pages.ROUTES,
        *oidc_pages.ROUTES,
        *stream_pages.ROUTES,
        *member_pages.ROUTES,
        *what_if_pages.ROUTES,
        *noisy_pages.ROUTES,
        *editor_pages.ROUTES,
        *trying_pages.ROUTES,
        *backtest_pages.ROUTES,
        *promotion_pages.ROUTES,
        *playbook_pages.ROUTES,
        *suggestion_pages.ROUTES,
        *review_pages.ROUTES,
        *catalog_pages.ROUTES,
        *measure_pages.ROUTES,
        *system_pages.ROUTES,
        *letter_pages.ROUTES,
        *people_pages.ROUTES,
        Mount("/static", KeptFiles(directory=STATIC)),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused}, lifespan=lifespan)
    app.state.desk = desk
    headers = {**HEADERS, "content-security-policy": CSP, "referrer-policy": "same-origin"}
    return Guards(app, Allowance(PER_S, BURST, desk.clock), counted, headers)


async def _refused(request: Request, error: Exception) -> Response:
    request.scope.setdefault("account", account_of(request))
    if isinstance(error, HTTPException) and error.status_code == 405 and request.method == "GET":
        return back(
            request, request.url.path.rpartition("/")[0] or "/"
        )  # of a page that answered a form: another language was asked for
    status = error.status_code if isinstance(error, HTTPException) else 500
    return said(request, SAID.get(status, "bad"), status)
