"""What each answer of a platform means for a delivery, against a real server."""

import asyncio

import pytest
from aiohttp import web

from sinks.platforms.http import Answer, HttpClient
from tests.support.fake_platform import Asked, FakePlatform, running
from tests.support.hook import running_hook
from tests.support.processes import free_port


def ask(status: int, headers: dict[str, str] | None = None, timeout_s: float = 5.0) -> Answer:
    """Ask a server once that answers so."""

    async def story() -> Answer:
        async with running_hook((status, headers or {})) as hook:
            client = HttpClient(hook.url, {"Authorization": "Bearer x"}, timeout_s)
            try:
                return await client.request("POST", "/there", {"a": 1})
            finally:
                await client.close()

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("status", "result", "limited"),
    [
        (200, "delivered", False), (204, "delivered", False), (301, "failed", False), (400, "failed", False), (401, "failed", False),
        (404, "failed", False), (409, "retry", False), (429, "retry", True), (500, "unknown", False), (502, "unknown", False),
        (503, "retry", False), (504, "unknown", False),
    ],
)  # fmt: skip
def test_a_status_says_whether_it_may_have_arrived(status: int, result: str, limited: bool) -> None:
    """A gateway's fault may hide a delivery; a refusal at the door does not."""
    receipt = ask(status).receipt()
    assert (receipt.result, receipt.detail, receipt.limited) == (result, str(status), limited)


def test_silence_and_a_cut_are_unknown_and_a_closed_door_is_not() -> None:
    """What was sent may have arrived; what nobody took has not."""

    async def nobody() -> Answer:
        client = HttpClient(f"http://127.0.0.1:{free_port()}", {})
        try:
            return await client.request("GET", "/")
        finally:
            await client.close()

    assert ask(-1, timeout_s=0.2).receipt().result == "unknown"
    assert ask(0).receipt().result == "unknown"
    assert asyncio.run(nobody()).receipt().result == "retry"


def test_the_platform_says_when_to_come_again() -> None:
    """Seconds of a Retry-After go into the receipt."""
    assert ask(429, {"Retry-After": "7"}).receipt().retry_after == 7.0


def test_a_long_answer_is_read_whole_up_to_its_bound() -> None:
    """It comes in many pieces, of which a single read gives the first; beyond the bound it is no JSON any more."""

    class Long(FakePlatform):
        async def authorised(self, asked: Asked) -> None:
            return None

        async def answer(self, asked: Asked) -> web.Response:
            return web.json_response({"found": ["x" * 1000] * 900})

    async def story() -> list[Answer]:
        async with running(Long()) as platform:
            clients = [HttpClient(platform.url, {}), HttpClient(platform.url, {}, answer_max=100_000)]
            try:
                return [await one.request("GET", "/") for one in clients]
            finally:
                for one in clients:
                    await one.close()

    whole, cut = asyncio.run(story())
    assert len(whole.body["found"]) == 900
    assert (cut.status, cut.body) == (200, None)
