"""Whether it helps: what `lotse report` gives, with what cannot be known yet in plain words, and intervals as pictures."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from streams.console import pictures
from streams.console.desk import desk_of, language_of, page, taken
from streams.console.doors import shown
from streams.report import words
from streams.report.figures import PlaybookFigures

COUNTS = (
    "sent",
    "delivered",
    "seen",
    "clicked",
    "helpful",
    "not_helpful",
    "dismissed",
    "wrong_moment",
    "snoozed",
    "opted_out",
)


def _measures(request: Request) -> Response:
    desk, language = desk_of(request), language_of(request)
    counted = desk.counting.latest()
    if counted is not None:
        answer = taken(request, [_flat(one) for one in counted.report.playbooks], "measures")
        if answer:
            return answer
    report = counted.report if counted else None
    return page(
        request, "measures", counted=counted, report=report, fault=desk.counting.fault, busy=desk.counting.busy, words=words,
        interval=pictures.interval, counts=COUNTS, tongue=language, columns=pictures.columns,
    )  # fmt: skip


def _flat(one: PlaybookFigures) -> dict[str, Any]:
    fields = msgspec.structs.asdict(one)
    lift = fields.pop("lift")._asdict()
    kept = {name: value for name, value in fields.items() if not isinstance(value, tuple)}
    return kept | {f"lift_{name}": value for name, value in lift.items()}


ROUTES = (Route("/measures", shown(_measures), methods=["GET"]),)
