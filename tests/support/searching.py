"""All bytes of a broker, a store, files: to find in them what must not be there."""

from contextlib import closing, suppress
from pathlib import Path

import redis
from kafka import KafkaConsumer

from tests.support.kafka import read_all

LOOKS = 100


def everything(bootstrap: str, topic: str) -> bytes:
    """Return all keys, values and headers of a topic."""
    records = read_all(bootstrap, topic)
    parts = [part for one in records for part in (one.key, one.value, *(value for _, value in one.headers))]
    return b"\n".join(part for part in parts if part)


def in_redis(url: str) -> bytes:
    """Return all names and values of a store."""
    parts: list[bytes] = []
    with redis.Redis.from_url(url) as client:
        for name in client.scan_iter("*"):
            kind = client.type(name)
            value = (
                client.hgetall(name)
                if kind == b"hash"
                else client.get(name)
                if kind == b"string"
                else client.dump(name)
            )
            parts.append(name + b"=" + repr(value).encode())
    return b"\n".join(parts)


def all_topics(bootstrap: str) -> set[str]:
    """Return the topics of the broker that are not its own."""
    with closing(KafkaConsumer(bootstrap_servers=bootstrap)) as consumer:
        return {name for name in consumer.topics() if not name.startswith("__")}


def in_files(folder: Path, pattern: str = "*") -> bytes:
    """Return the content of all files of a folder, those below it too.

    Where one goes meanwhile, all are read again: what it held may stand under another name.
    """
    for _ in range(LOOKS):
        with suppress(FileNotFoundError):
            return b"\n".join(path.read_bytes() for path in sorted(folder.rglob(pattern)) if path.is_file())
    raise AssertionError(f"files of {folder} went each of {LOOKS} times that they were read")
