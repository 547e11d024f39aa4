"""How every client of ours reaches Kafka: in plain text on this machine, elsewhere with TLS and as somebody.

The way is the process's own (LOTSE_KAFKA_...), the same for each client it opens, so that none is left in plain text.
"""

import asyncio
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError
from aiokafka.record.util import calc_crc32c

from streams.errors import UserError
from streams.settings import Settings, load_settings

PROBE_S = 5.0  # for a handshake
TLS, SASL = ("ssl", "sasl_ssl"), ("sasl_ssl", "sasl_plaintext")
NO_TLS = "speaks no TLS: give the address of its TLS listener, or set LOTSE_KAFKA_SECURITY"


def options(bootstrap: str, settings: Settings | None = None) -> dict[str, Any]:
    """Return what kafka-python's and aiokafka's clients alike need to reach a broker.

    Raises `UserError` where it would be plain text over a network, or a file cannot be read.
    """
    quicken_checksums()
    chosen = settings or load_settings().settings
    how = chosen.kafka_security
    if how not in TLS:
        refuse_plaintext("LOTSE_BOOTSTRAP", hosts_of(bootstrap), "LOTSE_KAFKA_SECURITY=sasl_ssl", chosen)
    found: dict[str, Any] = {"bootstrap_servers": bootstrap.split(","), "security_protocol": how.upper()}
    if how in TLS:
        found["ssl_context"] = tls_context(chosen)
    if how in SASL:
        found |= {
            "sasl_mechanism": chosen.kafka_mechanism,
            "sasl_plain_username": chosen.kafka_user,
            "sasl_plain_password": chosen.kafka_password,
        }
    return found


def quicken_checksums() -> None:
    """Let kafka-python, where it is loaded, take aiokafka's compiled checksum for its own in Python: 0.2 instead of 45 µs for a record of 400 bytes."""
    batches = sys.modules.get("kafka.record.default_records")
    if batches is not None:
        batches.calc_crc32c = calc_crc32c  # type: ignore[attr-defined]  # of a module looked up by name, mypy knows no names


def credentials(settings: Settings) -> Any:
    """Return the same as Faust wants it, None for plain text."""
    from faust.auth import SASLCredentials, SSLCredentials  # noqa: PLC0415  (loads Faust, which few commands need)

    found = options(settings.bootstrap, settings)
    context = found.get("ssl_context")
    if settings.kafka_security in SASL:
        return SASLCredentials(
            username=settings.kafka_user, password=settings.kafka_password, ssl_context=context,
            mechanism=settings.kafka_mechanism,
        )  # fmt: skip
    return SSLCredentials(context=context) if context is not None else None


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return what decides whom we believe. Raises `UserError` for a file that is none."""
    try:
        context = ssl.create_default_context(cafile=settings.kafka_ca or None)
        if settings.kafka_cert:
            context.load_cert_chain(settings.kafka_cert, settings.kafka_key or None)
    except (OSError, ssl.SSLError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        names = "LOTSE_KAFKA_CA, LOTSE_KAFKA_CERT, LOTSE_KAFKA_KEY"
        raise UserError(f"{names}: expected files in PEM that can be read ({said})") from None
    return context


def hosts_of(bootstrap: str) -> list[str]:
    """Return the hosts of addresses host:port."""
    return [address.strip().rpartition(":")[0].strip("[]") for address in bootstrap.split(",")]


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, going by its name alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def refuse_plaintext(name: str, hosts: list[str], instead: str, settings: Settings) -> None:
    """Raise `UserError` where hosts off this machine would be spoken to in plain text, unless that is allowed."""
    away = [host for host in hosts if not is_loopback(host)]
    if away and not settings.allow_plaintext:
        raise UserError(
            f"{name}: {away[0]} is another machine, and nothing would be encrypted on the way. Set {instead}, "
            "or, in a network that nobody else is in, LOTSE_ALLOW_PLAINTEXT=true"
        )


def refusal(bootstrap: str, settings: Settings | None = None) -> str | None:
    """Return why a broker that is there would not have us (or we it); None where it would, or where nobody is there."""
    chosen = settings or load_settings().settings
    options(bootstrap, chosen)
    with ThreadPoolExecutor(1) as apart:  # the caller may have a loop of its own
        for address in bootstrap.split(","):
            said = apart.submit(asyncio.run, _refusal(address.strip(), chosen)).result()
            if said is not None:
                return f"{address.strip()} {said}"
    return None


def require(bootstrap: str, settings: Settings | None = None) -> None:
    """Raise `UserError` with what `refusal` says."""
    said = refusal(bootstrap, settings)
    if said is not None:
        raise UserError(f"the broker at {said}")


async def _refusal(address: str, settings: Settings) -> str | None:
    host, _, port = address.rpartition(":")
    how = {name: value for name, value in options(address, settings).items() if name != "bootstrap_servers"}
    try:
        connection = await asyncio.wait_for(create_conn(host.strip("[]"), int(port), **how), PROBE_S)
    except (KafkaError, OSError, TimeoutError) as error:
        if settings.kafka_security not in TLS and await _speaks_tls(host.strip("[]"), int(port)):
            return "speaks TLS alone: set LOTSE_KAFKA_SECURITY=sasl_ssl (or ssl)"
        return _said(error, settings)
    connection.close()
    return None


def _said(error: Exception, settings: Settings) -> str | None:
    text = str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return certificate_fault(error.verify_message, "LOTSE_KAFKA_CA")
    if isinstance(error, ssl.SSLError | ConnectionResetError) or (
        settings.kafka_security in TLS and isinstance(error, TimeoutError)
    ):
        return NO_TLS
    if "uthentication" in type(error).__name__ or "uthentication" in text:
        return f"refuses LOTSE_KAFKA_USER ({settings.kafka_user}) with this LOTSE_KAFKA_PASSWORD"
    if "UnsupportedSaslMechanism" in type(error).__name__:
        return f"does not take {settings.kafka_mechanism}: set LOTSE_KAFKA_MECHANISM"
    return None


def certificate_fault(message: str, setting: str) -> str:
    """Say in words why a certificate is not believed; `message` is OpenSSL's."""
    if "expired" in message:
        return "shows a certificate that has expired: renew it there"
    if "mismatch" in message or "not valid for" in message:
        return f"shows a certificate for another name ({message})"
    return f"shows a certificate that nobody we trust has signed ({message}): {setting} names the file of its authority"


async def _speaks_tls(host: str, port: int) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only asked whether; nothing is sent
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=context), PROBE_S)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
