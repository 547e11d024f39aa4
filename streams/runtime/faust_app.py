"""The Faust app with the settings that the engine relies on."""

import logging
import tempfile
from pathlib import Path
from typing import Any

import faust
from aiokafka.record import default_records
from faust.types import TP

from streams.runtime.chunks import chunk_scheduler
from streams.runtime.settings import EngineSettings
from streams.runtime.tables import StateTable

log = logging.getLogger("lotse.engine")


class _App(faust.App):  # type: ignore[misc]  # Faust has no types
    """Faust's app, but for a rebalance that begins while it stops.

    Faust lets the group go on at once, without its signal: the partitions are given away before the last cut, which the
    group then refuses.
    """

    async def _on_partitions_revoked(self, revoked: set[TP]) -> None:
        if self.should_stop:
            await self.on_partitions_revoked.send(revoked)
        await super()._on_partitions_revoked(revoked)


def new_app(settings: EngineSettings, sources: frozenset[str]) -> Any:
    """Return an app for these source topics; nothing runs and nothing is opened."""
    return _App(settings.application, **_broker(settings), **_flow(settings, sources), **_closed())


def _broker(settings: EngineSettings) -> dict[str, Any]:
    hosts = settings.bootstrap.split(",")
    return {
        "broker": [f"kafka://{host}" for host in hosts],
        "broker_credentials": settings.credentials,
        "broker_session_timeout": settings.session_timeout_s,
        "broker_heartbeat_interval": settings.heartbeat_s,
        "broker_request_timeout": max(40.0, settings.session_timeout_s),
        "broker_client_id": f"lotse-{settings.worker}",
        "consumer_group_instance_id": settings.worker,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": settings.max_fetch_bytes,
        "topic_partitions": settings.partitions,
        "topic_replication_factor": settings.replication_factor,
        "topic_allow_declare": False,  # topology.py creates what is ours, and nothing else
        "topic_disable_leader": True,
    }


def _flow(settings: EngineSettings, sources: frozenset[str]) -> dict[str, Any]:
    return {
        "ConsumerScheduler": chunk_scheduler(sources),
        "Table": StateTable,
        "store": "memory://",
        "table_standby_replicas": 0,
        "recovery_consistency_check": False,  # it compares NOTHING_TO_RECOVER with the log's end
        "broker_max_poll_records": settings.max_poll_records,
        "broker_check_crcs": False,
        "broker_commit_livelock_soft_timeout": 1e9,  # the engine commits by itself; watchdog.py looks after progress
        "stream_processing_timeout": 1e9,
        "stream_buffer_maxsize": 8,  # chunks
        "stream_wait_empty": False,
        "datadir": Path(settings.store_dir or tempfile.gettempdir()) / f"faust-{settings.application}",
    }


def _closed() -> dict[str, Any]:
    """Faust's own web shows table data to anybody: off, all of it."""
    parts = ("", "_stats", "_graph", "_router", "_tables", "_metrics")
    return {f"web{part}_enabled": False for part in parts}


def warn_about_slow_parser() -> None:
    """Say so where aiokafka runs without its compiled record parser: several times slower."""
    if default_records.DefaultRecordBatchBuilder is default_records._DefaultRecordBatchBuilderPy:  # noqa: SLF001
        log.warning("aiokafka's compiled record parser is off (AIOKAFKA_NO_EXTENSIONS or a missing wheel): slow")
