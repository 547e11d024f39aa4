"""Suggestions that wait for a person: the oldest first, one item never to two people."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.catalog import Catalog
from processors.decisions import Reason
from resource_catalog.wording_fields import TEXT_MAX
from streams.console import lookups
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, back, desk_of, page
from streams.console.doors import Fields, posted, shown
from streams.errors import UserError
from streams.suggestions import Suggestion, answer, waiting, worded

LOOKED_AT, ROWS = 2_000, 50
CLAIM_S = 900.0
KINDS = {"send": "sent", "edit": "edited", "drop": "dropped"}
REASON_MAX = 300


def _suggestions(request: Request) -> Response:
    desk = desk_of(request)
    found, claims = _waiting(desk), desk.accounts.claims()
    account: Account = request.scope["account"]
    rows: list[dict[str, Any]] = [
        {"one": one, "by": claims.get(_about(one), ""), "ref": desk.store.ref(one.member)} for one in found[:ROWS]
    ]
    return page(
        request,
        "suggestions",
        rows=rows,
        count=len(found),
        me=account.name,
        may=account.may(Right.REVIEW),
        longest=TEXT_MAX,
    )


def _take(request: Request, account: Account, fields: Fields) -> Response:
    desk = desk_of(request)
    one = _named(desk, fields)
    owner = desk.accounts.claim(_about(one), account.name, CLAIM_S)
    if owner != account.name:
        raise UserError(f"{owner} is at it already")
    return back(request, f"/suggestions#s{one.command}")


def _answer(request: Request, account: Account, fields: Fields) -> Response:
    desk = desk_of(request)
    one, kind, text, reason = (
        _named(desk, fields),
        KINDS.get(fields.get("kind", "")),
        fields.get("text", "").strip(),
        fields.get("reason", "").strip(),
    )
    if kind is None or len(reason) > REASON_MAX:
        raise UserError(f"expected send, edit or drop, and a reason of at most {REASON_MAX} characters")
    if kind == "edited" and not 1 <= len(text) <= TEXT_MAX:
        raise UserError(f"text: expected 1 to {TEXT_MAX} characters, found {len(text)}")
    owner = desk.accounts.claim(_about(one), account.name, CLAIM_S)
    if owner != account.name:
        raise UserError(f"{owner} is at it already; nothing was done")
    answer(desk.settings, one, kind, account.name, reason, text if kind == "edited" else "")
    # The claim stays until the log has taken the answer: nobody else is shown it as open meanwhile.
    desk.accounts.note(account.name, f"suggestion.{kind}", one.command, reason)
    return back(request, "/suggestions")


def _waiting(desk: Desk) -> list[Suggestion]:
    """Return what waits, as far as the store knows; of the members with something waiting their whole story counts."""
    file = desk.store.reader()
    last = [kept.decision for kept in lookups.stream(file, reason=Reason.SUGGESTION_WAITS, limit=LOOKED_AT)]
    decisions = []
    for member in dict.fromkeys(one.member for one in last):
        found = lookups.member(file, desk.store.ref(member))
        if found:
            decisions += [kept.decision for kept in reversed(lookups.decisions_of(file, found.number))]
    catalog: Catalog = desk.current
    return [worded(one, catalog) for one in waiting(decisions, desk.clock())]


def _named(desk: Desk, fields: Fields) -> Suggestion:
    wanted = fields.get("command", "")
    for one in _waiting(desk):
        if one.command == wanted:
            return one
    raise UserError("this suggestion does not wait any more; reload the list")


def _about(one: Suggestion) -> str:
    return f"suggestion/{one.command}"


ROUTES = (
    Route("/suggestions", shown(_suggestions), methods=["GET"]),
    Route("/suggestions/take", posted(_take, Right.REVIEW), methods=["POST"]),
    Route("/suggestions/answer", posted(_answer, Right.REVIEW), methods=["POST"]),
)
