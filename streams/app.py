"""The worker put together: stages, engine, catalog feed, metrics and probes. Nothing runs on import."""

import time
from dataclasses import dataclass, field
from typing import NoReturn

from processors.detectors import prepare
from processors.events import Event
from processors.version import VERSION
from processors.vocabulary import Tick
from streams.agents.announcements import AnnouncementStage
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.catalog.feed import CatalogFeed
from streams.codec import Codec
from streams.encoder import read_encoder
from streams.runtime.engine import Engine, create_engine
from streams.runtime.settings import EngineSettings
from streams.servers import broker_access
from streams.settings import Settings
from streams.telemetry import known_series
from streams.telemetry.catalog_meter import CatalogMeter
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import LAG, REGISTRY, Meter
from streams.topics import ACTIVITY

STAGES = (MemberStage, CommunityStage, AnnouncementStage)  # of every worker; their changelogs are in the topic plan


@dataclass(frozen=True)
class Worker:
    """A detection worker, not running yet."""

    settings: Settings
    engine: Engine
    feed: CatalogFeed
    catalog_meter: CatalogMeter = field(default_factory=CatalogMeter)

    def run(self) -> NoReturn:
        """Read the catalog topic, answer probes, run until told to stop."""
        self.feed.load()
        self.feed.follow()
        health = self.engine.health
        probes = {"live": lambda: health().live, "ready": lambda: health().ready, "startup": lambda: health().started}
        serve(self.settings.health_address, REGISTRY, probes, health, self._refresh)
        self.engine.run()

    def _refresh(self) -> None:
        for one in self.engine.health().partitions:
            if one.lag is not None:
                LAG.labels(one.topic, str(one.partition)).set(one.lag)
        self.catalog_meter.show(self.feed.latest, time.time())


def create_worker(settings: Settings) -> Worker:
    """Return a worker for these settings."""
    codec, meter = Codec(settings.control()), Meter(time.time)
    feed = CatalogFeed(settings.bootstrap, lambda catalog: prepare(catalog.policies.values()))
    known_series.of_worker()
    encoder = read_encoder(settings.word_vectors)
    stages = (
        MemberStage(settings.partitions, feed, codec, meter),
        CommunityStage(settings.partitions, codec, meter, encoder),
        AnnouncementStage(settings.partitions, codec, meter),
    )

    def make_tick(topic: str, partition: int, now: float) -> tuple[bytes, bytes] | None:
        if topic != ACTIVITY:  # the community stage gets its time from the member stage; announcements need none
            return None
        event = Event(f"tick/{partition}/{now:.3f}", "tick", f"@{partition}", now, Tick(code=VERSION))
        return event.key.encode(), codec.encode(event)

    return Worker(settings, create_engine(engine_settings(settings), stages, meter, make_tick), feed)


def engine_settings(settings: Settings) -> EngineSettings:
    """Return what the engine needs to know."""
    return EngineSettings(
        bootstrap=settings.bootstrap,
        credentials=broker_access.credentials(settings),
        application=settings.app,
        worker=settings.worker,
        partitions=settings.partitions,
        replication_factor=settings.replication,
        checkpoint_s=settings.checkpoint_s,
        tick_s=settings.tick_s or None,
        store="rocksdb" if settings.store == "rocksdb" else "memory",
        store_dir=settings.store_dir or None,
        session_timeout_s=settings.session_timeout_s,
        max_poll_records=settings.chunk_records,
        idempotent=settings.idempotent,
        loglevel="WARN",
        failpoint=settings.failpoint or None,
        failpoint_after_s=settings.failpoint_after_s,
        failpoint_action="stop" if settings.failpoint_action == "stop" else "kill",
    )
