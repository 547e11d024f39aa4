"""docker-compose.yml as text, against the code: commands, settings, ports, what waits for what."""

import re
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from streams.settings import PREFIX, Settings, load_settings
from tests.support.command_line import fault
from tests.support.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PROFILES = {"core", "observability", "demo"}
KEYS = {
    "image",
    "build",
    "profiles",
    "restart",
    "environment",
    "ports",
    "volumes",
    "healthcheck",
    "depends_on",
    "command",
}
KEYS |= {"stop_grace_period", "cap_drop", "security_opt", "logging"}
DEFAULT = re.compile(r"\$\{[A-Z_]+:-([^}]*)\}")


def plain(value: object) -> str:
    """Return a value with its variables at their defaults, as without any .env."""
    return DEFAULT.sub(r"\1", str(value))


def sources(service: dict[str, Any]) -> list[str]:
    """Return what a service mounts: folders, files or names of volumes."""
    return [
        plain(one["source"] if isinstance(one, dict) else one).partition(":")[0] for one in service.get("volumes", [])
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_whole(name: str) -> None:
    """Keys that Compose knows, a profile, an image pinned by version, a folder or a declared volume for each mount."""
    service = SERVICES[name]
    assert set(service) <= KEYS
    assert set(service["profiles"]) <= PROFILES
    assert service["profiles"]
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+", service["image"])
    for source in sources(service):
        assert source in COMPOSE["volumes"] or (source.startswith("./") and (ROOT / source).exists()), source


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_opened_beyond_loopback(name: str) -> None:
    """Each published port is one of 127.0.0.1, and no two services want the same."""
    mine = [port.rpartition(":")[0] for port in SERVICES[name].get("ports", [])]
    others = [
        port.rpartition(":")[0] for other in SERVICES if other != name for port in SERVICES[other].get("ports", [])
    ]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+", port) for port in mine)
    assert not set(mine) & set(others)


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_comes(name: str) -> None:
    """It starts under the same profile, and has the check or the end that is waited for."""
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert set(SERVICES[name]["profiles"]) <= set(SERVICES[other]["profiles"])
        if how["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        if how["condition"] == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_what_exists(name: str) -> None:
    """Subcommands and options of `lotse`, settings that it knows, with values that it takes."""
    assert fault([plain(word) for word in OURS[name]["command"]]) is None
    environment = {key: plain(value) for key, value in OURS[name].get("environment", {}).items()}
    assert set(environment) <= {PREFIX + field.upper() for field in Settings.__struct_fields__}
    assert load_settings(environment).settings.bootstrap


def test_the_addresses_meet() -> None:
    """Inside and on the host, broker and store are where the settings look for them."""
    kafka, inside = SERVICES["kafka"]["environment"], COMPOSE["x-settings"]
    assert f"INSIDE://{inside['LOTSE_BOOTSTRAP']}" in kafka["KAFKA_ADVERTISED_LISTENERS"]
    assert f"HOST://{Settings().bootstrap}" in kafka["KAFKA_ADVERTISED_LISTENERS"]
    assert f"{Settings().bootstrap}:9092" in SERVICES["kafka"]["ports"]
    assert inside["LOTSE_REDIS"].startswith("redis://redis:6379/")
    assert kafka["KAFKA_LOG_DIRS"] == SERVICES["kafka"]["volumes"][0].partition(":")[2], (
        "else the log is gone with the container"
    )


@pytest.mark.parametrize("name", SERVICES)
def test_no_log_fills_the_disk(name: str) -> None:
    """Docker keeps what a container writes for as long as the container is there."""
    options = SERVICES[name]["logging"]["options"]
    assert re.fullmatch(r"\d+m", options["max-size"])
    assert int(options["max-file"]) > 1


@pytest.mark.parametrize("name", ["kafka", "redis"])
def test_what_keeps_data_has_time_to_end(name: str) -> None:
    """Docker kills after ten seconds; a broker that is killed checks its logs at the next start, and all wait for it."""
    assert SERVICES[name]["stop_grace_period"] == "1m"


def test_the_store_forgets_nothing() -> None:
    """The delivery record must not be evicted, nor lost with the container."""
    words = SERVICES["redis"]["command"]
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"
    assert words[words.index("--appendonly") + 1] == "yes"
    assert "redis:/data" in SERVICES["redis"]["volumes"]


def test_processes_have_names_of_their_own() -> None:
    """A static member of a consumer group is known by its name."""
    names = [service["environment"]["LOTSE_WORKER"] for name, service in OURS.items() if name in ("worker", "deliver")]
    assert len(set(names)) == 2


def test_kafka_is_the_one_of_the_tests() -> None:
    """What is tested is what is run."""
    version = SERVICES["kafka"]["image"].partition(":")[2]
    assert f"<version>{version}</version>" in (ROOT / "tests" / "support" / "kafka-pom.xml").read_text(encoding="utf-8")


def test_no_secret_has_a_default() -> None:
    """Keys come from outside, and are never written here."""
    given = [(key, value) for service in OURS.values() for key, value in service.get("environment", {}).items()]
    secrets = {key: plain(value) for key, value in given if key.endswith(("_KEY", "_SECRET", "_SECRETS"))}
    assert set(secrets) == {
        "LOTSE_CONTROL_KEY",
        "LOTSE_WEBHOOK_SECRET",
        "LOTSE_GATEWAY_SECRETS",
        "LOTSE_INBOX_SECRET",
        "LOTSE_OIDC_SECRET",
    }
    assert set(secrets.values()) == {""}


def test_grafana_asks_the_prometheus_there_is() -> None:
    """Its data source is the service and port of this file."""
    given = yaml.safe_load((ROOT / "deploy" / "grafana" / "datasources.yml").read_text(encoding="utf-8"))
    (source,) = given["datasources"]
    assert source["url"] == "http://prometheus:9090"
    target = PurePosixPath(SERVICES["grafana"]["volumes"][0].split(":")[1])
    assert target.is_relative_to("/etc/grafana/provisioning/datasources")
