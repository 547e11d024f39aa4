"""Signatures: every published vector verifies, everything tampered with is refused."""

import base64
import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from streams.gateway.signatures import SCHEMES, WINDOW, Request, SignatureError
from tests.support.shared_data import requires_payloads, shared_payloads

NOW = 1767225600.0
BODY = b'{"a": 1}'
SECRET = "a secret of ours"
KEY = "whsec_" + base64.b64encode(b"a key of ours").decode()
URI = "https://door.example/in/hubspot?x=1"


def signed(scheme: str, body: bytes = BODY, at: float = NOW, secret: str = SECRET) -> Request:
    """Return a request signed as the platform's own page says, by means other than the code under test."""
    stamp = str(int(at))

    def mac(text: bytes) -> hmac.HMAC:
        return hmac.new(secret.encode(), text, sha256)

    ms = stamp + "000"
    if scheme == "standard-webhooks":
        signature = Webhook(KEY).sign("m1", datetime.fromtimestamp(at, UTC), body.decode())
        return Request(body, {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": signature})
    headers: dict[str, dict[str, str]] = {
        "discourse": {"x-discourse-event-signature": "sha256=" + mac(body).hexdigest()},
        "slack": {"x-slack-request-timestamp": stamp, "x-slack-signature": "v0=" + mac(f"v0:{stamp}:".encode() + body).hexdigest()},
        "hubspot-v1": {"x-hubspot-signature": sha256(secret.encode() + body).hexdigest()},
        "hubspot-v2": {"x-hubspot-signature": sha256(f"{secret}POST{URI}".encode() + body).hexdigest()},
        "hubspot-v3": {
            "x-hubspot-request-timestamp": ms,
            "x-hubspot-signature-v3": base64.b64encode(mac(f"POST{URI}".encode() + body + ms.encode()).digest()).decode(),
        },
        "kit": {"x-kit-signature": f"t={stamp},v1={'0' * 64},v1={mac(stamp.encode() + b'.' + body).hexdigest()}"},
        "segment": {"x-signature": hmac.new(secret.encode(), body, "sha1").hexdigest()},
        "shared-secret": {"authorization": f"Bearer {secret}"},
    }  # fmt: skip
    return Request(body, headers[scheme], "POST", URI)


def secrets_of(scheme: str) -> list[str]:
    """Return the old and the new secret of a source whose secret is being changed."""
    return ["another, newer secret", SECRET] if scheme != "standard-webhooks" else ["whsec_bmV3ZXI=", KEY]


def refused(scheme: str, request: Request, secrets: list[str], now: float = NOW) -> str:
    """Return why a request is refused; fails where it is not."""
    with pytest.raises(SignatureError) as told:
        SCHEMES[scheme](request, secrets, now)
    return str(told.value)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_signed_with_either_of_two_secrets_passes(scheme: str) -> None:
    """Rotation: the old secret still counts while the new one is set."""
    SCHEMES[scheme](signed(scheme), secrets_of(scheme), NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_unknown_secret_no_secret_and_no_header_are_refused(scheme: str) -> None:
    """An empty secret must not sign anything; the message never holds a secret or a signature."""
    for message in (
        refused(scheme, signed(scheme), secrets_of(scheme)[:1]),
        refused(scheme, signed(scheme), []),
        refused(scheme, signed(scheme), ["", ""]),
        refused(scheme, Request(BODY, {}), secrets_of(scheme)),
    ):
        assert SECRET not in message
        assert len(message) < 100


@pytest.mark.parametrize("scheme", sorted(SCHEMES.keys() - {"shared-secret"}))
def test_another_body_is_refused(scheme: str) -> None:
    """One byte more, or none at all."""
    request = signed(scheme)
    for body in (BODY + b" ", b"", BODY.replace(b"1", b"2")):
        refused(scheme, request._replace(body=body), secrets_of(scheme))


@pytest.mark.parametrize("scheme", ["slack", "hubspot-v3", "kit", "standard-webhooks"])
def test_a_time_out_of_the_window_is_refused(scheme: str) -> None:
    """300 s pass, more do not: neither old nor from the future; nor what is no number."""
    for now in (NOW + WINDOW, NOW - WINDOW):
        SCHEMES[scheme](signed(scheme), secrets_of(scheme), now)
    for now in (NOW + WINDOW + 1, NOW - WINDOW - 1):
        assert "300 s" in refused(scheme, signed(scheme), secrets_of(scheme), now)
    old = {name: value.replace(str(int(NOW)), "٣") for name, value in signed(scheme).headers.items()}
    assert "digits" in refused(scheme, Request(BODY, old, "POST", URI), secrets_of(scheme))


@pytest.mark.parametrize("scheme", ["hubspot-v2", "hubspot-v3"])
def test_method_and_address_are_part_of_what_is_signed(scheme: str) -> None:
    """A request signed for another door is refused."""
    refused(scheme, signed(scheme)._replace(method="PUT"), [SECRET])
    refused(scheme, signed(scheme)._replace(uri="https://door.example/in/other"), [SECRET])


def test_hubspot_signs_some_escapes_decoded() -> None:
    """The public address may hold %3A where the signed one holds a colon."""
    plain = signed("hubspot-v3")
    stamp = plain.headers["x-hubspot-request-timestamp"]
    text = f"POSThttps://door.example/a:b@c%20d{BODY.decode()}{stamp}".encode()
    headers = {
        **plain.headers,
        "x-hubspot-signature-v3": base64.b64encode(hmac.digest(SECRET.encode(), text, "sha256")).decode(),
    }
    SCHEMES["hubspot-v3"](Request(BODY, headers, "POST", "https://door.example/a%3Ab%40c%20d"), [SECRET], NOW)


def test_a_shared_secret_may_come_in_three_places() -> None:
    """Bearer, the password of Basic, a header of its own; anything else in Basic is told."""
    basic = base64.b64encode(f"zapier:{SECRET}".encode()).decode()
    for headers in (
        {"authorization": f"bearer {SECRET}"},
        {"authorization": f"Basic {basic}"},
        {"x-webhook-secret": SECRET},
    ):
        SCHEMES["shared-secret"](Request(b"", headers), [SECRET], NOW)
    assert "Base64" in refused("shared-secret", Request(b"", {"authorization": "Basic %%%"}), [SECRET])
    assert "Base64" in refused("standard-webhooks", signed("standard-webhooks"), ["whsec_%%"])


HEADERS = (
    "x-discourse-event-signature", "x-slack-signature", "x-slack-request-timestamp", "x-hubspot-signature", "x-hubspot-signature-v3",
    "x-hubspot-request-timestamp", "x-kit-signature", "x-signature", "webhook-id", "webhook-timestamp", "webhook-signature", "authorization", "x-webhook-secret",
)  # fmt: skip


@given(
    st.sampled_from(sorted(SCHEMES)),
    st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=80)),
    st.binary(max_size=40),
)
def test_no_header_whatever_passes_or_fails_otherwise(scheme: str, headers: dict[str, str], body: bytes) -> None:
    """Arbitrary headers are refused with the one error there is."""
    refused(scheme, Request(body, headers), secrets_of(scheme))


def vectors() -> list[tuple[str, Request, str, float]]:
    """Return the published vectors as (scheme, request, secret, now)."""
    found: list[tuple[str, Request, str, float]] = []
    root = shared_payloads()
    if not root.is_dir():
        return found

    def read(path: str) -> dict[str, Any]:
        return orjson.loads((root / path).read_bytes())  # type: ignore[no-any-return]

    one = read("discourse/signature_vector.json")
    found.append(
        ("discourse", Request(one["raw_body"].encode(), {one["header"].lower(): one["expected"]}), one["secret"], NOW)
    )
    one = read("slack/signature_vector.json")
    headers = {"x-slack-signature": one["expected_signature"], "x-slack-request-timestamp": one["timestamp"]}
    found.append(("slack", Request(one["raw_body"].encode(), headers), one["signing_secret"], float(one["timestamp"])))
    many = read("hubspot/signature_vectors.json")
    for one in many["vectors"]:
        third = one["version"] == "v3"
        headers = {"x-hubspot-signature-v3" if third else "x-hubspot-signature": one["expected"]}
        headers |= {"x-hubspot-request-timestamp": one["timestamp"]} if third else {}
        request = Request(one["raw_body"].encode(), headers, one.get("method", "POST"), one.get("uri", ""))
        found.append((f"hubspot-{one['version']}", request, many["client_secret"], int(one.get("timestamp", 0)) / 1000))
    one = read("kit/signature_vector_constructed.json")
    found.append(
        ("kit", Request(one["raw_body"].encode(), {"x-kit-signature": one["expected"]}), one["secret"], float(one["t"]))
    )
    one = read("standard-webhooks/signature_vector.json")
    headers = {
        "webhook-signature": one["expected"],
        **{name: one[name] for name in ("webhook-id", "webhook-timestamp")},
    }
    found.append(
        (
            "standard-webhooks",
            Request(one["raw_body"].encode(), headers),
            one["secret"],
            float(one["webhook-timestamp"]),
        )
    )
    return found


@requires_payloads()
def test_every_published_vector_verifies_and_is_refused_when_tampered_with() -> None:
    """Discourse, Slack, HubSpot v1 to v3, Kit, Standard Webhooks."""
    known = vectors()
    assert sorted(scheme for scheme, *_ in known) == sorted(
        [*SCHEMES.keys() - {"shared-secret", "segment"}, "hubspot-v2"]
    )
    for scheme, request, secret, now in known:
        SCHEMES[scheme](request, [secret], now)
        refused(scheme, request._replace(body=request.body + b"x"), [secret], now)
        refused(scheme, request, [secret[:-1] + ("A" if secret[-1] != "A" else "B")], now)
        name = next(name for name in request.headers if "signature" in name)
        value = request.headers[name]
        changed = value[:-3] + ("0" if value[-3] != "0" else "1") + value[-2:]
        refused(scheme, request._replace(headers={**request.headers, name: changed}), [secret], now)
        if "v1" not in scheme and "v2" not in scheme and scheme != "discourse":
            refused(scheme, request, [secret], now + 301)
