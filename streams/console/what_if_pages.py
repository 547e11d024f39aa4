"""What would have been decided with another number in the policy, for one decision of a member."""

import re
from math import floor
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import SAFETY, Decision, Reason, Verdict
from streams.console import lookups
from streams.console.desk import desk_of, language_of, moment, page, said, taken
from streams.console.doors import shown
from streams.errors import UserError
from streams.explanation.story import because, headline, sentence
from streams.proof.counterfactual import DAY, TRIED, Compared, key_of, what_if

ROWS, CHANGES = 1_000, 30
_LATER = re.compile(r"^(\d+) s later$")
_NEEDED = re.compile(r"^(\w+) > (\d+)$")
# Which number of the policy a reason hangs on.
HANGS_ON = {
    Reason.BUDGET_DAY: "budget_day", Reason.BUDGET_WEEK: "budget_week", Reason.BUDGET_SHRUNK: "budget_week", Reason.COOLDOWN_THEME: "cooldown_theme",
    Reason.COOLDOWN_RESOURCE: "cooldown_resource", Reason.QUIET_HOURS_HOLD: "quiet_to", Reason.QUIET_HOURS_STALE: "quiet_to",
    Reason.VOLUME_CONTROLLED: "over_trigger_max",
}  # fmt: skip


def may_differ(one: Decision) -> bool:
    """Tell whether another number of the policy may have changed a decision; of help in distress nothing is tried."""
    return one.lane not in (SAFETY, "") and one.reason in HANGS_ON


def _what_if(request: Request) -> Response:
    desk, language = desk_of(request), language_of(request)
    file = desk.store.reader()
    found = lookups.member(file, request.path_params["ref"])
    kept = [one.decision for one in lookups.decisions_of(file, found.number, limit=ROWS)] if found else []
    asked = next((one for one in kept if one.id == request.path_params["decision"]), None)
    if found is None or asked is None or not may_differ(asked):
        return said(request, "not_here", 404)
    policy = desk.current.policy(found.key.partition("/")[0])
    field, value, problem = _tried(request, asked, policy)
    compared: Compared | None = None
    if "value" in request.query_params:
        try:
            compared = what_if(desk.settings, found.key, kept, field, value)
        except UserError as error:
            problem = str(error)
    rows = _rows(compared, language) if compared else []
    answer = taken(request, rows, "what-if") if compared else None
    if answer:
        return answer
    return page(
        request, "what_if", found=found, asked=asked, what=headline(asked, language), why=because(asked, language), field=field, value=value,
        now=getattr(policy, field) / _unit(field) if field in TRIED else 0, fields=TRIED, compared=compared, problem=problem, changes=rows[:CHANGES],
        verdict=_said(compared, asked, language) if compared else None,
    )  # fmt: skip


def _tried(request: Request, asked: Decision, policy: Any) -> tuple[str, float, str]:
    """Return the number to try and its value, as the address says, else what the decision itself says it would have taken."""
    needed = _NEEDED.match(asked.needed)
    field = request.query_params.get("field", "") or (needed[1] if needed else HANGS_ON[asked.reason])
    if "value" in request.query_params:
        try:
            return field, float(request.query_params["value"]), ""
        except ValueError:
            return field, 0.0, f"{field}: expected a number"
    if needed and field == needed[1]:
        return field, float(int(needed[2]) + 1), ""
    later = _LATER.match(asked.needed)
    if later and field in TRIED and TRIED[field][0] == DAY:  # the largest tenth of a day that would have been over
        return field, max(0.0, floor(10 * (getattr(policy, field) - int(later[1])) / DAY) / 10), ""
    return field, getattr(policy, field, 0) / _unit(field) if field in TRIED else 0.0, ""


def _unit(field: str) -> float:
    unit = TRIED[field][0]
    return DAY if unit == DAY else 1.0


def _said(compared: Compared, asked: Decision, language: str) -> dict[str, Any]:
    """Return what would have become of the decision: a word for it, and the decision in words where there would be one."""
    then = compared.then.get(key_of(asked))
    if asked.id not in compared.same:
        return {"key": "if_unknown", "what": "", "why": ""}
    if then is None:
        return {"key": "if_none", "what": "", "why": ""}
    key = "if_sent" if then.verdict is Verdict.SEND else "if_not"
    return {"key": key, "what": headline(then, language), "why": sentence(then.reason, language), "time": then.time}


def _rows(compared: Compared, language: str) -> list[dict[str, Any]]:
    """Return the occasions that would have ended otherwise."""
    return [
        {
            "time": moment((after or before).time), "playbook": (after or before).playbook,  # type: ignore[union-attr]  # one of them is there
            "was": sentence(before.reason, language) if before else "", "then": sentence(after.reason, language) if after else "",
            "was_verdict": before.verdict.value if before else "", "then_verdict": after.verdict.value if after else "",
        }
        for before, after in compared.changes()
    ]  # fmt: skip


ROUTES = (Route("/members/{ref}/what-if/{decision}", shown(_what_if), methods=["GET"]),)
