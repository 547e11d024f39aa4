"""The HTTP door /events under load: events per CPU-second of `lotse gateway`, one by one and in batches, and latency at 1,000 a second.

CloudEvents of the reference mix with an API key, over connections that stay open, onto a real Kafka and Redis; each answer
is read and must be 202. The senders are this process.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import quantiles

from processors.vocabulary import COMMUNITY
from streams.codec import Codec
from streams.gateway.api_keys import ApiKeys
from streams.gateway.store import connect
from streams.settings import Settings, child_environment
from streams.topic_plan import create_missing
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.engine_process import EngineProcess, module
from tests.benchmarks.figures import Figures
from tests.benchmarks.reference_mix import events
from tests.benchmarks.worker import PARTITIONS
from tests.support.delivering import fetch
from tests.support.kafka import free_port, wait_until
from tests.support.redis import running_redis

SINGLES, BATCHES, BATCH = 30_000, 600, 500
SENDERS, RATE, SPAN_S, MEMBERS = 64, 1_000, 20.0, 50_000
READY_S = 60.0


def measure(
    bootstrap: str,
    folder: Path,
    singles: int = SINGLES,
    batches: int = BATCHES,
    batch: int = BATCH,
    span_s: float = SPAN_S,
) -> Figures:
    """Return events per CPU-second and the 99th percentile of an answer's latency in milliseconds."""
    with running_redis() as store, _gateway(bootstrap, store.url, folder) as (process, settings):
        head = asyncio.run(_head(settings))
        lines = [
            _request(head, b"application/cloudevents+json", one) for one in _bodies(max(singles, int(RATE * span_s)))
        ]
        packed = [
            _request(head, b"application/cloudevents-batch+json", b"[" + b",".join(islice(some, batch)) + b"]")
            for some in [_bodies(batches * batch)]
            for _ in range(batches)
        ]
        senders = _Senders(settings.gateway_address)
        asyncio.run(senders.send(lines[: singles // 5]))  # warm
        single = len(lines[:singles]) / _cpu(process, senders, lines[:singles])
        many = batches * batch / _cpu(process, senders, packed)
        late = sorted(asyncio.run(senders.paced(lines[: int(RATE * span_s)], RATE)))
    cuts = quantiles(late, n=100)
    return {
        "gateway_single_per_cpu_s": round(single),
        "gateway_batch_per_cpu_s": round(many),
        "gateway_p50_ms": round(cuts[49] * 1000, 1),
        "gateway_p99_ms": round(cuts[98] * 1000, 1),
    }


def _cpu(process: EngineProcess, senders: "_Senders", requests: list[bytes]) -> float:
    before = process.cpu_s()
    asyncio.run(senders.send(requests))
    process.check()
    return process.cpu_s() - before


def _bodies(count: int) -> Iterator[bytes]:
    codec = Codec(KEY.encode())
    made = (one for one in events(count * 2, MEMBERS, time.time()) if one.type in COMMUNITY)
    return (codec.encode(one, "/bench") for one in islice(made, count))


def _request(head: bytes, kind: bytes, body: bytes) -> bytes:
    return head + b"content-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (kind, len(body), body)


async def _head(settings: Settings) -> bytes:
    redis = connect(settings.redis)
    _, text = await ApiKeys(redis, settings.app).add("bench", "town", 10_000_000, time.time())
    await redis.aclose()
    return b"POST /events HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer %b\r\n" % text.encode()


class _Senders:
    """Connections that send one request after the other, each when its predecessor is answered."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)

    async def send(self, requests: list[bytes]) -> None:
        """Send all, as fast as they are taken."""
        waiting = iter(requests)

        async def one() -> None:
            reader, writer = await asyncio.open_connection(self._host, self._port)
            for request in waiting:
                await _exchange(reader, writer, request)
            writer.close()

        await asyncio.gather(*(one() for _ in range(SENDERS)))

    async def paced(self, requests: list[bytes], rate: float) -> list[float]:
        """Send at a rate, whatever is answered when; return the seconds from when each was due to its answer."""
        free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        for _ in range(SENDERS):
            free.put_nowait(await asyncio.open_connection(self._host, self._port))
        late: list[float] = []
        began = time.perf_counter()

        async def one(request: bytes, due: float) -> None:
            connection = await free.get()
            await _exchange(*connection, request)
            late.append(time.perf_counter() - due)
            free.put_nowait(connection)

        async with asyncio.TaskGroup() as group:
            for number, request in enumerate(requests):
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(one(request, due))
        return late


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(size)
    if not head.startswith(b"HTTP/1.1 202"):
        raise RuntimeError(f"the gateway answered {head[:20]!r} {body[:200]!r}")


@contextmanager
def _gateway(bootstrap: str, redis: str, folder: Path) -> Iterator[tuple[EngineProcess, Settings]]:
    settings = Settings(
        bootstrap=bootstrap, redis=redis, app="bench-gateway", partitions=PARTITIONS, control_key=KEY,
        gateway_address=f"127.0.0.1:{free_port()}", health_address=f"127.0.0.1:{free_port()}",
    )  # fmt: skip
    create_missing(settings)
    environment = child_environment(
        LOTSE_BOOTSTRAP=bootstrap, LOTSE_REDIS=redis, LOTSE_APP=settings.app, LOTSE_PARTITIONS=str(PARTITIONS), LOTSE_CONTROL_KEY=KEY,
        LOTSE_GATEWAY_ADDRESS=settings.gateway_address, LOTSE_HEALTH_ADDRESS=settings.health_address,
    )  # fmt: skip
    command = module("streams.cli", "gateway", python=sys.executable)
    with EngineProcess(command, folder / "gateway.log", environment) as process:
        wait_until(lambda: fetch(settings.gateway_address, "ready")[0] == 200, READY_S, "the gateway is ready")
        yield process, settings
