"""`lotse gateway`: the HTTP doors as one process; a request is answered when its events are acknowledged, or told why not."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, get_args

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from processors.events import Event
from processors.vocabulary import ANNOUNCED
from sinks.action_tokens import ActionTokens
from streams.codec import KEY_MAX, Codec
from streams.errors import UserError
from streams.gateway import answers
from streams.gateway.allowances import Allowances
from streams.gateway.api_keys import ApiKeys
from streams.gateway.bodies import DisconnectedError, Guest, Room, check_depth, check_fields, read_body, unpacked
from streams.gateway.callers import Caller, Callers
from streams.gateway.children import Children
from streams.gateway.cloud_event_requests import documents_of
from streams.gateway.documents import NoJsonError, parse
from streams.gateway.doors import EVENTS, Door, read_doors
from streams.gateway.identities import Address, Identities, Link, Unsure, confidence_of, known_as, named
from streams.gateway.meter import GatewayMeter
from streams.gateway.openapi import document
from streams.gateway.payloads import Delivery, Mapped
from streams.gateway.presses import event_of, pressers
from streams.gateway.protocol import BoundedProtocol
from streams.gateway.refusals import Reason, RefusedError, away
from streams.gateway.replays import Replays
from streams.gateway.signatures import Request
from streams.gateway.sources import read
from streams.gateway.store import connect
from streams.gateway.verified_addresses import addresses
from streams.gateway.writer import Record, Writer
from streams.runtime.garbage import spare_states
from streams.runtime.quiet import pass_over_failed_batches, quieten_clients
from streams.settings import Settings
from streams.telemetry import known_series
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import REGISTRY
from streams.telemetry.spans import open_spans
from streams.topics import ACTIVITY, ANNOUNCEMENTS
from streams.trace_context import Headers, as_headers, taken

REQUESTS_MAX = 1000  # under way at once; one more is sent away
WRITE_MIN_S = 0.2  # for the broker, where the store has taken most of what the platform waits
KEEP_ALIVE_S, STOP_S = 75, 20
TURN_MAX_S = 60.0  # a loop that has not turned for so long is dead
NO_DOOR = "none"
log = logging.getLogger("lotse.gateway")


class Gateway:
    """The doors, and what they need: a writer to the broker, a store, keys."""

    def __init__(self, settings: Settings, redis: str, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._settings, self._codec = settings, Codec(settings.control())
        self._doors = read_doors(settings)
        self._redis = connect(redis)
        self._meter = GatewayMeter()
        known_series.of_gateway((EVENTS, *(name for name, one in self._doors.items() if one.secrets)), get_args(Reason))
        self._keys = ApiKeys(self._redis, settings.app)
        self._callers = Callers(self._keys, settings.gateway_url, clock)
        self._allowances, self._replays = Allowances(self._redis, settings.app), Replays(self._redis, settings.app)
        self._writer = Writer(settings.bootstrap, settings.partitions, self._meter.written)
        self._identities, self._unsure = Identities(self._redis, settings.app, settings.control()), Unsure()
        self._children = Children(self._redis, settings.app, settings.control(), clock)
        self._spans = open_spans("gateway", settings)
        self._tokens = ActionTokens(settings.action_keys())
        self._room, self._under_way, self._turned = Room(), 0, time.monotonic()

    def app(self) -> Starlette:
        """Return the doors as an ASGI application; `start` must have been called on its loop."""
        routes = [
            Route("/events", _Door(self, EVENTS), methods=["POST", "OPTIONS"]),
            Route("/in/{door}", _Door(self), methods=["POST"]),
            Route("/in/{door}/{secret}", _Door(self), methods=["POST"]),
            Route("/openapi.json", _document(self._doors)),
            Route("/live", _Probe(lambda: True)),
            Route("/ready", _Probe(lambda: self._writer.ready)),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _no_door})

    def start(self) -> None:
        """Begin to look for the broker."""
        self._writer.start()

    async def stop(self) -> None:
        """Write what waits, and end."""
        await self._writer.close()
        await self._redis.aclose()
        await asyncio.to_thread(self._spans.close)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `UserError` where the port is taken or the topics do not fit."""
        quieten_clients(stacks=False)
        asyncio.get_running_loop().set_exception_handler(pass_over_failed_batches)
        self._answer_probes()
        host, _, port = self._settings.gateway_address.rpartition(":")
        config = uvicorn.Config(
            self.app(), host or "127.0.0.1", int(port), http=BoundedProtocol, ws="none", lifespan="off", log_config=None,
            access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE_S, timeout_graceful_shutdown=STOP_S,
        )  # fmt: skip
        server = _Server(config)
        self.start()
        spare_states()  # a full collection walks through all modules: some 50 ms in which nobody is answered
        watching = asyncio.create_task(self._watch(server))
        try:
            await server.serve()
        except SystemExit:  # uvicorn's word for a port that is taken; it has logged why
            address = self._settings.gateway_address
            raise UserError(f"LOTSE_GATEWAY_ADDRESS {address}: the port is taken or not ours; choose another") from None
        finally:
            watching.cancel()
            await self.stop()
        if self._writer.misfit:
            raise UserError(self._writer.misfit)

    async def answer(self, name: str, secret: str, scope: Scope, receive: Receive) -> Response:
        """Return the answer to one request, whatever it is."""
        door, began = self._doors.get(name), time.monotonic()
        shown = name if door is not None else NO_DOOR
        self._under_way += 1
        with self._spans.request(shown, taken(scope["headers"])) as exchange:
            try:
                response = await self._taken(door, secret, scope, receive, exchange.trace)
            except RefusedError as refusal:
                self._meter.refused(shown, refusal.reason)
                response = refusal.response()
            except DisconnectedError:
                response = Response(status_code=400)
            finally:
                self._under_way -= 1
            exchange.answered(response.status_code)
        self._meter.answered(shown, response.status_code, time.monotonic() - began)
        return response

    async def _taken(self, door: Door | None, secret: str, scope: Scope, receive: Receive, trace: bytes) -> Response:
        if door is None:
            raise RefusedError(404, "nothing_here", "no such door; expected /events or /in/<source>")
        if self._under_way > REQUESTS_MAX:
            raise away("busy", "too many requests at once", 1)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] == "OPTIONS":
            return _handshake(headers)
        with Guest(self._room) as guest:
            raw = await read_body(receive, headers, guest)
            caller = await self._callers.identify(
                door, Request(raw, headers, scope["method"], _uri(scope, headers)), secret
            )
            content = unpacked(raw, headers.get("content-encoding", ""), guest)
            source, documents, faults = _documents(door, content, headers)
            return answers.challenge(source, documents) or await self._told(
                door, caller, source, documents, faults, headers, trace
            )

    async def _told(
        self,
        door: Door,
        caller: Caller,
        source: str,
        documents: list[Any],
        faults: list[str],
        headers: Mapping[str, str],
        trace: bytes,
    ) -> Response:
        now, until = self._clock(), time.monotonic() + door.limit_s
        delivery = Delivery(source=source, community=caller.community, received=now, headers=headers)
        mapped = read(documents, delivery, door.mapping)
        mapped.errors.extend(faults)
        mapped.errors.extend(f"a member's id of more than {KEY_MAX} bytes" for one in mapped.events if _too_long(one))
        strict = door.name == EVENTS  # our own words: all or nothing
        if mapped.errors and (strict or not (mapped.events or mapped.ignored or mapped.presses)):
            self._meter.taken(door.name, Mapped([], [], mapped.errors))
            shown = mapped.errors[: answers.ERRORS_SHOWN]
            raise RefusedError(422, "invalid", "nothing was taken: what was sent is not as it must be", errors=shown)
        if caller.rate:
            await self._allowances.spend(caller.name, max(1, len(mapped.events)), caller.rate)
        async with self._replays.once(door.name, caller.signed) if caller.signed else nullcontext():
            records = await self._records(door, mapped, addresses(delivery, documents), now, trace)
            await self._writer.write(records, max(WRITE_MIN_S, until - time.monotonic()))
        self._meter.taken(door.name, mapped)
        return answers.taken(source, documents, mapped, 202 if strict else 200)

    async def _records(
        self, door: Door, mapped: Mapped, proofs: list[Address], now: float, trace: bytes
    ) -> list[Record]:
        """Return what is written: each event under the key of whom it is, with how sure that is."""
        if proofs:
            await self._identities.proved(proofs)
        keys = [key for event in mapped.events for key in named(event)]
        links = await self._identities.members([*keys, *pressers(mapped.presses)])
        members = {key: link.member for key, link in links.items()}
        for press in mapped.presses:
            found = event_of(press, self._tokens, members, now)
            if isinstance(found, Event):
                mapped.events.append(found)
            else:
                mapped.ignored.append(found.reason)
        events = [event for event in mapped.events if not _too_long(event)]
        left = await self._children.without(events, [members.get(one.key, one.key) for one in events])
        mapped.ignored.extend("child" for one in left if one is None)
        events = mapped.events[:] = [one for one in left if one is not None]
        all_of_them, carried = (*self._unsure.events(events), *events), as_headers(trace)
        return [self._record(door, one, links.get(one.key), members, carried) for one in all_of_them]

    def _record(self, door: Door, event: Event, link: Link | None, members: dict[str, str], carried: Headers) -> Record:
        topic = ANNOUNCEMENTS if event.type in ANNOUNCED and "/" not in event.key else ACTIVITY
        confidence = confidence_of(event.key) if link is None else link.confidence
        if members:
            event = known_as(event, members)
        return Record(topic, event.key.encode(), self._codec.encode(event, f"/in/{door.name}", confidence), carried)

    def _answer_probes(self) -> None:
        probes = {
            "live": lambda: time.monotonic() - self._turned < TURN_MAX_S, "ready": lambda: self._writer.ready, "startup": lambda: True,
        }  # fmt: skip
        facts = {"doors": sorted(name for name, door in self._doors.items() if door.secrets)}
        serve(
            self._settings.health_address, REGISTRY, probes, lambda: facts,
            lambda: self._meter.pending(self._writer.pending_bytes),
        )  # fmt: skip

    async def _watch(self, server: uvicorn.Server) -> None:
        while True:
            self._turned = time.monotonic()
            if self._writer.misfit:
                server.should_exit = True
            await asyncio.sleep(0.5)


