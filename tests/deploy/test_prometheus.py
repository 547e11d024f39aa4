"""Prometheus scrapes each process that answers, where it answers."""

import re
import subprocess

import pytest
import yaml

from tests.support.tree import ROOT

CONFIG = ROOT / "deploy" / "prometheus" / "prometheus.yml"


def test_each_running_process_is_scraped_on_its_port() -> None:
    """Worker and delivery, at the port that the image sets."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    running = {name for name, service in services.items() if "build" in service and service["restart"] != "no"}
    (port,) = re.findall(
        r"LOTSE_HEALTH_ADDRESS=\S+:(\d+)", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    )
    jobs = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["scrape_configs"]
    targets = {target for job in jobs for static in job["static_configs"] for target in static["targets"]}
    assert targets == {f"{name}:{port}" for name in running}
    assert all(any(port.endswith(":9464") for port in services[name]["ports"]) for name in running)


@pytest.mark.integration
def test_promtool_accepts_the_configuration(promtool: str) -> None:
    """Prometheus's own checker finds no fault."""
    command = [promtool, "check", "config", str(CONFIG)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
