"""The poller between a Circle that enforces key, pages and plan, and a door that takes records as the gateway's does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from processors.events import Event
from sinks.addresses import AddressBook
from sinks.platforms.http import HttpClient
from streams.circle.poller import Done, Poller, chosen
from streams.circle.quota import Quota
from streams.errors import UserError
from streams.gateway.payloads import Delivery
from streams.gateway.sources import read
from tests.support.fake_apis import SECRET, FakeCircle
from tests.support.fake_platform import Asked, FakePlatform, running

T0 = 1767225600.0
ALL = ("members", "posts", "comments")
Story = Callable[[Poller, FakeCircle, "FakeDoor"], Awaitable[None]]


class FakeDoor(FakePlatform):
    """Reads what it gets by the real mapper; `seen` are the events."""

    opens = "opens"

    async def authorised(self, asked: Asked) -> web.Response | None:
        return None if asked.headers.get("X-Webhook-Secret") == self.opens else web.json_response({}, status=401)

    async def answer(self, asked: Asked) -> web.Response:
        if len(asked.body) > 60:  # smaller than the gateway's, to be met
            return web.json_response({}, status=413)
        mapped = read([asked.body], Delivery(source="circle", community="town", received=T0))
        self.seen += mapped.events
        return web.json_response({"events": len(mapped.events), "ignored": len(mapped.ignored)})


def at(seconds: float) -> str:
    """Return a time as Circle writes it."""
    return datetime.fromtimestamp(T0 + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def post(number: int, seconds: float) -> dict[str, Any]:
    """Return a post of the list, newer fields and nulls with it."""
    return {
        "id": number, "status": "published", "name": f"Post {number}", "created_at": at(seconds - 50), "published_at": at(seconds), "space_id": 5,
        "space_slug": "start", "user_id": 70, "user_email": "who@example.org", "body": {"id": 1, "body": "<p>How do I <b>begin</b>?</p>"}, "topics": None,
    }  # fmt: skip


def town() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of a community: posts newest first, members oldest first, comments newest first."""
    members = [
        {"id": 900 + n, "user_id": 70 + n, "email": "x@example.org", "created_at": at(100 * n), "profile_fields": []}
        for n in range(3)
    ]
    comments = [
        {"id": n, "body": {"body": "<p>Like this.</p>"}, "created_at": at(n), "user": {"id": 71}, "post": {"id": 3}}
        for n in (9, 8)
    ]
    return {
        "community_members": members,
        "posts": [post(n, 1000 + 60 * n) for n in range(150, 0, -1)],
        "comments": comments,
    }


