"""Playbooks: how far each may go, what it does, its words; silences, kill switches and going back."""

from collections import defaultdict
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import Reason, Verdict, verdict_of
from processors.orders import Order
from processors.playbooks.resources import Playbook
from streams.catalog.ordering import give, standing
from streams.catalog.publication import into_the_file
from streams.catalog.versions import earlier, publish_by, specs_of, stop_what_was_given, versions, with_playbook_of
from streams.console import lookups
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, back, desk_of, language_of, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.console.happenings import occasions
from streams.console.stream_pages import row
from streams.console.sums import DAY
from streams.errors import UserError
from streams.explanation.story import sentence

DAYS = 28
LIVES = {"1": 3600.0, "8": 8 * 3600.0, "24": float(DAY), "168": 7.0 * DAY, "": 0.0}  # hours, as the form names them
REASON_MAX, PREVIEWED = 300, 20
KILL, SILENCE = "kill_switch", "silence"


def _playbooks(request: Request) -> Response:
    desk = desk_of(request)
    figures = _figures(desk)
    rows: list[dict[str, Any]] = [
        {"playbook": name, "maturity": one.maturity, "lane": one.lane, "theme": one.theme, **figures[name]}
        for name, one in _files(desk).items()
    ]  # fmt: skip
    answer = taken(request, rows, "playbooks")
    if answer:
        return answer
    orders, fault = _orders(desk)
    rows.sort(key=lambda one: (-sum(figures[one["playbook"]].values()), one["playbook"]))
    return page(request, "playbooks", rows=rows, orders=orders, fault=fault, days=DAYS)


def _playbook(request: Request) -> Response:
    desk, language, name = desk_of(request), language_of(request), request.path_params["name"]
    specs = tuple(one for one in _specs(desk) if name in (one.id, one.sequence))
    if not specs:
        return said(request, "not_here", 404)
    file = desk.store.reader()
    ids = {one.id for one in specs}
    counts = [(playbook, reason, count) for playbook, reason, count in _since(desk) if playbook in ids]
    answer = taken(
        request, [dict(zip(("playbook", "reason", "count"), one, strict=True)) for one in counts], f"playbook-{name}"
    )
    if answer:
        return answer
    reasons = [(sentence(Reason(reason), language), count) for _, reason, count in counts]
    newest = [one for spec in specs for one in lookups.stream(file, spec.id, limit=10)]
    return page(
        request, "playbook", name=name, specs=specs, reasons=sorted(reasons, key=lambda one: -one[1]), days=DAYS,
        newest=[row(one, language) for one in sorted(newest, key=lambda one: -one.seq)[:10]], starts=lambda spec: occasions(spec, language),
    )  # fmt: skip


def _list(request: Request) -> Response:
    """Lead back from the address of a form's answer, as when another language is asked for there."""
    return back(request, "/playbooks")


def _ask_order(request: Request, account: Account, fields: Fields) -> Response:
    """Show what an order would have stopped in the last 24 hours, before it is given."""
    order = _order(desk_of(request), account, fields)
    desk = desk_of(request)
    file = desk.store.reader()
    end = lookups.latest(file)
    matched = 0
    playbooks: dict[str, int] = defaultdict(int)
    for _hour, playbook, reason, count in lookups.by_hour(file, end - DAY, end):
        spec = desk.current.playbooks.get(playbook)
        theme = spec.spec.theme if spec else ""
        if reason == Reason.SENT and order.silence.matches(order.community, playbook, theme):
            matched += count
            playbooks[playbook] += count
    return page(
        request,
        "order",
        order=order,
        life=fields.get("life", ""),
        matched=matched,
        playbooks=sorted(playbooks.items(), key=lambda one: -one[1])[:PREVIEWED],
    )


def _give_order(request: Request, account: Account, fields: Fields) -> Response:
    desk = desk_of(request)
    order = _order(desk, account, fields)
    give(desk.settings, order)
    desk.accounts.note(account.name, f"{order.kind}.{'on' if order.on else 'off'}", order.key, order.reason)
    return back(request, "/playbooks")


