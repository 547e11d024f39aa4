"""Dead letters: what could not be read and why; one of them with its content for a reason that is noted; writing back."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from streams.codec import Codec
from streams.console.accounts import Account, Right
from streams.console.desk import back, desk_of, moment, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.dead_letters import headers_of, letter, newest_letters, replay
from streams.errors import UserError

EACH, ROWS = 500, 200  # of a partition that are looked at; that are shown
CONTENT_MAX, REASON_MAX = 20_000, 300  # characters
AFTERWARDS_S = 3.0  # for what the broker says after a change, which the next page shows


def newest(bootstrap: str) -> list[dict[str, Any]]:
    """Return the newest dead letters without their content, the newest first. Raises `UserError` without a broker."""
    return [_told(record) for record in newest_letters(bootstrap, EACH)]


def _told(record: Any) -> dict[str, Any]:
    headers = headers_of(record)
    return {
        "time": moment(record.timestamp / 1000), "topic": record.topic, "partition": record.partition, "offset": record.offset,
        "reason": headers.get("lotse-reason", "unknown"), "detail": headers.get("lotse-detail", ""), "bytes": len(record.value or b""),
    }  # fmt: skip


def _letters(request: Request) -> Response:
    rows, fault = list[dict[str, Any]](), ""
    try:
        rows = newest(desk_of(request).settings.bootstrap)
    except UserError as error:
        fault = str(error)
    answer = None if fault else taken(request, rows, "dead-letters")
    return answer or page(request, "letters", rows=rows[:ROWS], count=len(rows), fault=fault)


def _letter(request: Request) -> Response:
    found = _named(request)
    return _shown(request, found) if found is not None else said(request, "letter_gone", 404)


def _reveal(request: Request, account: Account, fields: Fields) -> Response:
    """Show key and content; that somebody looked, and why, is written to the record first."""
    found, reason = _named(request), fields.get("reason", "").strip()
    if found is None:
        return said(request, "letter_gone", 404)
    if not 1 <= len(reason) <= REASON_MAX:
        raise UserError(f"reason: say why, in 1 to {REASON_MAX} characters")
    desk_of(request).accounts.note(
        account.name, "dead_letter.revealed", f"{found.topic}/{found.partition}/{found.offset}", reason
    )
    return _shown(request, found, revealed=True)


def _shown(request: Request, record: Any, *, revealed: bool = False) -> Response:
    content = (record.value or b"").decode(errors="replace") if revealed else ""
    return page(
        request, "letter", one=_told(record), revealed=revealed, key=(record.key or b"").decode(errors="replace") if revealed else "",
        content=content[:CONTENT_MAX], cut=max(0, len(content) - CONTENT_MAX), longest=REASON_MAX,
    )  # fmt: skip


def _named(request: Request) -> Any | None:
    where = request.path_params
    return letter(desk_of(request).settings.bootstrap, where["topic"], where["partition"], where["offset"])


def _replay(request: Request, account: Account, _fields: Fields) -> Response:
    desk = desk_of(request)
    judged = replay(desk.settings.bootstrap, Codec(desk.settings.control()), dry_run=False)
    done = sum(one.fate == "ready" for one in judged)
    desk.accounts.note(account.name, "dead_letters.replayed", str(done))
    desk.standing.look(wait_s=AFTERWARDS_S, anew=True)
    return back(request, "/system")


PLACE = "/system/letters/{topic}/{partition:int}/{offset:int}"
ROUTES = (
    Route("/system/replay", posted(_replay, Right.MANAGE), methods=["POST"]),
    Route("/system/letters", shown(_letters), methods=["GET"]),
    Route(PLACE, shown(_letter), methods=["GET"]),
    Route(PLACE, posted(_reveal, Right.MANAGE), methods=["POST"]),
)
