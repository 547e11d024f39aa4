"""Signing in and out, and making an account by a link that works once."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from streams.console.accounts import SESSION_S, Account, Right
from streams.console.desk import COOKIE, back, desk_of, page, said
from streams.console.doors import Fields, own_site, posted
from streams.web.forms import read_form


async def _ask(request: Request) -> Response:
    return _form(request)


async def _sign_in(request: Request) -> Response:
    desk = desk_of(request)
    fields = {name: values[-1] for name, values in (await read_form(request)).items()}
    if not own_site(request):
        return said(request, "stale", 403)
    name, client = fields.get("name", ""), request.client.host if request.client else ""
    wait = max(desk.tries_by_client.wait(client), desk.tries_by_name.wait(name.strip().lower()[:100]))
    if wait:
        answer = _form(request, "sign_in_wait", 429, name)
        answer.headers["retry-after"] = str(int(wait) + 1)
        return answer
    account = await run_in_threadpool(desk.accounts.sign_in, name, fields.get("password", ""))
    if account is None:
        desk.accounts.note("", "sign_in.refused", name[:60])
        return _form(request, "sign_in_wrong", 403, name)
    return _signed_in(request, account, fields.get("next", "/"))


def _sign_out(request: Request, account: Account, _fields: Fields) -> Response:
    desk = desk_of(request)
    desk.accounts.close_session(request.cookies.get(COOKIE, ""))
    desk.accounts.note(account.name, "sign_out")
    answer = back(request, "/sign-in")
    answer.delete_cookie(COOKIE)
    return answer


async def _invited(request: Request) -> Response:
    role = desk_of(request).accounts.invited(request.path_params["token"])
    if role is None:
        return page(request, "join", 404, role="", problem="join_gone", name="")
    return page(request, "join", role=role, problem="", name="")


async def _join(request: Request) -> Response:
    desk, token = desk_of(request), request.path_params["token"]
    fields = {name: values[-1] for name, values in (await read_form(request)).items()}
    if not own_site(request):
        return said(request, "stale", 403)
    role = desk.accounts.invited(token)
    made = await run_in_threadpool(desk.accounts.join, token, fields.get("name", ""), fields.get("password", ""))
    if isinstance(made, str):
        gone = made == "gone"
        return page(
            request, "join", 404 if gone else 400, role="" if gone else role, problem=f"join_{made}", name=fields.get("name", "")
        )  # fmt: skip
    return with_session(request, made, back(request, "/"))


def _form(request: Request, problem: str = "", status: int = 200, name: str = "") -> Response:
    after = ours(request.query_params.get("next", "/"))
    first = desk_of(request).accounts.empty()
    provider = desk_of(request).provider
    return page(
        request, "sign_in", status, problem=problem, name=name, after=after, first=first, elsewhere=provider is not None,
        label=provider.label if provider else "",
    )  # fmt: skip


def _signed_in(request: Request, account: Account, after: str) -> Response:
    return with_session(request, account, RedirectResponse(ours(after), 303))


def with_session(request: Request, account: Account, answer: Response) -> Response:
    """Return an answer that signs somebody in."""
    accounts = desk_of(request).accounts
    token = accounts.open_session(account)
    accounts.note(account.name, "sign_in")
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, max_age=int(SESSION_S), httponly=True, samesite="strict", secure=secure)
    return answer


def ours(path: str) -> str:
    """Return a path of this site; anything else is the first page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


ROUTES = (
    Route("/sign-in", _ask, methods=["GET"]),
    Route("/sign-in", _sign_in, methods=["POST"]),
    Route("/sign-out", posted(_sign_out, Right.READ), methods=["POST"]),
    Route("/join/{token}", _invited, methods=["GET"]),
    Route("/join/{token}", _join, methods=["POST"]),
)