def _roll_back(request: Request, account: Account, fields: Fields) -> Response:
    desk, name, reason = desk_of(request), request.path_params["name"], _reason(fields)
    found = versions(desk.settings.bootstrap)
    then = earlier(found, name)
    bundle = with_playbook_of(found[-1].bundle, then.bundle, name)
    stop_what_was_given(desk.settings, name, account.name, reason)
    publish_by(desk.settings, bundle, account.name, f"rollback of {name} to {then.name}: {reason}")
    if not desk.folder.closed:
        (spec, *_) = specs_of(then.bundle, name)
        with desk.folder.lock:
            into_the_file(desk.folder.directory, name, spec.maturity, spec.canary)
    desk.accounts.note(account.name, "playbook.rollback", name, reason)
    return back(request, f"/playbooks/{name}")


def _order(desk: Desk, account: Account, fields: Fields) -> Order:
    """Return the order that a form says. Raises `UserError`."""
    wish, on = fields.get("kind", ""), fields.get("on", "1") == "1"
    if wish not in (KILL, SILENCE):
        raise UserError("kind: expected kill_switch or silence")
    kind: Literal["kill_switch", "silence"] = "kill_switch" if wish == KILL else "silence"
    parts = {name: fields.get(name, "").strip() or "*" for name in ("community", "playbook", "theme")}
    if any("/" in part or len(part) > REASON_MAX for part in parts.values()):
        raise UserError("community, playbook, theme: expected names without a slash")
    if kind == SILENCE and set(parts.values()) == {"*"}:
        raise UserError("silence: name at least a playbook, a theme or a community; to stop all, use the kill switch")
    life = LIVES.get(fields.get("life", ""))
    if life is None:
        raise UserError("life: expected one of the times of the form")
    now = desk.clock()
    return Order(
        kind=kind,
        on=on,
        author=account.name,
        reason=_reason(fields),
        at=now,
        until=now + life if life else 0.0,
        **parts,
    )


def _reason(fields: Fields) -> str:
    reason = fields.get("reason", "").strip()
    if not 1 <= len(reason) <= REASON_MAX:
        raise UserError(f"reason: say why, in 1 to {REASON_MAX} characters")
    return reason


def _files(desk: Desk) -> dict[str, Playbook]:
    """Return the playbooks by the id of their file; of a sequence its first step."""
    found: dict[str, Playbook] = {}
    for one in _specs(desk):
        found.setdefault(one.sequence or one.id, one)
    return dict(sorted(found.items()))


def _specs(desk: Desk) -> list[Playbook]:
    return [one.spec for one in desk.current.playbooks.values()]


def _since(desk: Desk) -> list[tuple[str, str, int]]:
    file = desk.store.reader()
    end = lookups.latest(file)
    return lookups.by_day(file, end - DAYS * DAY, end + DAY)


def _figures(desk: Desk) -> dict[str, dict[str, int]]:
    """Return sends, holds, drops and shadow counts by playbook file."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"sent": 0, "held": 0, "dropped": 0, "shadow": 0})
    for playbook, reason, count in _since(desk):
        verdict = verdict_of(Reason(reason))
        what = (
            "shadow"
            if reason == Reason.SHADOW
            else {Verdict.SEND: "sent", Verdict.HOLD: "held", Verdict.DROP: "dropped"}[verdict]
        )
        counts[playbook.partition(":")[0]][what] += count
    return counts


def _orders(desk: Desk) -> tuple[list[Order], str]:
    try:
        return [one for one in standing(desk.settings) if one.kind != "rollback"], ""
    except UserError as error:
        return [], str(error)


ROUTES: tuple[Any, ...] = (
    Route("/playbooks", shown(_playbooks), methods=["GET"]),
    Route("/playbooks/order", shown(_list), methods=["GET"]),
    Route("/playbooks/order", posted(_ask_order, Right.STOP), methods=["POST"]),
    Route("/playbooks/order/give", posted(_give_order, Right.STOP), methods=["POST"]),
    Route("/playbooks/{name}", shown(_playbook), methods=["GET"]),
    Route("/playbooks/{name}/back", posted(_roll_back, Right.WRITE), methods=["POST"]),
)
