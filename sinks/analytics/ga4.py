"""Google Analytics 4, Measurement Protocol: each event at most once, since a repetition counts twice and no answer says anything.

Its answers are 2xx also for nonsense, so events are checked here against its limits before they go.
"""

import re

from sinks.analytics.told import Told
from sinks.channel import Receipt
from sinks.platforms.http import HttpClient

# developers.google.com/analytics/devguides/collection/protocol/ga4, limitations.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
PARAMS_MAX, VALUE_MAX = 25, 100
BACKDATED_MAX_S = 72 * 3600


class Ga4:
    """One web stream."""

    name = "ga4"
    at_most_once = True

    def __init__(self, base: str, measurement: str, secret: str) -> None:
        self._http, self._query = HttpClient(base, {}), {"measurement_id": measurement, "api_secret": secret}

    async def send(self, events: list[Told]) -> Receipt:
        """Tell each event in a request of its own, since a request concerns one client. After a first silence the rest is left out."""
        failed, silent = 0, False
        for one in events:
            answer = None if silent else await self._http.request("POST", "/mp/collect", body(one), self._query)
            failed += answer is None or not answer.ok
            silent = silent or (answer is not None and answer.status == 0)
        return (
            Receipt("failed", f"{failed} of {len(events)} events without an answer") if failed else Receipt("delivered")
        )

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def body(told: Told) -> dict[str, object]:
    """Return the request of one event. Raises `ValueError` where it is outside the limits."""
    params = {name: value[:VALUE_MAX] for name, value in told.facts.items()}
    params |= {"session_id": str(int(told.time) // 1800), "engagement_time_msec": "1"}
    if len(params) > PARAMS_MAX or not all(NAME.fullmatch(name) for name in (told.name, *params)):
        raise ValueError(f"{told.name}: outside the limits of GA4")
    return {
        "client_id": told.who, "timestamp_micros": round(told.time * 1_000_000), "non_personalized_ads": True,
        "events": [{"name": told.name, "params": params}],
    }  # fmt: skip
