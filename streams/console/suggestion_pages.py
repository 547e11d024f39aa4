"""Suggestions that wait for a person: the oldest first, one item never to two people."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from resource_catalog.wording_fields import TEXT_MAX
from streams.console import lookups
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, asks_file, back, desk_of, moment, page, taken
from streams.console.doors import Fields, posted, shown
from streams.delivery.suggestions import Suggestion, answer, waiting, worded
from streams.errors import UserError

LOOKED_AT, ROWS = 1_000, 50
CLAIM_S = 900.0
KINDS = {"send": "sent", "edit": "edited", "drop": "dropped"}
REASON_MAX = 300


def _suggestions(request: Request) -> Response:
    desk = desk_of(request)
    found, claims = _waiting(desk), desk.accounts.claims()
    answer = taken(
        request, [_flat(worded(one, desk.current)) for one in found] if asks_file(request) else [], "suggestions"
    )
    if answer:
        return answer
    account: Account = request.scope["account"]
    rows: list[dict[str, Any]] = [
        {
            "one": worded(one, desk.current),
            "by": claims.get(_about(one), ""),
            "given": claims.get(_given(one), ""),
            "ref": desk.store.ref(one.member),
        }
        for one in found[:ROWS]
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
    if _given(one) in desk.accounts.claims():
        raise UserError("it is answered, and the answer is on its way; nothing was done")
    answer(desk.settings, one, kind, account.name, reason, text if kind == "edited" else "")
    # Both claims stay until the log has taken the answer: nobody is shown it as open meanwhile, and nobody answers twice.
    desk.accounts.claim(_given(one), account.name, CLAIM_S)
    desk.accounts.note(account.name, f"suggestion.{kind}", one.command, reason)
    return back(request, "/suggestions")


def _waiting(desk: Desk) -> list[Suggestion]:
    """Return what waits, the oldest first, as far as the store knows; without its words."""
    now = desk.clock()
    return waiting(lookups.suggestions(desk.store.reader(), now, LOOKED_AT), now)


def _flat(one: Suggestion) -> dict[str, Any]:
    fields = msgspec.structs.asdict(one)
    return {**fields, "since": moment(one.since), "until": moment(one.until)}


def _named(desk: Desk, fields: Fields) -> Suggestion:
    wanted = fields.get("command", "")
    for one in _waiting(desk):
        if one.command == wanted:
            return worded(one, desk.current)
    raise UserError("this suggestion does not wait any more; reload the list")


def _about(one: Suggestion) -> str:
    return f"suggestion/{one.command}"


def _given(one: Suggestion) -> str:
    return f"answered/{one.command}"


ROUTES = (
    Route("/suggestions", shown(_suggestions), methods=["GET"]),
    Route("/suggestions/take", posted(_take, Right.REVIEW), methods=["POST"]),
    Route("/suggestions/answer", posted(_answer, Right.REVIEW), methods=["POST"]),
)
