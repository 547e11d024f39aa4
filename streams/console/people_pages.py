"""Accounts, and the record of what was done."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from streams.console.accounts import Account, Right, Role
from streams.console.deeds import deed
from streams.console.desk import back, desk_of, language_of, moment, number_in, page, said, taken
from streams.console.doors import Fields, posted, shown

ROWS = 100


def _people(request: Request, link: str = "", problem: str = "") -> Response:
    everybody = desk_of(request).accounts.everybody()
    answer = taken(request, [{"name": one.name, "role": one.role, "off": one.off} for one in everybody], "people")
    return answer or page(request, "people", everybody=everybody, roles=list(Role), link=link, problem=problem)


def _invite(request: Request, account: Account, fields: Fields) -> Response:
    if fields.get("role") not in list(Role):
        return said(request, "bad", 400)
    role = Role(fields["role"])
    accounts = desk_of(request).accounts
    token = accounts.invite(role)
    accounts.note(account.name, "account.invited", role)
    return _people(request, f"{request.url.scheme}://{request.headers.get('host', '')}/join/{token}")


def _switch(request: Request, account: Account, fields: Fields) -> Response:
    accounts, name, off = desk_of(request).accounts, fields.get("name", ""), fields.get("off") == "1"
    if not accounts.switch(name, off=off):
        return _people(request, problem="last_admin")
    accounts.note(account.name, "account.shut_out" if off else "account.let_in", name)
    return back(request, "/people")


def _role(request: Request, account: Account, fields: Fields) -> Response:
    accounts, name = desk_of(request).accounts, fields.get("name", "")
    if fields.get("role") not in list(Role):
        return said(request, "bad", 400)
    role = Role(fields["role"])
    if not accounts.give_role(name, role):
        return _people(request, problem="last_admin")
    accounts.note(account.name, "account.role", name, role)
    return back(request, "/people")


def _record(request: Request) -> Response:
    found = desk_of(request).accounts.noted(int(number_in(request, "before")), ROWS)
    rows = [
        {"time": moment(one.time), "account": one.account, "action": one.action, "about": one.about, "reason": one.reason}
        for _, one in found
    ]  # fmt: skip
    answer = taken(request, rows, "record")
    language = language_of(request)
    return answer or page(
        request,
        "record",
        rows=rows,
        said=lambda action: deed(action, language),
        older=found[-1][0] if len(found) == ROWS else 0,
    )


ROUTES = (
    Route("/people", shown(_people, Right.MANAGE), methods=["GET"]),
    Route("/people/invite", posted(_invite, Right.MANAGE), methods=["POST"]),
    Route("/people/switch", posted(_switch, Right.MANAGE), methods=["POST"]),
    Route("/people/role", posted(_role, Right.MANAGE), methods=["POST"]),
    Route("/record", shown(_record, Right.MANAGE), methods=["GET"]),
)
