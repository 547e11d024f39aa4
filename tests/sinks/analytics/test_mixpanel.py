"""Mixpanel's import against a project on loopback, and its body against the published description."""

import asyncio
import base64
import re
from typing import Any

import pytest
import yaml
from aiohttp import web

from sinks.analytics.mixpanel import EVENTS_MAX, Mixpanel
from sinks.analytics.told import Told
from sinks.channel import Receipt
from tests.support.fake_platform import Asked, FakePlatform, Fault, running
from tests.support.shared_data import requires_payloads, shared_payloads


class FakeMixpanel(FakePlatform):
    """Keeps events by what it tells repetitions by; refuses `bad` names."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[Any, ...], Any] = {}

    async def authorised(self, asked: Asked) -> web.Response | None:
        right = "Basic " + base64.b64encode(b"service:secret").decode()
        return None if asked.headers.get("Authorization") == right else web.json_response({"error": "no"}, status=401)

    async def answer(self, asked: Asked) -> web.Response:
        assert asked.query == {"strict": "1", "project_id": "7"}
        assert len(asked.body) <= EVENTS_MAX
        failed = []
        for index, one in enumerate(asked.body):
            known = one["properties"]
            if known["time"] < 31_536_000_000 or not re.fullmatch(r"[A-Za-z0-9-]{1,36}", known["$insert_id"]):
                failed.append({"index": index, "message": "invalid"})
            else:
                self.kept[one["event"], known["time"], known["distinct_id"], known["$insert_id"]] = one
        body = {"num_records_imported": len(asked.body) - len(failed), "failed_records": failed}
        return web.json_response(body, status=400 if failed else 200)


def told(number: int = 1, at: float = 1767225600.0) -> Told:
    """An event."""
    return Told(f"00000000-0000-5000-8000-{number:012}", "lotse_decision", "0123456789abcdef", at, {"verdict": "send"})


def tell(events: list[Told], *faults: Fault, secret: str = "secret", times: int = 1) -> tuple[Receipt, FakeMixpanel]:
    """Tell events so often; the last receipt."""

    async def story() -> tuple[Receipt, FakeMixpanel]:
        async with running(FakeMixpanel()) as platform:
            platform.faults = list(faults)
            mixpanel = Mixpanel(platform.url, "7", "service", secret)
            try:
                for _ in range(times):
                    receipt = await mixpanel.send(events)
            finally:
                await mixpanel.close()
            return receipt, platform

    return asyncio.run(story())


def test_a_repetition_adds_nothing() -> None:
    """Also after an answer that got lost."""
    receipt, platform = tell([told(1), told(2)], "cut after", times=2)
    assert (receipt.result, len(platform.kept), len(platform.asked)) == ("delivered", 2, 2)


def test_many_go_in_portions() -> None:
    """None is larger than Mixpanel takes."""
    receipt, platform = tell([told(number) for number in range(EVENTS_MAX + 5)])
    assert (receipt.result, len(platform.kept), len(platform.asked)) == ("delivered", EVENTS_MAX + 5, 2)


@pytest.mark.parametrize("fault", ["429", "500", "503", "cut"])
def test_what_was_not_taken_is_told_again(fault: Fault) -> None:
    """A repetition is harmless."""
    assert tell([told()], fault)[0].result == "retry"


def test_what_is_refused_is_not() -> None:
    """The good ones of a refused request were taken; a wrong secret must be mended."""
    receipt, platform = tell([told(1), told(2, at=1.0)])
    assert (receipt, len(platform.kept)) == (Receipt("failed", "1 of 2 events refused"), 1)
    assert tell([told()], secret="wrong")[0].result == "failed"


@requires_payloads()
def test_the_body_is_what_mixpanel_publishes() -> None:
    """Each property that the description requires, of its kind."""
    described = yaml.safe_load((shared_payloads() / "mixpanel" / "openapi" / "ingestion.openapi.yaml").read_text())
    operation = described["paths"]["/import"]["post"]
    assert operation["operationId"] == "import-events"
    [event] = tell([told()])[1].asked[0].body
    assert {"time", "distinct_id", "$insert_id"} <= set(event["properties"])
    assert isinstance(event["event"], str)
