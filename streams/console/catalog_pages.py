"""The catalog: what of it wants a look, what is missing and how to write it, and where people stop on their journeys."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.community.content_gaps import RULES, Gap
from processors.playbooks.funnel import Funnel
from processors.playbooks.resources import Bundle
from resource_catalog.gap_draft import skeleton
from resource_catalog.health import health
from resource_catalog.health.content import Content
from resource_catalog.health.findings import LEVELS, Finding
from resource_catalog.health.reach import Theme, themes
from resource_catalog.loader import Loaded
from streams.console import lookups, pictures
from streams.console.counting import Counted
from streams.console.desk import Desk, desk_of, language_of, page, said, taken
from streams.console.doors import shown
from streams.console.sums import DAY
from streams.report.words import span

GAPS_SHOWN, FINDINGS_SHOWN, SUBJECTS_SHOWN, NEEDS_SHOWN = 100, 200, 30, 15
NEED_DAYS = 28


class Health:
    """Findings and themes of the catalog in force; looked for once for each catalog, day and count, for it takes a while."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._found: tuple[list[Finding], list[Theme]] = ([], [])

    def look(self, desk: Desk, counted: Counted | None) -> tuple[list[Finding], list[Theme]]:
        """Return what wants a look, the gravest first, and how each theme is covered."""
        catalog, day = desk.current, datetime.fromtimestamp(desk.clock(), UTC).date()
        of = (catalog.hash, day, counted.at if counted else 0.0)
        if of != self._of:
            playbooks = tuple(one.spec for one in catalog.playbooks.values())
            loaded = Loaded(Bundle(tuple(catalog.resources.values()), playbooks, catalog.policies), [], [])
            content = Content.of(loaded, day, counted.used() if counted else None)
            self._found, self._of = (health(content), themes(content)), of
        return self._found


def _catalog(request: Request) -> Response:
    desk = desk_of(request)
    counted = desk.counting.latest()
    findings, covered = _HEALTH.look(desk, counted)
    answer = taken(request, [one._asdict() for one in findings], "catalog-health")
    if answer:
        return answer
    rows = _together(findings, language_of(request))
    return page(
        request, "catalog", findings=rows[:FINDINGS_SHOWN], more=max(0, len(rows) - FINDINGS_SHOWN), themes=covered,
        counts=Counter(one.level for one in findings), levels=LEVELS, resources=len(desk.current.resources), used=counted is not None,
        gaps=len(lookups.open_gaps(desk.store.reader())), subjects_shown=SUBJECTS_SHOWN,
    )  # fmt: skip


def _together(findings: list[Finding], language: str) -> list[dict[str, Any]]:
    """Return the findings as rows, in a language; what is amiss in several places alike is one row that names them all."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for one in findings:
        said = one.german if language == "de" and one.german else one.message
        rows.setdefault((one.level, one.check, said), []).append(one.subject)
    return [
        {"level": level, "check": check, "said": said, "subjects": list(dict.fromkeys(subjects))}
        for (level, check, said), subjects in rows.items()
    ]


def _gaps(request: Request) -> Response:
    """Show open gaps, and below them the needs that nobody met: what may become one."""
    file = desk_of(request).store.reader()
    found, read = lookups.open_gaps(file), lookups.latest(file)
    unmet = lookups.needs(file, read - NEED_DAYS * DAY, read + DAY)
    if request.query_params.get("of") == "needs":
        rows = [dict(zip(("community", "place", "kind", "count"), one, strict=True)) for one in unmet]
        answer = taken(request, rows, "needs")
    else:
        answer = taken(request, [_flat(one) for one in found], "gaps")
    return answer or page(
        request, "gaps", rows=found[:GAPS_SHOWN], count=len(found), read=read, needs=unmet[:NEEDS_SHOWN], most=unmet[0][3] if unmet else 0,
        days=NEED_DAYS, rule=RULES["asked"], week=RULES["asked"].within // DAY, unmet=sum(one[3] for one in unmet),
    )  # fmt: skip


def _gap(request: Request) -> Response:
    """Show the skeleton of the resource that a gap asks for; with `format=md` as a file to go on with."""
    name = request.path_params["name"]
    gap = next((one for one in lookups.open_gaps(desk_of(request).store.reader()) if one.id == name), None)
    if gap is None:
        return said(request, "gap_closed", 404)
    text = skeleton(gap)
    if request.query_params.get("format") == "md":
        file = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in gap.id)
        headers = {"content-disposition": f'attachment; filename="{file}.md"'}
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
    return page(request, "gap", gap=gap, text=text)


def _journeys(request: Request) -> Response:
    desk, language = desk_of(request), language_of(request)
    counted = desk.counting.latest()
    found = counted.journeys if counted else []
    rows = [{"journey": one.journey, "begun": one.begun, **msgspec.structs.asdict(step)} for one in found for step in one.steps]  # fmt: skip
    answer = taken(request, rows, "journeys")
    if answer:
        return answer
    return page(
        request, "journeys", counted=counted, fault=desk.counting.fault, busy=desk.counting.busy,
        journeys=[(one, _steps(one, language)) for one in found],
    )  # fmt: skip


def _steps(funnel: Funnel, language: str) -> list[dict[str, Any]]:
    """Return the steps as a funnel shows them: how wide each is, who stopped before it, and how long it took."""
    return [
        {
            "one": one, "share": one.done / funnel.begun if funnel.begun else 0.0, "width": pictures.part(one.done, funnel.begun),
            "stopped": pictures.part(one.stopped, funnel.begun), "worst": one.step == funnel.drop_off,
            "time": span(one.median_s, language) if one.median_s is not None else "–",
        }
        for one in funnel.steps
    ]  # fmt: skip


def _flat(gap: Gap) -> dict[str, Any]:
    fields = msgspec.structs.asdict(gap)
    return {name: " ".join(value) if isinstance(value, tuple) else value for name, value in fields.items()}


_HEALTH = Health()
ROUTES = (
    Route("/catalog", shown(_catalog), methods=["GET"]),
    Route("/catalog/gaps", shown(_gaps), methods=["GET"]),
    Route("/catalog/gaps/{name:path}", shown(_gap), methods=["GET"]),
    Route("/catalog/journeys", shown(_journeys), methods=["GET"]),
)
