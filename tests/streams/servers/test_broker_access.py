"""Kafka with SASL_SSL: who has the right words gets in with every client; what is wrong is one clear message."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record import default_records
from kafka.record._crc32c import crc

from streams.errors import UserError
from streams.servers.broker_access import hosts_of, is_loopback, options, refusal
from streams.settings import Settings, child_environment, load_settings
from tests.support.certificates import authority
from tests.support.secured import SECRET, USER, Secured, secured_kafka


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker with SASL_SSL."""
    with secured_kafka(tmp_path_factory.mktemp("secured")) as broker:
        yield broker


def reaching(secured: Secured, address: str = "", **changes: object) -> Settings:
    """Settings with which the broker is to be had, and what is changed of them."""
    right = {"bootstrap": address or secured.address, "kafka_security": "sasl_ssl", "kafka_user": USER,
             "kafka_password": SECRET, "kafka_ca": str(secured.signer.certificate)}  # fmt: skip
    return Settings(**right | changes)  # type: ignore[arg-type]


@given(st.binary(max_size=300))
def test_checksums_are_compiled_and_the_same(data: bytes) -> None:
    """Of kafka-python's clients, as soon as one is made in our way; aiokafka's stands in for its own."""
    options("127.0.0.1:9092", Settings())
    assert default_records.calc_crc32c.__module__.startswith("aiokafka.")
    assert default_records.calc_crc32c(memoryview(data)) == crc(memoryview(data))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_this_machine_is_spoken_to_in_plain_text(host: str) -> None:
    """Whatever it is called."""
    assert is_loopback(host)


def test_another_machine_is_not_unless_that_is_allowed() -> None:
    """The message says what to set."""
    assert hosts_of("kafka:9092,[::1]:9093") == ["kafka", "::1"]
    with pytest.raises(UserError, match=r"LOTSE_BOOTSTRAP: kafka is another machine.*LOTSE_ALLOW_PLAINTEXT=true"):
        options("127.0.0.1:9092,kafka:9092", Settings())
    assert options("kafka:9092", Settings(allow_plaintext=True))["security_protocol"] == "PLAINTEXT"
    tls = options("kafka:9092", Settings(kafka_security="ssl"))
    assert (tls["security_protocol"], tls["ssl_context"].check_hostname) == ("SSL", True)
    with pytest.raises(UserError, match=r"LOTSE_KAFKA_CA.*PEM"):
        options("kafka:9092", Settings(kafka_security="ssl", kafka_ca="/nowhere"))


def test_a_user_without_password_is_refused() -> None:
    """At the door, with all other faults."""
    with pytest.raises(UserError, match="LOTSE_KAFKA_USER, LOTSE_KAFKA_PASSWORD: expected both"):
        load_settings({"LOTSE_KAFKA_SECURITY": "sasl_ssl", "LOTSE_KAFKA_USER": "lotse"})


@pytest.mark.integration
def test_each_fault_is_one_message_that_says_what_to_mend(secured: Secured, tmp_path: Path) -> None:
    """Password, certificate out of date or of nobody trusted, plain text to TLS, TLS to plain text."""
    assert refusal(secured.address, reaching(secured)) is None
    other = authority(tmp_path, "other")
    faults = {
        "refuses LOTSE_KAFKA_USER (lotse) with this LOTSE_KAFKA_PASSWORD": reaching(secured, kafka_password="wrong"),
        "shows a certificate that has expired": reaching(secured, secured.old),
        "LOTSE_KAFKA_CA names the file": reaching(secured, kafka_ca=str(other.certificate)),
        "speaks TLS alone": reaching(secured, kafka_security="plaintext"),
        "speaks no TLS": reaching(secured, secured.plain),
    }
    for said, settings in faults.items():
        found = refusal(settings.bootstrap, settings) or "nothing"
        assert said in found
        assert SECRET not in found
    assert refusal("127.0.0.1:1", reaching(secured)) is None, "nobody there is no refusal"


@pytest.mark.integration
@pytest.mark.parametrize(
    "command", ["topics plan", "worker", "deliver --channel console", "gateway", "pages", "console", "doctor"]
)
def test_every_process_says_it_once_and_ends(secured: Secured, command: str) -> None:
    """No traceback, no waiting, nothing of the password."""
    environment = child_environment(
        LOTSE_BOOTSTRAP=secured.address, LOTSE_KAFKA_SECURITY="sasl_ssl", LOTSE_KAFKA_USER=USER, COLUMNS="300",
        LOTSE_KAFKA_PASSWORD="not the one", LOTSE_KAFKA_CA=str(secured.signer.certificate), LOTSE_HEALTH_ADDRESS="127.0.0.1:0",
        LOTSE_CONTROL_KEY="a control key for tests", LOTSE_GATEWAY_ADDRESS="127.0.0.1:0", LOTSE_PAGES_ADDRESS="127.0.0.1:0",
        LOTSE_GATEWAY_SECRETS="slack=a-secret-of-ours", LOTSE_REDIS="redis://127.0.0.1:1/0" if command != "deliver --channel console" else "",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", *command.split()], env=environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    printed = done.stdout + done.stderr
    assert done.returncode in (1, 2, 3), printed
    assert printed.count("refuses LOTSE_KAFKA_USER (lotse)") == 1
    assert "Traceback" not in printed
    assert "not the one" not in printed