def tell(
    redis_url: str,
    prefix: str,
    story: Story,
    *,
    token: str = SECRET,
    opens: str = "opens",
    allowed: int = 1000,
    plan: int = 5000,
) -> list[float]:
    """Run a story with a poller that begins at T0; return what it slept, in seconds."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run() -> None:
        redis = Redis.from_url(redis_url)
        async with running(FakeCircle(plan)) as circle, running(FakeDoor()) as door:
            circle.lists = town()
            asks = HttpClient(
                f"{circle.url}/api/admin/v2", {"Authorization": f"Bearer {token}"}, 5.0, answer_max=64 << 20
            )
            takes = HttpClient(door.url, {"X-Webhook-Secret": opens})
            poller = Poller(asks, takes, redis, prefix, Quota(redis, prefix, allowed), "town", since=T0 - 1,
                            clock=lambda: T0 + 5000, sleep=sleep)  # fmt: skip
            try:
                await story(poller, circle, door)
            finally:
                await asks.close()
                await takes.close()
                await redis.aclose()

    asyncio.run(run())
    return slept


def kinds(events: list[Event]) -> dict[str, int]:
    """Count events by type."""
    return {kind: sum(one.type == kind for one in events) for kind in {one.type for one in events}}


@pytest.mark.integration
def test_all_that_is_new_becomes_events_once(redis_url: str) -> None:
    """Over pages, in both orders; a second round writes what is new since, under ids that repeat for what is read twice."""

    async def story(poller: Poller, circle: FakeCircle, door: FakeDoor) -> None:
        assert await poller.round(ALL) == Done(155, 0)
        assert kinds(door.seen) == {"community.joined": 3, "post.created": 150, "post.replied": 2}
        said = next(one for one in door.seen if one.type == "post.created")
        assert (said.key, said.data.text, said.data.channel, said.data.title) == (
            "town/circle:70",
            "How do I begin?",
            "start",
            "Post 51",
        )
        circle.lists["posts"].insert(0, post(151, 11_000))
        before = len(circle.asked)
        await poller.round(ALL)
        assert len(circle.asked) - before == 3  # one page of each list
        assert len({one.id for one in door.seen}) == len(door.seen) == 156
        assert all(one.query["per_page"] == "100" for one in circle.asked)

    tell(redis_url, "poll-once", story)


@pytest.mark.integration
def test_a_member_is_known_by_the_number_of_direct_messages(redis_url: str) -> None:
    """Posts name a user, messages want the member: the list of members says both."""

    async def story(poller: Poller, _circle: FakeCircle, _door: FakeDoor) -> None:
        await poller.round(("members",))
        redis = Redis.from_url(redis_url)
        assert await AddressBook(redis, "poll-address").find("town/circle:71", "circle") == "901"
        await redis.aclose()

    tell(redis_url, "poll-address", story)


@pytest.mark.integration
def test_what_passes_is_waited_for(redis_url: str) -> None:
    """429, 500, 503, and the door away: later, longer each time, and nothing is lost or written twice."""

    async def story(poller: Poller, circle: FakeCircle, door: FakeDoor) -> None:
        circle.faults, door.faults = ["429", "500", "503"], ["503", "500"]
        await poller.round(("posts",))
        assert len({one.id for one in door.seen}) == len(door.seen) == 150

    slept = tell(redis_url, "poll-faults", story)
    assert [one for one in slept if one >= 60] == [60, 120, 240]


@pytest.mark.integration
def test_the_months_requests_are_never_exceeded(redis_url: str) -> None:
    """Four requests for two lists of two pages: the round ends, and goes on where it was; what Circle does not count is not counted."""

    async def story(poller: Poller, circle: FakeCircle, door: FakeDoor) -> None:
        circle.lists["posts"] = [post(n, 1000 + 60 * n) for n in range(450, 0, -1)]
        circle.faults = ["500"]
        done = await poller.round(("posts",))
        assert done.spent
        assert circle.spent == 4
        assert (await poller.round(("posts",))).spent
        assert circle.spent == 4
        poller._quota.allowed = 8  # the next month
        await poller.round(("posts",))
        assert len({one.id for one in door.seen}) == 450
        assert circle.spent == 6  # the page that was to come, one earlier to be sure

    tell(redis_url, "poll-quota", story, allowed=4)


@pytest.mark.integration
def test_a_kill_between_pages_costs_a_page(redis_url: str) -> None:
    """What is kept is behind what the door has taken: another poller goes on, all is written, repeats have the same ids."""

    async def story(poller: Poller, circle: FakeCircle, door: FakeDoor) -> None:
        door.failing, door.faults = "/", []
        circle.faults = []
        taken = door.answer

        async def dies(asked: Asked) -> web.Response:
            if door.seen:
                raise asyncio.CancelledError
            return await taken(asked)

        door.answer = dies  # type: ignore[method-assign]
        with pytest.raises((UserError, asyncio.CancelledError)):
            await poller.round(("posts",))
        door.answer = taken  # type: ignore[method-assign]
        await poller.round(("posts",))
        assert {one.data.title for one in door.seen} == {f"Post {number}" for number in range(1, 151)}
        assert len({one.id for one in door.seen}) == 150

    tell(redis_url, "poll-kill", story)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("given", "message"),
    [({"token": "wrong"}, "Admin V2"), ({"opens": "wrong"}, "LOTSE_GATEWAY_SECRETS")],
)
def test_who_is_refused_is_told_how_to_mend_it(redis_url: str, given: dict[str, str], message: str) -> None:
    """A wrong token costs one request, not the month's."""

    async def story(poller: Poller, circle: FakeCircle, _door: FakeDoor) -> None:
        with pytest.raises(UserError, match=message):
            await poller.round(ALL)
        assert len(circle.asked) == 1

    tell(redis_url, f"poll-refused-{message}", story, **given)


def test_what_to_read_is_checked() -> None:
    """A wrong word names the right ones."""
    assert chosen([]) == ALL
    assert chosen(["posts"]) == ("posts",)
    with pytest.raises(UserError, match="members, posts, comments"):
        chosen(["post"])
