"""The in-app inbox over HTTP: items, a stream of changes, presses, and guides as data, for the script that platforms embed."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from html import unescape
from typing import Any

import msgspec
import orjson
from redis.exceptions import RedisError
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from processors.actions import SHOWN, Action, offered, offered_item, pressed
from processors.commands import ACTIONS, Command
from sinks.action_links import PATHS
from sinks.action_tokens import PUBLIC, TOKEN_MAX, TokenError
from sinks.inbox import Inbox
from streams.pages.action_pages import write
from streams.pages.guide import read_guide
from streams.pages.guide_pages import is_there
from streams.pages.inbox_watch import InboxWatch, TooManyError
from streams.pages.member_tokens import NotAMemberError, member_of
from streams.pages.site import Site, site_of, wishes
from streams.web.forms import read_body
from streams.web.guards import Allowance

VIA = "in_app"
PING_S = 15.0  # between two signs of life of a stream; proxies cut what is silent
LOOK_S = 60.0  # a stream looks by itself so often
STREAM_S = 900.0  # then the script comes again, so that replicas share the load
PER_S, BURST = 3.0, 60.0  # requests of one member
PLACE = re.compile(r"[^\x00-\x1f/]{1,200}")
_TAGS = re.compile(r"<[^>]+>")
_CLEARS = {"snooze_7d", "snooze_30d", "stop_kind", "stop_all"}
_REMOVES = {"dismissed", "not_helpful", "wrong_moment"}


class InboxDoor:
    """Answers for members whom the platform vouches for, from pages of `origins` alone."""

    def __init__(self, inbox: Inbox, watch: InboxWatch, secrets: Sequence[str], clock: Callable[[], float]) -> None:
        self._inbox, self._watch, self._secrets = inbox, watch, secrets
        self._allowance = Allowance(PER_S, BURST, clock)

    def mount(self, origins: Sequence[str]) -> Mount:
        """Return the routes, for these origins."""
        routes = [
            Route("/items", self._for_member(self._items), methods=["GET"]),
            Route("/stream", self._for_member(self._stream), methods=["GET"]),
            Route("/act", self._for_member(self._act), methods=["POST"]),
            Route("/guide/{resource}", self._for_member(self._guide), methods=["GET"]),
        ]
        cors = Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"], expose_headers=["retry-after"], max_age=3600,
        )  # fmt: skip
        return Mount("/inbox", routes=routes, middleware=[cors])

    def _for_member(
        self, answer: Callable[[Request, str], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            try:
                member = member_of(
                    token.strip() if scheme.lower() == "bearer" else "", self._secrets, site_of(request).now
                )
            except NotAMemberError as error:
                return _json(401, {"error": str(error)}, {"www-authenticate": "Bearer"})
            wait = self._allowance.wait(member)
            if wait:
                return _json(429, {"error": "too many requests"}, {"retry-after": str(int(wait) + 1)})
            try:
                return await answer(request, member)
            except (RedisError, OSError):
                return _json(503, {"error": "the inbox is away; come again"}, {"retry-after": "10"})

        return endpoint

    async def _items(self, request: Request, member: str) -> Response:
        return _json(200, await self._shown(request, member))

    async def _shown(self, request: Request, member: str) -> dict[str, Any]:
        site = site_of(request)
        found: dict[str, Any] = {"items": [], "pinned": []}
        for target in _targets(request, member):
            for command in await self._inbox.items(target, site.now):
                found["items" if target == member else "pinned"].append(item(site, command, member))
        door = Action("preferences", member, expires=int(site.now) + 86400)
        found["preferences"] = f"/{PATHS['preferences']}/{site.tokens.sign(door)}"
        return found

    async def _stream(self, request: Request, member: str) -> Response:
        targets = _targets(request, member)
        first = await self._shown(request, member)  # a fault is an answer, not a stream that ends

        async def told() -> AsyncIterator[bytes]:
            try:
                with self._watch.watching(targets) as changed:
                    async for part in self._changes(request, member, first, changed):
                        yield part
            except TooManyError:
                yield b"retry: 60000\n\n"

        return StreamingResponse(told(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _changes(
        self, request: Request, member: str, first: dict[str, Any], changed: asyncio.Event
    ) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        ends, fresh = loop.time() + STREAM_S, first
        while not self._watch.closing.is_set() and loop.time() < ends:
            yield b"event: items\ndata: " + orjson.dumps(fresh) + b"\n\n"
            look = loop.time() + LOOK_S
            while not changed.is_set() and loop.time() < look:
                try:
                    async with asyncio.timeout(PING_S):
                        await changed.wait()
                except TimeoutError:
                    yield b": \n\n"
            changed.clear()
            try:
                fresh = await self._shown(request, member)
            except (RedisError, OSError):
                return

    async def _act(self, request: Request, member: str) -> Response:
        """Do what a token of an item says; the member must be the one it is for."""
        site = site_of(request)
        try:
            body = msgspec.json.decode(await read_body(request, TOKEN_MAX + 100), type=_Press)
            action = site.tokens.read(body.token, site.now, *ACTIONS, *SHOWN)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _json(400, {"error": 'expected {"token": "..."}'})
        except TokenError as error:
            return _json(404, {"error": str(error)})
        if action.member != member:
            return _json(403, {"error": "this is not yours"})
        if not await write(site, pressed(action, site.now, VIA), action.action):
            return _json(503, {"error": "not saved; come again"}, {"retry-after": "10"})
        await self._clear(site, action)
        return _json(200, {"done": action.action})

    async def _clear(self, site: Site, action: Action) -> None:
        """Take away what the member has waved away; an offer of help stays until it is waved away itself."""
        if action.action in _REMOVES:
            await self._inbox.withdraw(action.member, [action.command])
        elif action.action in _CLEARS:
            commands = await self._inbox.items(action.member, site.now)
            of_kind = action.action == "stop_kind"
            gone = [
                one.id
                for one in commands
                if (one.kind == action.kind if of_kind else one.lane != "safety") or one.id == action.command
            ]
            await self._inbox.withdraw(action.member, gone)

    async def _guide(self, request: Request, _member: str) -> Response:
        site = site_of(request)
        resource = site.current.resources.get(request.path_params["resource"])
        if resource is None or resource.private or not is_there(resource, site.now):
            return _json(404, {"error": "no such guide"})
        locale, text = site.current.localised(resource, *wishes(request))
        guide = read_guide(text, "")
        steps = [
            {"id": one.id, "title": one.title, "text": _words(one.html),
             "ways": [{"label": way.label, "to": way.address.removeprefix("/")} for way in one.ways]}
            for one in guide.steps
        ]  # fmt: skip
        return _json(
            200, {"kind": resource.kind, "locale": locale, "title": text.title, "tree": guide.tree, "steps": steps}
        )


class _Press(msgspec.Struct):
    token: str


def item(site: Site, command: Command, member: str) -> dict[str, Any]:
    """Return an item as the script shows it. What is pinned for all has no actions: they would be pressed in another's name."""
    resource = site.current.resources.get(command.resource)
    public = command.channel in PUBLIC or command.member != member
    names = () if public else (*command.actions, *SHOWN)
    parts = [
        {"title": one.title, "text": one.text, "because": one.because, "open": _opens(site, offered_item(command, one), public=public)}
        for one in command.items
    ]  # fmt: skip
    return {
        "id": command.id, "title": command.title, "text": command.text, "because": command.because, "resource": command.resource,
        "kind": resource.kind if resource else "", "locale": command.locale, "priority": command.priority,
        "open": _opens(site, offered(command, "open"), public=public), "parts": parts,
        "tokens": {name: site.tokens.offer(command, name) for name in names if name != "open"},
    }  # fmt: skip


def _opens(site: Site, action: Action, *, public: bool) -> str:
    if public:
        return f"/guide/{action.resource}?lang={action.locale}"
    return f"/{PATHS['open']}/{site.tokens.sign(action)}"


def _targets(request: Request, member: str) -> list[str]:
    """Return whose items are looked at: the member's own, and those pinned in the place where they are."""
    place = request.query_params.get("place", "")
    community = member.partition("/")[0]
    return [member, f"{community}/#{place}"] if PLACE.fullmatch(place) else [member]


def _words(html: str) -> str:
    return unescape(_TAGS.sub("", html)).strip()


def _json(status: int, content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, "application/json")
