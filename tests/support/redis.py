"""A real Redis on a free port of loopback that keeps nothing on disk and evicts nothing."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.support.processes import Server, free_port, tool

READY_S = 20.0


class Store(Server):
    """One Redis; `url` names its first database, also while it is stopped. What it held is gone after a restart."""

    def __init__(self, home: Path, more: Sequence[str] = ()) -> None:
        """`more` are further options of the server."""
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", *more]
        command = [tool("redis-server"), "--port", str(self._port), "--dir", str(home), *options]
        super().__init__("Redis", command, home, self._pings, READY_S)

    def _pings(self) -> bool:
        client = redis.Redis(port=self._port, socket_timeout=2)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()


@contextmanager
def running_redis(more: Sequence[str] = ()) -> Iterator[Store]:
    """Start a Redis; at the end, however it ends, stop it."""
    home = Path(tempfile.mkdtemp(prefix="lotse-redis-"))
    store = Store(home, more)
    try:
        store.start()
        yield store
    finally:
        store.kill()
        shutil.rmtree(home, ignore_errors=True)
