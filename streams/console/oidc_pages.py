"""Signing in at an OpenID provider, seen from the browser: there, and back."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from streams.console.accounts import Account
from streams.console.desk import desk_of, page, said
from streams.console.sign_in_pages import ours, with_session

COOKIE, PATH, LIFE_S = "lotse_console_elsewhere", "/sign-in/elsewhere", 600
PARAMETER_MAX = 4096
log = logging.getLogger("lotse.console")


async def _begin(request: Request) -> Response:
    provider = desk_of(request).provider
    if provider is None:
        return said(request, "not_here", 404)
    from streams.console.oidc import RefusedError  # noqa: PLC0415  (needs the extra oidc, as the provider does)

    try:
        key, address = await run_in_threadpool(provider.begin, ours(request.query_params.get("next", "/")))
    except RefusedError as error:
        log.warning("the OpenID provider cannot be used: %s", error)
        return _refused(request, "away", 503)
    answer = RedirectResponse(address, 303)
    secure = request.url.scheme == "https"
    # Lax: the way back comes from the provider's site, and must bring it along.
    answer.set_cookie(COOKIE, key, max_age=LIFE_S, path=PATH, httponly=True, samesite="lax", secure=secure)
    return answer


async def _back(request: Request) -> Response:
    """Take somebody who comes back. The page leads on by itself: a redirect would still count as the other site's."""
    desk = desk_of(request)
    if desk.provider is None:
        return said(request, "not_here", 404)
    from streams.console.oidc import RefusedError  # noqa: PLC0415

    given = {name: value[:PARAMETER_MAX] for name, value in request.query_params.items()}
    try:
        found = await run_in_threadpool(desk.provider.finish, request.cookies.get(COOKIE, ""), given)
    except RefusedError as error:
        log.warning("the OpenID provider was not believed: %s", error)
        desk.accounts.note("", "sign_in.refused", "elsewhere")
        return _refused(request, "away", 502)
    if found is None:
        return _refused(request, "gone", 400)
    person, after = found
    if person.role is None:
        desk.accounts.note("", "sign_in.refused", person.name[:60], "no role")
        return _refused(request, "no_role", 403)
    account = desk.accounts.from_provider(person.subject, person.name, person.role)
    if not isinstance(account, Account):
        desk.accounts.note("", "sign_in.refused", person.name[:60], account)
        return _refused(request, "off" if account == "off" else "taken", 403)
    answer = with_session(request, account, page(request, "signed_in", after=ours(after)))
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _refused(request: Request, why: str, status: int) -> Response:
    return page(request, "refused", status, why=f"oidc_{why}")


ROUTES = (
    Route(PATH, _begin, methods=["GET"]),
    Route(f"{PATH}/back", _back, methods=["GET"]),
)
