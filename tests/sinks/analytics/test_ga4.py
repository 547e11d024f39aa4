"""GA4's Measurement Protocol: within its limits, each event once."""

import asyncio

import orjson
import pytest
from aiohttp import web

from sinks.analytics.ga4 import Ga4, body
from sinks.analytics.told import Told
from sinks.channel import Receipt
from tests.support.fake_platform import Asked, FakePlatform, Fault, running
from tests.support.shared_data import requires_payloads, shared_payloads

TOLD = Told("i", "lotse_outcome", "0123456789abcdef", 1767225600.5, {"outcome": "helpful", "playbook": "first-steps"})


class FakeGa4(FakePlatform):
    """Answers 204 whatever comes."""

    async def authorised(self, asked: Asked) -> web.Response | None:
        return None

    async def answer(self, asked: Asked) -> web.Response:
        assert asked.query == {"measurement_id": "G-1", "api_secret": "secret"}
        self.seen.append(asked.body)
        return web.Response(status=204)


def tell(*events: Told, faults: tuple[Fault, ...] = ()) -> tuple[Receipt, FakeGa4]:
    """Tell events once."""

    async def story() -> tuple[Receipt, FakeGa4]:
        async with running(FakeGa4()) as platform:
            platform.faults = list(faults)
            ga4 = Ga4(platform.url, "G-1", "secret")
            try:
                return await ga4.send(list(events)), platform
            finally:
                await ga4.close()

    return asyncio.run(story())


def test_each_event_goes_once_for_its_client() -> None:
    """A second one's fault repeats none; after silence the rest is left out."""
    receipt, platform = tell(TOLD, TOLD, TOLD, faults=("", "500 after"))
    assert (receipt, len(platform.seen)) == (Receipt("failed", "1 of 3 events without an answer"), 3)
    receipt, platform = tell(TOLD, TOLD, TOLD, faults=("cut",))
    assert (receipt, len(platform.asked)) == (Receipt("failed", "3 of 3 events without an answer"), 1)
    assert Ga4.at_most_once


def test_what_is_outside_the_limits_does_not_go() -> None:
    """GA4 would drop it without a word."""
    with pytest.raises(ValueError, match="limits"):
        body(TOLD._replace(facts={"a-b": "1"}))
    with pytest.raises(ValueError, match="limits"):
        body(TOLD._replace(facts={f"n{number}": "1" for number in range(30)}))
    assert len(str(body(TOLD._replace(facts={"long": "x" * 500})))) < 500


@requires_payloads()
def test_the_body_has_the_documented_fields() -> None:
    """As the example after Google's description."""
    example = orjson.loads((shared_payloads() / "ga4" / "request_collect.json").read_bytes())
    made = body(TOLD)
    assert set(made) <= set(example)
    assert {type(value) for value in made.values()} <= {type(value) for value in example.values()}