class _Server(uvicorn.Server):
    """uvicorn's server, which ends well when told to: its own would raise the signal again once it has stopped."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop taking requests at SIGTERM and SIGINT."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(one, self.handle_exit, one, None)
        yield


class _Door:
    """One door as an ASGI application: no more than what a request needs, as this is the hot path."""

    def __init__(self, gateway: Gateway, name: str = "") -> None:
        self._gateway, self._name = gateway, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["path_params"]
        response = await self._gateway.answer(
            self._name or found.get("door", ""), found.get("secret", ""), scope, receive
        )
        await response(scope, receive, send)


class _Probe:
    def __init__(self, well: Any) -> None:
        self._well = well

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=200 if self._well() else 503)(scope, receive, send)


def _documents(door: Door, content: bytes, headers: Mapping[str, str]) -> tuple[str, list[Any], list[str]]:
    """Return the source that reads a body, its documents, and faults of single lines. Raises `RefusedError`."""
    check_fields(content)
    try:
        if door.name == EVENTS:
            source, documents, faults = documents_of(content, headers)
        else:
            found = parse(content, headers.get("content-type", ""))
            source, documents, faults = door.source, found.bodies, found.faults
    except NoJsonError as error:
        raise RefusedError(400, "body", str(error)) from None
    check_depth(content, documents)
    return source, documents, faults


def _too_long(event: Event) -> bool:
    return len(event.key) > KEY_MAX // 4 and len(event.key.encode()) > KEY_MAX


def _document(doors: Mapping[str, Door]) -> Callable[[Any], Response]:
    told = Response(orjson.dumps(document(name for name in doors if name != EVENTS)), media_type="application/json")
    return lambda _request: told


def _uri(scope: Scope, headers: Mapping[str, str]) -> str:
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return f"{scope['scheme']}://{headers.get('host', '')}{path}{'?' + query if query else ''}"


def _handshake(headers: Mapping[str, str]) -> Response:
    """Answer CloudEvents' webhook handshake (HTTP 1.1 Web Hooks for Event Delivery 1.0.2): who asks may send."""
    origin = headers.get("webhook-request-origin")
    allowed = {"allow": "POST, OPTIONS"}
    if origin is not None:
        allowed |= {"webhook-allowed-origin": origin[:200], "webhook-allowed-rate": "*"}
    return Response(status_code=200, headers=allowed)


async def _no_door(_request: Any, error: Exception) -> Response:
    """Answer what is no door, and a method that no door takes, as everything else is refused."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 405:
        refusal = RefusedError(405, "method", "expected POST")
        response = refusal.response()
        response.headers["allow"] = "POST"
        return response
    return RefusedError(status, "nothing_here", "no such door; expected POST /events or /in/<source>").response()
