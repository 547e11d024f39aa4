"""Signatures of requests: pure functions of the raw body, the headers, the secrets and the time.

Each scheme takes several secrets, so that one can be changed while requests signed with the old one are still on their way,
and compares in constant time. Schemes with a timestamp refuse what is more than `WINDOW` away from now, in both directions.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

WINDOW = 300.0  # seconds; what Slack, HubSpot, Kit and Standard Webhooks advise
# HubSpot, "Validating requests": these are decoded in the URI before it is signed.
HUBSPOT_DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip


class SignatureError(Exception):
    """A request that is not shown to come from whom it says; the message never holds a secret or a signature."""


class Request(NamedTuple):
    """What is signed: the body as it arrived, headers by their lower-case names; `uri` is the public one, with https and host."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    uri: str = ""


# Returns what tells a request from every other: what was signed; nothing where the secret itself was sent.
Scheme = Callable[[Request, Sequence[str], float], bytes]


def discourse(request: Request, secrets: Sequence[str], now: float) -> bytes:  # noqa: ARG001  (the scheme has no time)
    """Check X-Discourse-Event-Signature: sha256=<hex HMAC-SHA256 of the body>. Raises `SignatureError`."""
    given = _header(request, "x-discourse-event-signature")
    _compare([given], (f"sha256={_hmac(secret.encode(), request.body).hex()}" for secret in _known(secrets)))
    # A user who logs in has the same body as one who logs out: only these headers, which are not signed, tell them apart.
    about = (request.headers.get(f"x-discourse-{name}", "") for name in ("instance", "event-id", "event"))
    return request.body + "\x1f".join(about).encode()


def slack(request: Request, secrets: Sequence[str], now: float) -> bytes:
    """Check X-Slack-Signature: v0=<hex HMAC-SHA256 of v0:timestamp:body>. Raises `SignatureError`."""
    given, stamp = _header(request, "x-slack-signature"), _header(request, "x-slack-request-timestamp")
    _in_window(stamp, now)
    signed = b"v0:" + stamp.encode() + b":" + request.body
    _compare([given], (f"v0={_hmac(secret.encode(), signed).hex()}" for secret in _known(secrets)))
    return signed


def hubspot_v1(request: Request, secrets: Sequence[str], now: float) -> bytes:  # noqa: ARG001  (the scheme has no time)
    """Check X-HubSpot-Signature: hex SHA-256 of secret and body. Raises `SignatureError`."""
    given = _header(request, "x-hubspot-signature")
    _compare([given], (sha256(secret.encode() + request.body).hexdigest() for secret in _known(secrets)))
    return request.body


def hubspot_v2(request: Request, secrets: Sequence[str], now: float) -> bytes:  # noqa: ARG001  (the scheme has no time)
    """Check X-HubSpot-Signature: hex SHA-256 of secret, method, URI and body. Raises `SignatureError`."""
    given, about = _header(request, "x-hubspot-signature"), f"{request.method}{request.uri}".encode()
    _compare([given], (sha256(secret.encode() + about + request.body).hexdigest() for secret in _known(secrets)))
    return about + request.body


def hubspot_v3(request: Request, secrets: Sequence[str], now: float) -> bytes:
    """Check X-HubSpot-Signature-v3: Base64 HMAC-SHA256 of method, URI, body and timestamp (ms). Raises `SignatureError`."""
    given, stamp = _header(request, "x-hubspot-signature-v3"), _header(request, "x-hubspot-request-timestamp")
    _in_window(stamp, now, unit=1000)
    uri = request.uri
    for escaped, plain in HUBSPOT_DECODED.items():
        uri = uri.replace(escaped, plain).replace(escaped.lower(), plain)
    signed = f"{request.method}{uri}".encode() + request.body + stamp.encode()
    _compare([given], (base64.b64encode(_hmac(secret.encode(), signed)).decode() for secret in _known(secrets)))
    return signed


