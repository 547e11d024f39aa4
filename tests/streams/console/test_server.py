"""`lotse console` as a process: its first words, its door, its end; without a broker it shows what is kept."""

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from streams.servers.embedded_broker import free_port
from streams.settings import child_environment
from tests.support.consoles import KEY
from tests.support.delivering import fetch
from tests.support.processes import wait_until

pytestmark = pytest.mark.integration


def environment(folder: Path, port: int, health: int = 0) -> dict[str, str]:
    """Settings of a console without a broker."""
    return child_environment(
        LOTSE_CONSOLE_DB=str(folder / "console.sqlite"), LOTSE_CONSOLE_ADDRESS=f"127.0.0.1:{port}", LOTSE_CONTROL_KEY=KEY.decode(),
        LOTSE_BOOTSTRAP="127.0.0.1:1", LOTSE_HEALTH_ADDRESS=f"127.0.0.1:{health}",
    )  # fmt: skip


def test_it_says_where_it_is_serves_and_ends(tmp_path: Path) -> None:
    """The link of the first start makes an account; files are for their owner alone; probes and metrics beside; SIGTERM ends it with 0."""
    port, health = free_port(), free_port()
    command = [sys.executable, "-m", "streams.cli", "console"]
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env=environment(tmp_path, port, health)
        )
    try:
        wait_until(lambda: "/join/" in (tmp_path / "out").read_text(encoding="utf-8"), 30, "the link")
        found = re.search(r"http\S+/join/\S+", (tmp_path / "out").read_text(encoding="utf-8"))
        assert found
        with urllib.request.urlopen(found[0], timeout=10) as answer:
            assert answer.status == 200
            assert b"Make your account" in answer.read()
        for probe in ("live", "ready", "startup"):
            wait_until(lambda: fetch(f"127.0.0.1:{health}", probe)[0] == 200, 20, probe)  # noqa: B023
        shown = fetch(f"127.0.0.1:{health}", "metrics")[1]
        assert 'lotse_console_requests_total{method="GET",status="200"} 1.0' in shown
        assert "process_cpu_seconds_total" in shown
        for file in tmp_path.glob("*.sqlite"):
            assert file.stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        assert process.wait(60) == 0


def test_a_link_from_the_command_line(tmp_path: Path) -> None:
    """For whoever has lost the first one; a role that there is not is refused."""
    command = [sys.executable, "-m", "streams.cli", "console", "--invite"]
    made = subprocess.run([*command, "admin"], capture_output=True, text=True, env=environment(tmp_path, 1), check=True)
    assert re.fullmatch(r"http://127.0.0.1:1/join/\S+\n", made.stdout)
    refused = subprocess.run(
        [*command, "king"], capture_output=True, text=True, env=environment(tmp_path, 1), check=False
    )
    assert refused.returncode == 2
    assert "--invite: expected one of viewer" in refused.stderr
