"""What people are asked to look at: the oldest first, one item never to two, words shown for a reason and noted; and how often detectors are right."""

from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.playbooks.resources import Localised, Resource
from processors.vocabulary import Flag, Text
from streams.codec import Codec, UndecodableError
from streams.console import pictures
from streams.console.accounts import Account, Right
from streams.console.desk import Desk, back, desk_of, language_of, moment, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.console.reviews import QUEUES, SAID, Item, Queue
from streams.errors import UserError
from streams.explanation.story import duration
from streams.servers.log_reader import read_partition
from streams.telemetry.metrics import REVEALED, child
from streams.topics import ACTIVITY

CLAIM_S, ROWS, REASON_MAX = 900.0, 50, 300
LABELS_MIN = 10  # of a kind, for its precision to be told
RESOURCES_MAX = 6


def _list(request: Request) -> Response:
    desk, account = desk_of(request), request.scope["account"]
    queues = queues_of(account)
    wanted = [one for one in queues if one == request.query_params.get("queue", one)]
    found, claims, now = desk.reviews.open(wanted, ROWS), desk.accounts.claims(), desk.clock()
    answer = taken(request, [_flat(one, now) for one in found], "review")
    if answer:
        return answer
    rows = [{"one": one, "by": claims.get(one.about, ""), "waits": _age(one, now, request)} for one in found]
    return page(
        request, "review", rows=rows, me=account.name, queues=queues, queue=request.query_params.get("queue", ""),
        counts=desk.reviews.counts_open(), faults=[fault for name, fault in desk.asking().items() if fault and name in queues],
    )  # fmt: skip


def _item(request: Request, words: dict[str, str] | None = None) -> Response:
    desk, account = desk_of(request), request.scope["account"]
    item = _named(desk, account, request.path_params["id"])
    if item is None:
        return said(request, "review_gone", 404)
    holder = desk.accounts.claims().get(item.about, "")
    if holder != account.name:
        return said(request, "review_not_taken", 403)
    policy = desk.current.policy(item.community)
    return page(
        request, "review_item", one=item, waits=_age(item, desk.clock(), request), words=words, policy=policy,
        helped_by=_helped_by(desk, item, language_of(request)), ref=desk.store.ref(item.member), longest=REASON_MAX,
    )  # fmt: skip


def _take(request: Request, account: Account, _fields: Fields) -> Response:
    desk = desk_of(request)
    item = _open(desk, account, request)
    holder = desk.accounts.claim(item.about, account.name, CLAIM_S)
    if holder != account.name:
        raise UserError(f"{holder} is at it already")
    return back(request, f"/review/{item.id}")


def _release(request: Request, account: Account, _fields: Fields) -> Response:
    desk = desk_of(request)
    item = _held(desk, account, request)
    desk.accounts.release(item.about)
    return back(request, "/review")


def _reveal(request: Request, account: Account, fields: Fields) -> Response:
    """Show whom it is about and what they wrote; that somebody looked, and why, is written to the record first."""
    desk = desk_of(request)
    item, reason = _held(desk, account, request), fields.get("reason", "").strip()
    if not 1 <= len(reason) <= REASON_MAX:
        raise UserError(f"reason: say why, in 1 to {REASON_MAX} characters")
    desk.accounts.note(account.name, "review.revealed", item.id, reason)
    child(REVEALED, item.queue).inc()
    return _item(request, {"text": _words(desk, item)})


def _answer(request: Request, account: Account, fields: Fields) -> Response:
    desk = desk_of(request)
    item, what = _held(desk, account, request), fields.get("said", "")
    if what not in SAID:
        raise UserError("expected right, wrong or acted")
    if not desk.reviews.answer(item, what, account.name):
        raise UserError("this item is not open any more; nothing was done")
    desk.accounts.release(item.about)
    desk.accounts.note(account.name, f"review.{what}", item.id)
    return back(request, "/review")


def _precision(request: Request) -> Response:
    desk, account = desk_of(request), request.scope["account"]
    queues = queues_of(account)
    if request.query_params.get("format"):
        rows = [
            {**msgspec.structs.asdict(one), "queued": moment(one.queued), "at": moment(one.at)}
            for one in desk.reviews.labels(queues)
        ]  # fmt: skip
        return taken(request, rows, "labels") or said(request, "bad", 400)
    return page(request, "precision", rows=precision(desk.reviews.counts(queues)), enough=LABELS_MIN)


