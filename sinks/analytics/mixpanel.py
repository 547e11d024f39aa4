"""Mixpanel's import API: events known by `$insert_id` and time, so that telling them again adds nothing."""

import base64

from sinks.analytics.told import Told
from sinks.channel import Receipt
from sinks.platforms.http import HttpClient

EVENTS_MAX = 2000  # docs.mixpanel.com: of one request, and 10 MB
TIMEOUT_S = 30.0
PARTLY, TOO_LARGE = 400, 413


class Mixpanel:
    """One project, by a service account."""

    name = "mixpanel"
    at_most_once = False

    def __init__(self, base: str, project: str, user: str, secret: str) -> None:
        login = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
        self._http = HttpClient(base, {"Authorization": login}, TIMEOUT_S)
        self._project = project

    async def send(self, events: list[Told]) -> Receipt:
        """Import events. Of a 400 the good ones were taken, the bad ones would be refused again."""
        receipt = Receipt("delivered")
        for begin in range(0, len(events), EVENTS_MAX):
            rows = [_row(one) for one in events[begin : begin + EVENTS_MAX]]
            answer = await self._http.request("POST", "/import", rows, {"strict": "1", "project_id": self._project})
            if answer.ok:
                continue
            if answer.status == PARTLY:
                failed = answer.body.get("failed_records", []) if isinstance(answer.body, dict) else []
                receipt = Receipt("failed", f"{len(failed)} of {len(rows)} events refused")
                continue
            said = answer.receipt()
            return said._replace(result="retry") if said.result == "unknown" else said
        return receipt

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def _row(told: Told) -> dict[str, object]:
    known = {"time": round(told.time * 1000), "distinct_id": told.who, "$insert_id": told.id}
    return {"event": told.name, "properties": {**told.facts, **known}}
