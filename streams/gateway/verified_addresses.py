"""Which payloads say that a platform has verified somebody's e-mail address: proof that two accounts are one person's."""

from typing import Any

from streams.gateway.identities import Address
from streams.gateway.payloads import Delivery
from streams.gateway.reading import fields, identifier, text, truth

EMAIL_MAX = 254  # characters, RFC 5321


def addresses(delivery: Delivery, documents: list[Any]) -> list[Address]:
    """Return what a delivery proves: Slack's confirmed addresses, Discourse's of active accounts. Others do not say."""
    if delivery.source not in ("slack", "discourse"):
        return []
    read = _slack if delivery.source == "slack" else _discourse
    found = [read(delivery, body) for body in documents if isinstance(body, dict)]
    return [one for one in found if one is not None]


def _slack(delivery: Delivery, body: dict[str, Any]) -> Address | None:
    user = fields(fields(body.get("event")).get("user"))
    if not truth(user.get("is_email_confirmed")) or truth(user.get("is_bot")) or truth(user.get("deleted")):
        return None
    return _address(delivery, user.get("id"), fields(user.get("profile")).get("email"))


def _discourse(delivery: Delivery, body: dict[str, Any]) -> Address | None:
    user = fields(body.get("user"))
    confirmed = delivery.header("x-discourse-event") == "user_confirmed_email" or truth(user.get("active"))
    return _address(delivery, user.get("id"), user.get("email")) if confirmed else None


def _address(delivery: Delivery, number: Any, email: Any) -> Address | None:
    key, address = delivery.key(identifier(number)), text(email, EMAIL_MAX)
    if key is None or address is None or address.count("@") != 1:
        return None
    return Address(key, address)