def kit(request: Request, secrets: Sequence[str], now: float) -> bytes:
    """Check X-Kit-Signature: t=<s>,v1=<hex HMAC-SHA256 of timestamp.body>, of v1 one or more. Raises `SignatureError`."""
    parts = [part.strip().partition("=") for part in _header(request, "x-kit-signature").split(",")[:16]]
    stamp = next((value for name, _, value in parts if name == "t"), "")
    _in_window(stamp, now)
    signed = stamp.encode() + b"." + request.body
    given = [value for name, _, value in parts if name == "v1"]
    _compare(given, (_hmac(secret.encode(), signed).hex() for secret in _known(secrets)))
    return signed


def standard_webhooks(request: Request, secrets: Sequence[str], now: float) -> bytes:
    """Check webhook-signature: v1,<Base64 HMAC-SHA256 of id.timestamp.body>, of which there may be several. Raises `SignatureError`."""
    identifier, stamp = _header(request, "webhook-id"), _header(request, "webhook-timestamp")
    _in_window(stamp, now)
    signed = f"{identifier}.{stamp}.".encode() + request.body
    given = [
        one.removeprefix("v1,") for one in _header(request, "webhook-signature").split()[:16] if one.startswith("v1,")
    ]
    _compare(given, (base64.b64encode(_hmac(_webhook_key(secret), signed)).decode() for secret in _known(secrets)))
    return signed


def segment(request: Request, secrets: Sequence[str], now: float) -> bytes:  # noqa: ARG001  (the scheme has no time)
    """Check X-Signature: hex HMAC-SHA1 of the body. Raises `SignatureError`."""
    given = _header(request, "x-signature")
    _compare([given], (hmac.digest(secret.encode(), request.body, "sha1").hex() for secret in _known(secrets)))
    return request.body


def shared_secret(request: Request, secrets: Sequence[str], now: float) -> bytes:  # noqa: ARG001  (the scheme has no time)
    """Check the secret itself: `Authorization: Bearer`, the password of `Basic`, or `X-Webhook-Secret`. Raises `SignatureError`."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    given = request.headers.get("x-webhook-secret", "")
    if kind.lower() == "bearer":
        given = value.strip()
    elif kind.lower() == "basic":
        try:
            given = base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            raise SignatureError("authorization: expected Base64 of name:secret after Basic") from None
    if not given:
        raise SignatureError("no secret; expected Authorization: Bearer, Basic, or X-Webhook-Secret")
    _compare([given], _known(secrets))
    return b""


SCHEMES: dict[str, Scheme] = {
    "discourse": discourse,
    "slack": slack,
    "hubspot-v1": hubspot_v1,
    "hubspot-v2": hubspot_v2,
    "hubspot-v3": hubspot_v3,
    "kit": kit,
    "segment": segment,
    "standard-webhooks": standard_webhooks,
    "shared-secret": shared_secret,
}


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name)
    if not value:
        raise SignatureError(f"no header {name}")
    return value


def _known(secrets: Sequence[str]) -> list[str]:
    """Return the secrets that there are; an empty one would let everybody in."""
    known = [secret for secret in secrets if secret]
    if not known:
        raise SignatureError("no secret is set for this source")
    return known


def _in_window(stamp: str, now: float, unit: float = 1.0) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 16):
        raise SignatureError("timestamp: expected digits only")
    if abs(now - int(stamp) / unit) > WINDOW:
        raise SignatureError(f"timestamp: more than {WINDOW:g} s away from now")


def _compare(given: Sequence[str], wanted: Iterable[str]) -> None:
    """Compare all with all, so that time tells nothing of which secret or signature it was."""
    signatures = [one.encode() for one in given]
    same = [hmac.compare_digest(one, expected.encode()) for expected in wanted for one in signatures]
    if not any(same):
        raise SignatureError("the signature does not fit the body and any secret")


def _hmac(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret, signed, "sha256")


def _webhook_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError("the secret set for this source is no Base64 after whsec_") from None