def precision(counts: list[tuple[str, str, str, int]]) -> list[dict[str, Any]]:
    """Return by detector and kind how many were looked at and right, and an interval (Wilson, 95 %) where there are enough."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for detector, kind, what, count in counts:
        found.setdefault((detector, kind), dict.fromkeys(SAID, 0))[what] += count
    rows = []
    for (detector, kind), one in found.items():
        right, total = one["right"] + one["acted"], sum(one.values())
        share = pictures.wilson(right, total) if total >= LABELS_MIN else None
        rows.append({"detector": detector, "kind": kind, **one, "total": total, "share": share})
    return rows


def queues_of(account: Account) -> list[Queue]:
    """Return what somebody may look at: what concerns people in distress is for safety reviewers alone."""
    return [one for one in QUEUES if one != "safety" or account.may(Right.SEE_SAFETY)]


def _named(desk: Desk, account: Account, identifier: str) -> Item | None:
    item = desk.reviews.item(identifier)
    return item if item is not None and item.queue in queues_of(account) else None


def _open(desk: Desk, account: Account, request: Request) -> Item:
    item = _named(desk, account, request.path_params["id"])
    if item is None:
        raise UserError("this item is not open any more; go back to the list")
    return item


def _held(desk: Desk, account: Account, request: Request) -> Item:
    """Return an item that this account has taken; its lease begins anew. Raises `UserError`."""
    item = _open(desk, account, request)
    if desk.accounts.claims().get(item.about) != account.name:
        raise UserError("take it first: somebody else may be at it by now")
    desk.accounts.claim(item.about, account.name, CLAIM_S)
    return item


def _words(desk: Desk, item: Item) -> str:
    """Return what the member wrote, from the log alone: it is kept nowhere else. Empty where it is gone, or there was nothing."""
    if item.offset < 0:
        return ""
    settings = desk.settings
    for record in read_partition(settings.bootstrap, ACTIVITY, item.partition, item.offset + 1, item.offset):
        with suppress(UndecodableError):
            event = Codec(settings.control()).decode(record.key, record.value)
            if event.key == item.member and isinstance(event.data, Text | Flag):
                return event.data.asked() if isinstance(event.data, Text) else event.data.text
    return ""


def _helped_by(desk: Desk, item: Item, language: str) -> list[tuple[Resource, Localised]]:
    """Return what the catalog offers at such a signal, for whoever looks at it to have it beside."""
    catalog = desk.current
    trigger = f"signal.{item.kind}"
    names = [one.spec.resource for one in catalog.playbooks.values() if trigger in (one.spec.trigger, *one.spec.also)]
    found = [catalog.resources[name] for name in dict.fromkeys(names) if name in catalog.resources]
    return [(one, catalog.localised(one, language)[1]) for one in found[:RESOURCES_MAX]]


def _age(item: Item, now: float, request: Request) -> str:
    return duration(int(max(1.0, now - item.queued)), language_of(request))


def _flat(one: Item, now: float) -> dict[str, Any]:
    """Return an item as files hold it: without the member, who is shown for a reason alone."""
    return {
        "id": one.id, "queue": one.queue, "kind": one.kind, "detector": one.detector, "community": one.community,
        "queued": moment(one.queued), "waits_s": round(max(0.0, now - one.queued)), "score": one.score, "replay": one.replay,
    }  # fmt: skip


ROUTES = (
    Route("/review", shown(_list, Right.REVIEW), methods=["GET"]),
    Route("/review/precision", shown(_precision, Right.REVIEW), methods=["GET"]),
    Route("/review/{id}", shown(_item, Right.REVIEW), methods=["GET"]),
    Route("/review/{id}/take", posted(_take, Right.REVIEW), methods=["POST"]),
    Route("/review/{id}/release", posted(_release, Right.REVIEW), methods=["POST"]),
    Route("/review/{id}/reveal", posted(_reveal, Right.REVIEW), methods=["POST"]),
    Route("/review/{id}/answer", posted(_answer, Right.REVIEW), methods=["POST"]),
)
