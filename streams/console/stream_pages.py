"""The overview, and decisions as they come."""

from collections import Counter
from operator import attrgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import SAFETY, Reason, Verdict, verdict_of
from streams.console import lookups, pictures
from streams.console.accounts import Account, Right
from streams.console.desk import desk_of, language_of, moment, number_in, page, taken
from streams.console.doors import shown
from streams.console.lookups import Kept
from streams.console.review_pages import queues_of
from streams.explanation.story import BARE, because, headline, sentence

DAY, HOUR = 86_400.0, 3600.0
ROWS, ROWS_TAKEN, TOP = 50, 5_000, 8


def _overview(request: Request) -> Response:
    file, language = desk_of(request).store.reader(), language_of(request)
    end = lookups.latest(file)
    verdicts: Counter[Verdict] = Counter()
    reasons: Counter[str] = Counter()
    for reason, count in lookups.reasons_between(file, end - DAY, end):
        verdict = verdict_of(Reason(reason))
        verdicts[verdict] += count
        if verdict is not Verdict.SEND:
            reasons[reason] += count
    hours: Counter[int] = Counter()
    playbooks: Counter[str] = Counter()
    for hour, playbook, count in lookups.sent_by_hour(file, end - DAY, end):
        hours[hour] += count
        playbooks[playbook] += count
    first, waiting = int(end - DAY) // 3600, _waiting(request)
    series = [(moment((first + at) * HOUR)[:16], hours[first + at]) for at in range(24)]
    answer = taken(request, [{"hour": when, "sends": count} for when, count in series], "sends-by-hour")
    if answer:
        return answer
    return page(
        request, "overview", end=end, verdicts=verdicts, total=verdicts.total(), Verdict=Verdict, columns=pictures.columns(series),
        series=series, playbooks=playbooks.most_common(TOP), waiting=waiting,
        reasons=[(sentence(Reason(reason), language), reason, count) for reason, count in reasons.most_common(TOP)],
        newest=[row(one, language) for one in lookups.stream(file, limit=10)],
    )  # fmt: skip


def _waiting(request: Request) -> int:
    """Return how many items wait for a look of whoever asks; samples are no hurry."""
    account: Account = request.scope["account"]
    if not account.may(Right.REVIEW):
        return 0
    counts = desk_of(request).reviews.counts_open()
    return sum(counts[queue] for queue in queues_of(account) if queue != "sample")


def _live(request: Request) -> Response:
    file, language = desk_of(request).store.reader(), language_of(request)
    playbook, reason = (request.query_params.get(name, "")[:200] for name in ("playbook", "reason"))
    before = int(number_in(request, "before"))
    limit = ROWS_TAKEN if request.query_params.get("format") else ROWS
    found = lookups.stream(file, playbook, reason, before, limit)
    answer = taken(request, [flat(one) for one in found], "decisions")
    if answer:
        return answer
    playbooks, reasons = lookups.names_with(file)
    return page(
        request, "live", rows=[row(one, language) for one in found], playbook=playbook, reason=reason, before=before, playbooks=playbooks,
        reasons=sorted((sentence(Reason(one), language), one) for one in reasons), paused=bool(before) or "pause" in request.query_params,
        older=found[-1].seq if len(found) == ROWS else 0,
    )  # fmt: skip


def row(one: Kept, language: str) -> dict[str, Any]:
    """Return a decision as tables show it."""
    decision = one.decision
    return {
        "seq": one.seq, "ref": one.ref, "member": decision.member, "time": decision.time, "verdict": decision.verdict.value,
        "what": headline(decision, language), "why": because(decision, language), "id": decision.id,
    }  # fmt: skip


def flat(one: Kept) -> dict[str, Any]:
    """Return a decision as files hold it: one value a cell; of the safety lane only id, time and reason."""
    decision = one.decision
    if decision.lane == SAFETY:
        values = dict.fromkeys(COLUMNS, "") | {name: getattr(decision, name) for name in BARE}
    else:
        values = dict(zip(COLUMNS, (*_plain(decision), because(decision)), strict=True))
    values["time"] = moment(decision.time)
    return values


COLUMNS = ("id", "time", "member", "verdict", "reason", "playbook", "resource", "channel", "lane", "needed", "because")
_plain = attrgetter(*COLUMNS[:-1])
ROUTES = (
    Route("/", shown(_overview), methods=["GET"]),
    Route("/live", shown(_live), methods=["GET"]),
)
