"""How far a playbook may go: what is known of it first; and what waits for a second person's yes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import Reason
from resource_catalog.maturity_file import with_maturity
from resource_catalog.playbook_file import MATURITIES, PlaybookFile
from streams.catalog.publication import rises, wants_two
from streams.console import lookups
from streams.console.accounts import Account, Right
from streams.console.backtest_pages import tried_key
from streams.console.desk import Desk, back, desk_of, moment, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.console.proposals import Proposal
from streams.console.publishing import approve, change, difference, goes_further
from streams.console.sums import DAY, FAULTS, SENT
from streams.console.trials import Trial
from streams.errors import UserError

DAYS, REASON_MAX = 28, 300
SHARES = ("0.01", "0.05", "0.1", "0.25", "0.5")
KNOWN_FIRST = ("canary", "live")


def _promote(request: Request) -> Response:
    return _page(request)


def _page(request: Request, given: Fields | None = None, status: int = 200, fault: str = "") -> Response:
    desk, name, fields = desk_of(request), request.path_params["name"], given or {}
    file = desk.folder.file(name)
    if file is None:
        return said(request, "not_here", 404)
    to = fields.get("to", "")
    lines = None
    if to in MATURITIES and not fault:
        known = desk.folder.text(name)
        lines = difference(known.text if known else "", _text(desk, file, to, fields.get("share", "")))
    return page(
        request, "promote", status, name=name, file=file, closed=desk.folder.closed, where=str(desk.folder.directory), maturities=MATURITIES,
        shares=SHARES, counted=counted(desk, file), trial=newest_trial(desk, file), days=DAYS, given=fields, target=to, lines=lines, fault=fault,
        up=to in MATURITIES and rises(file.playbook.maturity, to), two=to in MATURITIES and wants_two(file, to),
    )  # fmt: skip


def _promoted(request: Request, account: Account, fields: Fields) -> Response:
    """Show what would change; at the second asking do it."""
    desk, name = desk_of(request), request.path_params["name"]
    file, to, share = desk.folder.file(name), fields.get("to", ""), fields.get("share", "")
    if file is None or to not in MATURITIES:
        return said(request, "bad", 400)
    try:
        _known_enough(desk, file, to)
        if fields.get("do") != "go":
            return _page(request, fields)
        reason = fields.get("reason", "").strip()
        if not 1 <= len(reason) <= REASON_MAX:
            raise UserError(f"reason: say why, in 1 to {REASON_MAX} characters")
        known = desk.folder.text(name)
        text = _text(desk, file, to, share)
        done = change(
            desk, account, name, text, known.base if known else "", f"{name} to {to}: {reason}", promoting=True
        )
    except UserError as error:
        return _page(request, fields, 400, str(error))
    return back(request, "/approvals" if done == "proposed" else f"/playbooks/{name}")


def _known_enough(desk: Desk, file: PlaybookFile, to: str) -> None:
    """Raise `UserError` where nothing is known of what a playbook would do to members."""
    known = counted(desk, file)
    if not rises(file.playbook.maturity, to) or to not in KNOWN_FIRST or known["shadow"] or known["sent"]:
        return
    if newest_trial(desk, file) is None:
        raise UserError(
            f"{file.id}: nothing is known of what it would do; backtest it first as it is now, or let it count in shadow"
        )


def _text(desk: Desk, file: PlaybookFile, to: str, share: str) -> str:
    """Return the text of the file that lets a playbook go so far. Raises `UserError`."""
    part = float(share) if share in SHARES else 0.1
    try:
        return with_maturity(desk.folder.directory, file, to, part).after
    except OSError as error:
        raise UserError(f"{file.path} cannot be read ({error.strerror})") from None


def counted(desk: Desk, file: PlaybookFile) -> dict[str, Any]:
    """Return what a playbook did where it runs, in the last 28 days: wanted in shadow, sent, held back, at fault."""
    store, ids = desk.store.reader(), {one.id for one in file.playbooks}
    end = lookups.latest(store)
    rows = [row for row in lookups.by_day(store, end - DAYS * DAY, end + DAY) if row[0] in ids]
    faults = [row for row in lookups.faults(store, end - DAYS * DAY, end + DAY) if row[0] in ids]
    sent = sum(count for _, reason, count in rows if reason == SENT)
    shadow = sum(count for _, reason, count in rows if reason == Reason.SHADOW)
    faulty = sum(count for _, part, count in faults if part in FAULTS)
    return {
        "sent": sent, "shadow": shadow, "other": sum(count for *_, count in rows) - sent - shadow, "faults": faulty,
        "rate": round(1000 * faulty / sent, 1) if sent else None,
    }  # fmt: skip


def newest_trial(desk: Desk, file: PlaybookFile) -> Trial | None:
    """Return the newest backtest of a playbook as it is now."""
    key = tried_key(file)
    done = (one for one in desk.trials.of(file.id) if one.state == "done" and one.about.digest == key)
    return next(done, None)


def _approvals(request: Request) -> Response:
    desk = desk_of(request)
    account: Account = request.scope["account"]
    rows = [_row(desk, one, account) for one in desk.proposals.waiting()]
    files = [
        {"playbook": row["one"].playbook, "to": row["to"], "author": row["one"].author, "time": moment(row["one"].time), "reason": row["one"].reason, "stale": row["stale"]}
        for row in rows
    ]  # fmt: skip
    return taken(request, files, "approvals") or page(request, "approvals", rows=rows, reason_max=REASON_MAX)


def _row(desk: Desk, one: Proposal, account: Account) -> dict[str, Any]:
    known = desk.folder.text(one.playbook)
    draft = desk.folder.draft(one.playbook, one.text)
    return {
        "one": one, "lines": difference(known.text if known else "", one.text), "mine": one.author == account.name, "errors": draft.errors,
        "further": draft.file is not None and goes_further(desk.folder.file(one.playbook), draft.file),
        "stale": one.base != (known.base if known else ""), "to": draft.file.playbook.maturity if draft.file else "",
    }  # fmt: skip


def _answer(request: Request, account: Account, fields: Fields) -> Response:
    """Carry out a second person's yes or no, or the author's taking back."""
    desk, reason = desk_of(request), fields.get("reason", "").strip()[:REASON_MAX]
    one = desk.proposals.find(fields.get("id", ""))
    if one is None:
        raise UserError("this proposal does not wait any more; reload the list")
    if fields.get("do") == "approve":
        approve(desk, account, one)
        return back(request, f"/playbooks/{one.playbook}")
    mine = one.author == account.name
    if not mine and not account.may(Right.APPROVE_SAFETY):
        raise UserError("your role does not include answering proposals of others")
    if not mine and not reason:
        raise UserError(f"reason: say why not, in 1 to {REASON_MAX} characters")
    if desk.proposals.take(one.id):
        desk.accounts.note(account.name, "playbook.withdrawn" if mine else "playbook.refused", one.playbook, reason)
    return back(request, "/approvals")


ROUTES = (
    Route("/approvals", shown(_approvals), methods=["GET"]),
    Route("/approvals", posted(_answer, Right.READ), methods=["POST"]),
    Route("/playbooks/{name}/promote", shown(_promote, Right.WRITE), methods=["GET"]),
    Route("/playbooks/{name}/promote", posted(_promoted, Right.WRITE), methods=["POST"]),
)
