"""One member: what happened, what was decided, and why they got this and not that."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import SAFETY, Decision, Verdict
from processors.playbooks.resources import Playbook
from streams.console import lookups
from streams.console.accounts import Account, Right
from streams.console.desk import back, desk_of, language_of, moment, number_in, page, said, taken
from streams.console.doors import Fields, posted, shown
from streams.console.happenings import occasions
from streams.console.happenings import said as words_of
from streams.console.lookups import Happened, Kept
from streams.console.stream_pages import flat, row
from streams.console.what_if_pages import may_differ
from streams.explanation.story import because, headline, sentence

ROWS, WORDS_MAX = 200, 300
LOOKED_AT, LATELY = 100, 10  # newest decisions; members of theirs that are shown


def _ask(request: Request) -> Response:
    """Show where to ask for a member, and those about whom something was decided last: whoever knows no name begins there."""
    language, newest = language_of(request), dict[str, Kept]()
    for one in lookups.stream(desk_of(request).store.reader(), limit=LOOKED_AT):
        newest.setdefault(one.ref, one)
    lately = list(newest.values())[:LATELY]
    answer = taken(request, [flat(one) for one in lately], "members")
    return answer or page(
        request, "members", words="", found=[], asked=False, lately=[row(one, language) for one in lately]
    )


def _find(request: Request, _account: Account, fields: Fields) -> Response:
    words = fields.get("member", "").strip()[:WORDS_MAX]
    file = desk_of(request).store.reader()
    found = lookups.members_like(file, words) if words else []
    if len(found) == 1 or (found and found[0].key == words):
        return back(request, f"/members/{found[0].ref}")
    return page(request, "members", words=words, found=found, asked=True, lately=[])


def _member(request: Request) -> Response:
    file, language = desk_of(request).store.reader(), language_of(request)
    found = lookups.member(file, request.path_params["ref"])
    if found is None:
        return said(request, "not_here", 404)
    before = number_in(request, "before")
    decisions = lookups.decisions_of(file, found.number, before, ROWS)
    events = lookups.events_of(file, found.number, before, ROWS)
    answer = taken(request, _rows(decisions, events), "member")
    if answer:
        return answer
    specs = {name: one.spec for name, one in desk_of(request).current.playbooks.items()}
    moments = sorted(
        (*map(_decided, decisions), *(_happened(one, language) for one in events)), key=lambda one: -one["time"]
    )
    shown_here = moments[:ROWS]
    for one in shown_here:
        if one["kind"] == "decision":
            kept: Decision = one["decision"]
            one |= {
                "what": headline(kept, language),
                "why": because(kept, language),
                "bare": kept.lane == SAFETY,
                "may_differ": may_differ(kept),
                "spec": specs.get(kept.playbook),
            }
    got, held = _summed(decisions, language, specs)
    older = shown_here[-1]["time"] if len(moments) > ROWS or ROWS in (len(decisions), len(events)) else 0
    return page(
        request,
        "member",
        found=found,
        moments=shown_here,
        got=got,
        held=held,
        older=older,
        before=before,
        starts=lambda spec: occasions(spec, language),
    )


def _summed(
    decisions: list[Kept], language: str, specs: Mapping[str, Playbook]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what was sent, with its occasion, times and last time; and of what was not, by playbook, its reasons with counts."""
    got: dict[tuple[str, str], list[float]] = defaultdict(list)
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for one in (kept.decision for kept in decisions):
        if one.lane == SAFETY:
            continue
        if one.verdict is Verdict.SEND:
            got[one.resource, one.playbook].append(one.time)
        else:
            held[one.playbook][sentence(one.reason, language)] += 1
    told = [
        {"playbook": name, "count": counts.total(), "reasons": counts.most_common()} for name, counts in held.items()
    ]
    sent = [
        {"what": f"{resource} ({playbook})", "times": len(times), "last": max(times), "spec": specs.get(playbook)}
        for (resource, playbook), times in got.items()
    ]
    return sent, sorted(told, key=lambda one: -one["count"])


def _decided(one: Kept) -> dict[str, Any]:
    return {"kind": "decision", "time": one.decision.time, "decision": one.decision, "seq": one.seq}


def _happened(one: Happened, language: str) -> dict[str, Any]:
    kind = "signal" if one.kind == "signal" else "outcome" if one.kind.startswith("outcome.") else "event"
    what, beside = words_of(one.kind, one.about, language)
    return {"kind": kind, "time": one.time, "what": what, "why": beside}


def _rows(decisions: list[Kept], events: list[Happened]) -> list[dict[str, Any]]:
    empty = dict.fromkeys(flat(decisions[0]), "") if decisions else {"time": "", "reason": ""}
    rows = [{"kind": "decision", **flat(one)} for one in decisions]
    rows += [{"kind": one.kind, **empty, "time": moment(one.time), "reason": one.about} for one in events]
    return sorted(rows, key=lambda row: str(row["time"]), reverse=True)


ROUTES = (
    Route("/members", shown(_ask), methods=["GET"]),
    Route("/members", posted(_find, Right.READ), methods=["POST"]),
    Route("/members/{ref}", shown(_member), methods=["GET"]),
)
