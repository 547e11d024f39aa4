"""Servers as a deployment has them: Kafka with SASL_SSL (SCRAM) beside its plain listener, Redis with TLS and a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.certificates import PASSWORD, Authority, Identity, authority, identity
from tests.support.kafka import Broker, running_kafka
from tests.support.processes import free_port
from tests.support.redis import running_redis

USER, SECRET = "lotse", "a secret of the broker"
STORE_SECRET = "a-secret-of-the-store"
LISTENERS = """listeners=PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{controller},SASL_SSL://127.0.0.1:{sound},OLD://127.0.0.1:{old}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},SASL_SSL://127.0.0.1:{sound},OLD://127.0.0.1:{old}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,OLD:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
"""
LISTENER = """listener.name.{name}.ssl.keystore.type=PKCS12
listener.name.{name}.ssl.keystore.location={store}
listener.name.{name}.ssl.keystore.password={password}
listener.name.{name}.ssl.key.password={password}
listener.name.{name}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
"""


class Secured(NamedTuple):
    """A broker: `address` is of its SASL_SSL listener, `old` of one whose certificate has expired, `plain` of the open one."""

    broker: Broker
    address: str
    old: str
    plain: str
    signer: Authority


@contextmanager
def secured_kafka(home: Path) -> Iterator[Secured]:
    """Run the broker."""
    signer = authority(home)
    sound, old = free_port(), free_port()
    stores = {"sasl_ssl": identity(home, signer), "old": identity(home, signer, "old", expired=True)}
    more = "".join(LISTENER.format(name=name, store=one.store, password=PASSWORD) for name, one in stores.items())
    with running_kafka(
        lambda port, controller: LISTENERS.format(plain=port, controller=controller, sound=sound, old=old) + more,
        [f"SCRAM-SHA-512=[name={USER},password={SECRET}]"],
    ) as broker:
        yield Secured(broker, f"127.0.0.1:{sound}", f"127.0.0.1:{old}", broker.bootstrap, signer)


@contextmanager
def secured_redis(home: Path, shown: Identity, signer: Authority) -> Iterator[str]:
    """Run a Redis that shows this certificate; yield its URL, without the password."""
    port = free_port()
    options = ["--tls-port", str(port), "--tls-cert-file", str(shown.certificate), "--tls-key-file", str(shown.key),
               "--tls-ca-cert-file", str(signer.certificate), "--tls-auth-clients", "no"]  # fmt: skip
    with running_redis([*options, "--user", USER, "on", f">{STORE_SECRET}", "~*", "&*", "+@all"]):
        yield f"rediss://127.0.0.1:{port}/0"
