"""The deployment files, as text against the code: settings, commands, ports, versions."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from streams.commands import app
from streams.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {
    name: service for name, service in COMPOSE["services"].items() if str(service.get("image", "")).startswith("lotse:")
}


def test_each_image_is_pinned_and_each_port_is_on_loopback() -> None:
    """No floating tags, nothing open to the network by default."""
    for name, service in COMPOSE["services"].items():
        assert re.search(r":v?\d+\.\d+", service["image"]), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_commands_and_settings_that_exist(name: str) -> None:
    """Subcommands and environment variables are those of the code."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert OURS[name]["command"][0] in commands
    known = {PREFIX + field.upper() for field in Settings.__struct_fields__}
    assert set(OURS[name]["environment"]) <= known


def test_versions_are_the_same_everywhere() -> None:
    """Kafka's version in compose and in the tests; uv's in Makefile and Dockerfile."""
    pom = (ROOT / "tests/support/kafka-pom.xml").read_text()
    kafka = COMPOSE["services"]["kafka"]["image"].rpartition(":")[2]
    assert f"<version>{kafka}</version>" in pom
    pins = {
        re.search(r"(?:uv==|UV_VERSION := )([\d.]+)", (ROOT / name).read_text()).group(1)
        for name in ("Makefile", "deploy/Dockerfile")
    }  # type: ignore[union-attr]
    assert len(pins) == 1


def test_the_health_port_is_the_one_that_is_scraped() -> None:
    """Prometheus scrapes the port that the worker answers on."""
    port = OURS["worker"]["environment"]["LOTSE_HEALTH_ADDRESS"].rpartition(":")[2]
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    assert scraped["scrape_configs"][0]["static_configs"][0]["targets"] == [f"worker:{port}"]


@pytest.mark.integration
def test_promtool_accepts_the_configuration() -> None:
    """Prometheus's own checker finds no fault."""
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing: make test installs it"
    checked = subprocess.run(
        [promtool, "check", "config", ROOT / "deploy/prometheus/prometheus.yml"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
