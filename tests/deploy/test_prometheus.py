"""Prometheus scrapes each process that answers, where it answers."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from streams.telemetry.known_series import UNREADABLE
from streams.telemetry.metrics import METRICS
from tests.support.tree import ROOT

RULES, RUNBOOKS = (ROOT / "deploy" / part for part in ("prometheus/alerts.yml", "runbooks"))
CASES = [ROOT / "deploy" / "prometheus" / name for name in ("alerts.test.yml", "alerts-slow.test.yml")]
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


def alerts() -> list[dict[str, Any]]:
    """Return the alerts of the rules file."""
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def test_each_alert_asks_for_metrics_that_exist() -> None:
    """By their full names."""
    known = {one.name for one in METRICS} | {f"{one.name}_{part}" for one in METRICS for part in ("bucket", "count")}
    for alert in alerts():
        names = set(re.findall(r"\blotse_[a-z_]+", alert["expr"]))
        assert names <= known, alert["alert"]
        assert names or "up{" in alert["expr"], alert["alert"]


def test_each_alert_has_a_runbook_that_says_what_to_do_and_no_runbook_is_without_an_alert() -> None:
    """Three parts each; all listed on one page."""
    pages = {ROOT / alert["annotations"]["runbook_url"] for alert in alerts()}
    assert {path for path in RUNBOOKS.iterdir() if path.name != "README.md"} == pages
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    for page in pages:
        parts = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["What it means", "What to look at", "What to do"], page.name
    assert all(f"| `{alert['alert']}` |" in index for alert in alerts())


def test_the_runbook_names_reasons_as_dead_letters_do() -> None:
    """Whoever searches for them finds them."""
    (line,) = re.findall(r"^- Reason (.*)$", (RUNBOOKS / "dead-letters.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = set(re.findall(r"`(\w+)`", line))
    assert named <= {*UNREADABLE, "delivery"}
    assert {"key", "wrong_partition", "json", "schema", "version", "delivery"} <= named


def test_each_alert_has_a_case_in_which_it_fires() -> None:
    """With labels and words as people get them."""
    cases = [case for path in CASES for case in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]]
    fired = {one["alertname"] for case in cases for one in case["alert_rule_test"] if one["exp_alerts"]}
    assert fired == {alert["alert"] for alert in alerts()}


@pytest.mark.integration
def test_promtool_proves_the_alerts(promtool: str) -> None:
    """Each fires on its fault, and those with a time to wait for do not before."""
    for words in (["check", "rules", str(RULES)], ["test", "rules", *map(str, CASES)]):
        done = subprocess.run([promtool, *words], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.integration
def test_promtool_accepts_the_configuration(promtool: str) -> None:
    """Prometheus's own checker finds no fault."""
    command = [promtool, "check", "config", str(CONFIG)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
