"""The whole way over TLS and passwords: gateway, worker, delivery and commands on Kafka with SASL_SSL and Redis with TLS."""

import time
from contextlib import ExitStack
from pathlib import Path

import orjson
import pytest

from processors.playbooks.resources import Bundle, Policy
from streams.settings import Settings
from streams.topics import DELIVERY
from tests.support.certificates import identity
from tests.support.delivering import delivering, outcomes
from tests.support.deployment import KEY, Deployment
from tests.support.gateways import SECRET as DOOR
from tests.support.gateways import gateway_settings, running_gateway
from tests.support.kafka import read_all, wait_until
from tests.support.processes import free_port
from tests.support.receiver import running_receiver
from tests.support.secured import SECRET, STORE_SECRET, USER, secured_kafka, secured_redis
from tests.support.signing import signature
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
BUNDLE = Bundle((resource(),), (playbook("hello", "community.joined"),), {"*": Policy(quiet_from=0, quiet_to=0)})


def test_from_a_webhook_to_a_delivery_and_a_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process by the same settings; what is told to a door reaches the receiver, and the log is proved."""
    with ExitStack() as stack:
        secured = stack.enter_context(secured_kafka(tmp_path))
        store = stack.enter_context(
            secured_redis(tmp_path, identity(tmp_path, secured.signer, "store"), secured.signer)
        )
        receiver = stack.enter_context(running_receiver())
        ca = str(secured.signer.certificate)
        for name, value in {
            "LOTSE_KAFKA_SECURITY": "sasl_ssl", "LOTSE_KAFKA_USER": USER, "LOTSE_KAFKA_PASSWORD": SECRET, "LOTSE_KAFKA_CA": ca,
            "LOTSE_REDIS_USER": USER, "LOTSE_REDIS_PASSWORD": STORE_SECRET, "LOTSE_REDIS_CA": ca,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        deployment = Deployment(secured.address, "secured")
        deployment.prepare(BUNDLE)
        stack.enter_context(deployment.worker(tmp_path))
        doors = gateway_settings(secured.address, store, app="secured", gateway_secrets=f"discourse={DOOR}")
        gateway = stack.enter_context(running_gateway(doors, tmp_path / "gateway.log"))
        ways = Settings(
            bootstrap=secured.address, redis=store, app="secured", control_key=KEY, partitions=2, worker="d1",
            health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
        )  # fmt: skip
        stack.enter_context(delivering(ways, tmp_path / "deliver.log", "--channel", "webhook"))

        user = {"id": 17, "username": "ann", "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())}
        body = orjson.dumps({"user": user})
        headers = {"x-discourse-event": "user_created", "x-discourse-event-type": "user", "x-discourse-event-id": "1"}
        answer = gateway.post("/in/discourse", body, **headers, **signature("discourse", body, time.time()))
        assert answer.status_code == 200, answer.text
        (identifier,) = wait_until(lambda: receiver.received, 60, "the message at the receiver")
        command = orjson.loads(read_all(secured.plain, DELIVERY["in_app"])[0].value)
        assert (command["id"], command["member"]) == (identifier, "town/discourse:17")
        told = wait_until(lambda: outcomes(secured.plain).get(identifier), 30, "its outcome")
        assert told["type"] == "outcome.delivered"

        for words in (
            ("doctor", "--json"),
            ("explain", "town/discourse:17"),
            ("verify",),
        ):
            done = deployment.lotse(*words, LOTSE_REDIS=store)
            printed = done.stdout + done.stderr
            assert SECRET not in printed
            assert STORE_SECRET not in printed
            assert done.returncode == 0 or words[0] == "doctor", (
                printed
            )  # it holds another catalog against the published one
        found = {
            one["what"]: one["well"]
            for one in orjson.loads(deployment.lotse("doctor", "--json", LOTSE_REDIS=store).stdout)
        }
        assert {what for what, well in found.items() if well} >= {"broker", "topics", "store"}
