"""Delivery: once only, replays refused, retries bounded, an outcome for each command."""

import asyncio
from collections.abc import Awaitable, Callable
from io import StringIO

import msgspec
import pytest
from aiohttp import web
from redis.asyncio import Redis
from standardwebhooks.webhooks import Webhook

from processors.commands import Command
from sinks.channel import Receipt
from sinks.channels.console import ConsoleChannel
from sinks.channels.webhook import WebhookChannel
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import ATTEMPTS_MAX, Dispatcher

pytestmark = pytest.mark.integration
COMMAND = Command(
    id="c1", target="town/ann", member="town/ann", community="town", channel="in_app", playbook="p", lane="proactive", resource="r",
    resource_version="1", locale="en", title="A guide", text="It helps.", because="you asked", priority="normal", not_before=0.0, expires=1e12,
)  # fmt: skip


class Scripted:
    """A channel that answers from a script and counts."""

    name, accepts_replay = "scripted", False

    def __init__(self, *results: str) -> None:
        self.results, self.calls = list(results), 0

    async def deliver(self, command: Command) -> Receipt:
        self.calls += 1
        await asyncio.sleep(0)
        return Receipt(self.results[min(self.calls, len(self.results)) - 1])  # type: ignore[arg-type]

    async def close(self) -> None:
        """Nothing."""


async def no_wait(_seconds: float) -> None:
    """Retries without waiting."""
    await asyncio.sleep(0)


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on a fresh database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


def dispatcher(channel: Scripted | WebhookChannel | ConsoleChannel, redis: Redis, owner: str = "a") -> Dispatcher:
    """A dispatcher that does not wait."""
    return Dispatcher(channel, DeliveryRecord(redis, owner), lambda _command: 1.0, no_wait)


def test_many_dispatchers_deliver_each_command_once(redis_url: str) -> None:
    """Whoever claims delivers; all others find it done."""

    async def story(redis: Redis) -> None:
        channel = Scripted("delivered")
        commands = [msgspec.structs.replace(COMMAND, id=f"c{number}") for number in range(30)]
        outcomes = await asyncio.gather(
            *(dispatcher(channel, redis, owner).dispatch(one) for owner in "abc" for one in commands)
        )
        assert channel.calls == 30
        assert sum(1 for one in outcomes if one) == 30

    run(redis_url, story)


def test_a_claim_of_a_dead_process_expires(redis_url: str) -> None:
    """After the lease another delivers; within it nobody does."""

    async def story(redis: Redis) -> None:
        dead = DeliveryRecord(redis, "dead", lease_s=0.2)
        assert await dead.claim("c1") == "mine"
        other = DeliveryRecord(redis, "other")
        assert await other.claim("c1") == "others"
        while await other.claim("c1") != "mine":  # noqa: ASYNC110  (Redis ends the lease, nothing here could tell)
            await asyncio.sleep(0.05)
        assert not await dead.finish("c1", "delivered")
        assert await other.finish("c1", "delivered")
        assert await dead.claim("c1") == "done"

    run(redis_url, story)


@pytest.mark.parametrize(
    ("changes", "results", "kind", "calls", "dead"),
    [
        ({}, ("retry", "retry", "delivered"), "delivered", 3, False),
        ({}, ("retry",), "failed", ATTEMPTS_MAX, True),
        ({}, ("failed",), "failed", 1, True),
        ({"replay": True}, ("delivered",), "failed", 0, False),
        ({"expires": 0.5}, ("delivered",), "failed", 0, False),
    ],
)
def test_each_command_comes_to_an_end(
    redis_url: str, changes: dict[str, object], results: tuple[str, ...], kind: str, calls: int, dead: bool
) -> None:
    """Retry until delivered or given up; replays and what has expired are refused before the channel."""

    async def story(redis: Redis) -> None:
        channel = Scripted(*results)
        outcome = await dispatcher(channel, redis).dispatch(msgspec.structs.replace(COMMAND, **changes))
        assert outcome is not None
        assert (outcome.kind, channel.calls, outcome.dead) == (kind, calls, dead)

    run(redis_url, story)


def test_the_webhook_is_signed_and_its_answers_are_understood(redis_url: str) -> None:
    """A real server verifies the signature; 503 is tried again, 400 is final."""

    async def story(redis: Redis) -> None:
        statuses, bodies = [503, 200, 400], []

        async def receive(request: web.Request) -> web.Response:
            body = await request.text()
            Webhook("c2VjcmV0LXNlY3JldC1zZWNyZXQ=").verify(body, dict(request.headers))
            bodies.append((request.headers["webhook-id"], body))
            return web.Response(status=statuses[len(bodies) - 1])

        application = web.Application()
        application.router.add_post("/hook", receive)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        channel = WebhookChannel(f"http://127.0.0.1:{port}/hook", "secret-secret-secret")
        first = await dispatcher(channel, redis).dispatch(COMMAND)
        second = await dispatcher(channel, redis).dispatch(msgspec.structs.replace(COMMAND, id="c2"))
        await channel.close()
        await runner.cleanup()
        assert [one[0] for one in bodies] == ["c1", "c1", "c2"]
        assert msgspec.json.decode(bodies[0][1], type=Command) == COMMAND
        assert first is not None
        assert second is not None
        assert (first.kind, second.kind, second.dead) == ("delivered", "failed", True)

    run(redis_url, story)


def test_the_console_prints_one_line_and_obeys_no_control_character() -> None:
    """Who, what and why; escape sequences are shown as such."""
    out = StringIO()
    asyncio.run(ConsoleChannel(out).deliver(msgspec.structs.replace(COMMAND, title="A\x1b[2J\nguide")))
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()
    assert "because you asked" in out.getvalue()
