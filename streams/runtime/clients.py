"""The engine's own Kafka clients beside Faust's: one producer, plain readers, admin."""

import logging
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import ClusterAuthorizationFailedError, UnknownError, UnsupportedVersionError
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from streams.runtime.settings import EngineSettings

log = logging.getLogger("lotse.engine")


def _connection(settings: EngineSettings) -> dict[str, Any]:
    auth = credentials_to_aiokafka_auth(settings.credentials, None)
    return {"bootstrap_servers": settings.bootstrap.split(","), "client_id": f"lotse-{settings.worker}", **auth}


async def start_producer(settings: EngineSettings) -> AIOKafkaProducer:
    """Return a started producer, an idempotent one where settings and broker allow.

    Without idempotence a batch resent after a lost answer may be in the log twice: an output repeats its id, and in a
    changelog the next cut notices and the process restores again (FOREIGN_WRITE). Nothing is lost or wrong.
    """
    producer = _new_producer(settings, idempotent=settings.idempotent)
    try:
        await producer.start()
    except (UnknownError, UnsupportedVersionError, ClusterAuthorizationFailedError) as error:
        await producer.stop()
        if not settings.idempotent:
            raise
        log.warning("the broker gives out no producer ids (%s): writing without idempotence", type(error).__name__)
        producer = _new_producer(settings, idempotent=False)
        await producer.start()
    return producer


def _new_producer(settings: EngineSettings, *, idempotent: bool) -> AIOKafkaProducer:
    """Return a producer for ready-made batches: lanes do the batching, so it never lingers."""
    return AIOKafkaProducer(
        **_connection(settings),
        acks="all",
        enable_idempotence=idempotent,
        linger_ms=0,
        max_batch_size=settings.max_batch_bytes,
        max_request_size=max(1 << 20, 2 * settings.max_batch_bytes),
        compression_type=settings.compression,
        request_timeout_ms=int(settings.delivery_timeout_s * 1000),
    )


def _new_reader(settings: EngineSettings) -> AIOKafkaConsumer:
    """Return a consumer outside of any group, for partitions assigned by hand."""
    return AIOKafkaConsumer(
        **_connection(settings),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=settings.max_fetch_bytes,
        fetch_max_wait_ms=100,
        check_crcs=False,  # the broker checked them; TCP has its own
    )


async def start_reader(settings: EngineSettings) -> AIOKafkaConsumer:
    """Return a started reader; one that finds no broker leaves nothing behind."""
    reader = _new_reader(settings)
    try:
        await reader.start()
    except BaseException:
        await reader.stop()
        raise
    return reader


def new_admin(settings: EngineSettings) -> AIOKafkaAdminClient:
    """Return an admin client."""
    return AIOKafkaAdminClient(**_connection(settings), request_timeout_ms=15_000)
