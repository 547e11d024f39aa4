"""The conformance kit on services: `lotse deliver` passes, a naive one fails, nobody is told of. Real Kafka and Redis."""

import json
from pathlib import Path

import pytest

from streams.conformance.checks import CHECKS, FIRST
from streams.conformance.receiver import receiving
from streams.conformance.run import Kit, Verdict
from streams.settings import Settings
from streams.topics import DELIVERY
from tests.support import in_process
from tests.support.delivering import delivering
from tests.support.naive_service import naive_service
from tests.support.processes import free_port

pytestmark = pytest.mark.integration
KEY = "a control key for tests"
CHANNEL = "in_app"


@pytest.fixture
def settings(broker: str, redis_url: str) -> Settings:
    """A deployment whose webhook is the kit's receiver."""
    return Settings(
        bootstrap=broker, redis=redis_url, app="conformance-tests", control_key=KEY, partitions=1, worker="c1",
        health_address=f"127.0.0.1:{free_port()}", webhook_url=f"http://127.0.0.1:{free_port()}/", webhook_secret="a secret of the tests",
    )  # fmt: skip


def test_lotse_deliver_passes(settings: Settings, tmp_path: Path) -> None:
    """Every check, on the command line, with exit code 0."""
    with delivering(settings, tmp_path / "deliver.txt", "--channel", "webhook"):
        address = settings.webhook_url.removeprefix("http://").rstrip("/")
        done = in_process.lotse(
            "conformance", "--receiver", address, "--channel", CHANNEL, "--json",
            LOTSE_BOOTSTRAP=settings.bootstrap, LOTSE_CONTROL_KEY=KEY,
        )  # fmt: skip
    told = json.loads(done.stdout)
    assert {one["check"]: one["fault"] for one in told["checks"] if one["fault"]} == {}
    assert (told["passed"], told["failed"], done.returncode) == (len(CHECKS), 0, 0)


def test_a_naive_service_fails_each_check_but_the_first(settings: Settings) -> None:
    """Each fault is told; what is fine is not called one. In which words depends on what came to it in one batch."""
    address = settings.webhook_url.removeprefix("http://").rstrip("/")
    with (
        receiving(address) as (arrivals, url),
        naive_service(settings.bootstrap, DELIVERY[CHANNEL], url, KEY.encode(), f"-{FIRST}-"),
    ):
        verdicts = Kit(settings.bootstrap, KEY.encode(), CHANNEL, arrivals, 20.0).run()
    faults = {one.check: one.fault for one in verdicts if one.fault}
    assert faults.keys() == {one.name for one in CHECKS} - {FIRST}
    assert "forged" in faults["outcomes"]
    assert "after records that are no commands" in faults["malformed"]


def test_nobody_there_is_told_at_once_for_all(settings: Settings) -> None:
    """What was not tried is no pass."""
    address = settings.webhook_url.removeprefix("http://").rstrip("/")
    with receiving(address) as (arrivals, _):
        verdicts = Kit(settings.bootstrap, KEY.encode(), CHANNEL, arrivals, 2.0).run()
    assert [one for one in verdicts if not one.fault] == []
    first, second, *_ = verdicts
    assert first == Verdict(FIRST, first.says, "the receiver took it 0 times, expected once")
    assert second.fault.startswith("not tried")


def test_a_wrong_option_is_one_message() -> None:
    """Channels and checks that there are."""
    done = in_process.lotse("conformance", "--channel", "pigeon", LOTSE_CONTROL_KEY=KEY)
    assert (done.returncode, "expected one of in_app" in done.stderr) == (2, True)
    done = in_process.lotse("conformance", "--only", "flies", LOTSE_CONTROL_KEY=KEY)
    assert (done.returncode, "no check flies" in done.stderr) == (2, True)
