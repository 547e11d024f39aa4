"""The delivery process: one delivery for each of its channels, and what they share."""

import asyncio
import logging
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sinks.analytics.told import Analytics
from sinks.cancelling import end
from sinks.channel import Channel
from sinks.routing import Router
from streams.codec import Codec
from streams.control import ControlFeed
from streams.delivery.analytics import AnalyticsFeed
from streams.delivery.one_channel import Delivery, Surroundings
from streams.errors import UNREACHABLE, UserError
from streams.runtime.quiet import quieten_clients
from streams.servers import store_access
from streams.servers.log_reader import partition_count
from streams.servers.store import connect
from streams.settings import Settings
from streams.telemetry.delivery_meter import DeliveryMeter
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import REGISTRY
from streams.telemetry.spans import open_spans
from streams.topics import ACTIVITY, CONTROL

STORE_S = 5.0  # for an answer of the store
SHOW_S = 0.5  # between two looks at what is under way
STORE_LOOK_S = 2.0  # between two looks at what the store has thrown away
log = logging.getLogger("lotse.delivery")
TURN_MAX_S = 300.0  # a loop that has not turned for so long is dead


def store(url: str) -> Redis:
    """Return a client of the store."""
    return connect(url, STORE_S)


class DeliveryProcess:
    """Runs channels side by side. `router` knows all channels of the deployment, those of other processes too."""

    def __init__(
        self,
        settings: Settings,
        channels: Sequence[Channel],
        router: Router,
        redis: Redis,
        analytics: Sequence[Analytics] = (),
    ) -> None:
        self._settings, self._redis = settings, redis
        codec, self._meter = Codec(settings.control()), DeliveryMeter("")
        self._control = ControlFeed(settings.bootstrap, codec, self._wake, lambda why: self._meter.dead(CONTROL, why))
        self._spans = open_spans("deliver", settings)
        around = Surroundings(settings, codec, redis, self._control, router, self._fail, self._spans)
        self._deliveries = [Delivery(around, one) for one in channels]
        self._feeds = [AnalyticsFeed(settings, codec, one) for one in analytics]
        self._facts = {
            "channels": [*(one.name for one in channels), *(one.name for one in analytics)],
            "store": "answers",
        }
        self._stopped = asyncio.Event()
        self._error: BaseException | None = None

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; attempts under way are brought to their end first. Raises `UserError`."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(one, self._stopped.set)
        quieten_clients(stacks=False)
        self._answer()
        await self._control.load()
        await asyncio.to_thread(self._check_partitions)
        await self._ask_store()
        following = [asyncio.create_task(work) for work in (self._control.follow(), self._show(), self._watch_store())]
        for task in following:
            task.add_done_callback(lambda done: None if done.cancelled() else self._fail(done.exception()))
        try:
            parts: list[Delivery | AnalyticsFeed] = [*self._deliveries, *self._feeds]
            ended = await asyncio.gather(*(self._run(one) for one in parts), return_exceptions=True)
        finally:
            await end(following)
            await self._redis.aclose()
            await asyncio.to_thread(self._spans.close)
        error = self._error or next((one for one in ended if isinstance(one, BaseException)), None)
        if error is not None:
            raise error

    async def _run(self, one: Delivery | AnalyticsFeed) -> None:
        try:
            await one.run(self._stopped)
        finally:
            self._stopped.set()  # whatever ends one ends all: a process with half of its channels would look well

    def _check_partitions(self) -> None:
        """See that the member log has the partitions that the settings say: with an outcome on another one a member would be two."""
        found = partition_count(self._settings.bootstrap, ACTIVITY)
        if found != self._settings.partitions:
            raise UserError(
                f"{ACTIVITY} has {found} partitions, LOTSE_PARTITIONS says {self._settings.partitions}: nothing was delivered"
            )

    async def _ask_store(self) -> None:
        try:
            await self._redis.ping()
        except RedisError as error:
            await self._redis.aclose()
            raise UserError(store_access.said(error, self._settings.redis), UNREACHABLE) from None

    def _fail(self, error: BaseException | None) -> None:
        """End the process by an error that nothing here can mend; its commands stay without an end, and are read again."""
        self._error = self._error or error
        self._stopped.set()

    def _wake(self) -> None:
        for one in self._deliveries:
            one.wake()

    def _answer(self) -> None:
        """Answer /metrics and the probes; ready while all read and the store answers, alive while all loops turn."""

        def reading() -> bool:
            return all(one.reading for one in self._deliveries)

        probes = {
            "live": lambda: all(time.monotonic() - one.turned < TURN_MAX_S for one in self._deliveries),
            "ready": lambda: reading() and self._facts["store"] == "answers" and not self._stopped.is_set(),
            "startup": reading,
        }  # fmt: skip
        serve(self._settings.health_address, REGISTRY, probes, lambda: self._facts, lambda: None)

    async def _show(self) -> None:
        """Bring gauges up to date: sums over the channels, of each partition the furthest behind."""
        while True:
            self._meter.holding(sum(one.held for one in self._deliveries), sum(one.paused for one in self._deliveries))
            self._meter.orders(self._control.orders.standing(time.time()))
            furthest: Counter[tuple[str, int]] = Counter()
            for one in self._deliveries:
                for where, records in one.behind().items():
                    furthest[where] = max(furthest[where], records)
            for (topic, partition), records in furthest.items():
                self._meter.behind(topic, partition, records)
            await asyncio.sleep(SHOW_S)

    async def _watch_store(self) -> None:
        """Say when the store goes and comes back, and show how many keys it has thrown away: each may be a command that is delivered twice."""
        while True:
            try:
                self._meter.evicted(int((await self._redis.info("stats")).get("evicted_keys", 0)))
            except RedisError as error:
                if self._facts["store"] != "away":
                    log.warning(
                        "%s; nothing is delivered until it answers", store_access.said(error, self._settings.redis)
                    )
                self._facts["store"] = "away"
            else:
                if self._facts["store"] == "away":
                    log.info("the store answers again")
                self._facts["store"] = "answers"
            await asyncio.sleep(STORE_LOOK_S)
