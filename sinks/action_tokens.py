"""Signed tokens of actions: what stands behind a button or a link, unforgeable, good for one action of one member."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from processors.actions import KNOWN, LIFE, Action, offered
from processors.commands import Command

TOKEN_MAX = 2400  # characters: names of 256 each, and room; a longer one is not looked at
MAC_BYTES = 16  # HMAC-SHA256, cut to 128 bits (RFC 2104, section 5)
VERSION = b"\x01"
PUBLIC = frozenset({"thread", "pinned", "staff"})  # others than the member read along, and might press
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Action)


class TokenError(Exception):
    """A token that counts for nothing; `reason` is one of malformed, forged, expired."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} token")
        self.reason = reason


class ActionTokens:
    """Makes tokens with the first key, reads those of any: a new key goes in front, the old one stays until its tokens expire.

    A token is base64url of a version, the action as MessagePack, and an HMAC. It carries the ids that are needed and no
    text; its bytes depend on action and key alone. Raises `ValueError` without a key.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or not all(keys):
            raise ValueError("expected a key for action tokens")
        self._keys = [blake2b(key, person=b"lotse-action").digest() for key in keys]

    def sign(self, action: Action) -> str:
        """Return the token of an action."""
        body = VERSION + _ENCODER.encode(action)
        return base64.urlsafe_b64encode(body + _mac(self._keys[0], body)).rstrip(b"=").decode()

    def of(self, command: Command) -> dict[str, str]:
        """Return the tokens that a message in a private place offers, by action; none where others read along.

        Besides the command's own actions: `preferences` and `survey`, which lead to pages. Where a platform says who
        pressed (as Slack does), a channel may `offer` single ones in public too.
        """
        if command.channel in PUBLIC:
            return {}
        return {
            name: self.offer(command, name) for name in (*command.actions, "preferences", "survey") if name in KNOWN
        }

    def offer(self, command: Command, action: str) -> str:
        """Return the token of one action about a command."""
        return self.sign(offered(command, action))

    def for_member(self, member: str, action: str, now: float) -> str:
        """Return a token about no command: a member's door to a page, good for 90 days from `now` (epoch s)."""
        return self.sign(Action(action, member, expires=int(now + LIFE)))

    def read(self, token: str, now: float, *actions: str) -> Action:
        """Return the action of a token, one of `actions` if any are named. Raises `TokenError`.

        Nothing of a token is parsed before its HMAC holds; all keys are compared, in constant time.
        """
        body, mac = _parts(token)
        if not any([hmac.compare_digest(mac, _mac(key, body)) for key in self._keys]):  # noqa: C419  (all are compared)
            raise TokenError("forged")
        try:
            action = _DECODER.decode(body[1:])
        except msgspec.DecodeError:  # signed by another version of this program
            raise TokenError("malformed") from None
        if action.action not in (actions or KNOWN) or "/" not in action.member:
            raise TokenError("malformed")
        if action.expires and action.expires < now:
            raise TokenError("expired")
        return action


def _parts(token: str) -> tuple[bytes, bytes]:
    """Return what is signed, and the HMAC. Only the one spelling that we write is a token (RFC 4648, section 3.5)."""
    if not token.isascii() or len(token) > TOKEN_MAX:
        raise TokenError("malformed")
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise TokenError("malformed") from None
    if len(raw) <= MAC_BYTES + 1 or raw[:1] != VERSION:
        raise TokenError("malformed")
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
        raise TokenError("malformed")
    return raw[:-MAC_BYTES], raw[-MAC_BYTES:]


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:MAC_BYTES]
