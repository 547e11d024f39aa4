"""Who may pass: each page stands behind a session and a right, each form behind a token of its session besides."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from streams.console.accounts import Account, Right, same_token
from streams.console.desk import COOKIE, LANGUAGE_MAX, account_of, desk_of, said
from streams.errors import UNREACHABLE, UserError
from streams.web.forms import BODY_MAX, read_form

Fields = dict[str, str]
Endpoint = Callable[[Request], Awaitable[Response]]


def shown(handler: Callable[[Request], Response], right: Right = Right.READ) -> Endpoint:
    """Return the endpoint of a page: whoever is not signed in is asked to, whoever may not is told so."""

    async def endpoint(request: Request) -> Response:
        account = account_of(request)
        if account is None:
            return _to_sign_in(request)
        request.scope["account"] = account
        if not account.may(right):
            return said(request, "not_allowed", 403)
        return await _done(request, lambda: handler(request))

    return endpoint


def posted(handler: Callable[[Request, Account, Fields], Response], right: Right, body_max: int = BODY_MAX) -> Endpoint:
    """Return the endpoint of a form of at most `body_max` bytes. What cannot be done is told on a page; a user's mistake changes nothing."""

    async def endpoint(request: Request) -> Response:
        account = account_of(request)
        if account is None:
            return _to_sign_in(request)
        request.scope["account"] = account
        fields = {name: values[-1] for name, values in (await read_form(request, body_max)).items()}
        if not own_site(request) or not same_token(request.cookies.get(COOKIE, ""), fields.pop("form", "")):
            return said(request, "stale", 403)
        if not account.may(right):
            desk_of(request).accounts.note(account.name, "refused", request.url.path)
            return said(request, "not_allowed", 403)
        return await _done(request, lambda: handler(request, account, fields))

    return endpoint


def own_site(request: Request) -> bool:
    """Tell whether a form was posted from our own pages, as far as the browser says."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


async def _done(request: Request, work: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(work)
    except UserError as error:
        return said(request, "failed", 503 if error.code == UNREACHABLE else 400, str(error))


def _to_sign_in(request: Request) -> Response:
    if request.query_params.get("format"):
        return Response("sign in first\n", 401, media_type="text/plain")
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = f"{request.url.path}{query}" if request.method == "GET" else "/"
    language = request.query_params.get("lang", "")
    kept = f"&lang={quote(language[:LANGUAGE_MAX], safe='')}" if language else ""
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}{kept}", 303)
