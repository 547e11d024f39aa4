"""Signs requests as each platform's own page says, by means other than the code under test."""

import base64
import hmac
from hashlib import sha256

SECRET = "a-secret-of-ours"
URL = "https://door.example"


def signature(source: str, body: bytes, at: float, secret: str = SECRET, path: str = "") -> dict[str, str]:
    """Return the headers that a source's request carries."""
    stamp, path = str(int(at)), path or f"/in/{source}"
    if source == "discourse":
        return {"x-discourse-event-signature": "sha256=" + _mac(secret, body).hex()}
    if source == "slack":
        return {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": "v0=" + _mac(secret, b"v0:%b:%b" % (stamp.encode(), body)).hex(),
        }
    if source == "hubspot":
        signed = f"POST{URL}{path}".encode() + body + f"{stamp}000".encode()
        return {
            "x-hubspot-request-timestamp": stamp + "000",
            "x-hubspot-signature-v3": base64.b64encode(_mac(secret, signed)).decode(),
        }
    if source in ("kit", "convertkit"):
        return {"x-kit-signature": f"t={stamp},v1={_mac(secret, stamp.encode() + b'.' + body).hex()}"}
    return {"authorization": f"Bearer {secret}"}


def _mac(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, sha256).digest()
