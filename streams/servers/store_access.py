"""How every client of ours reaches Redis: in plain text on this machine, elsewhere with TLS; as somebody, where it asks."""

from typing import Any
from urllib.parse import urlsplit

from redis import Redis, exceptions
from redis.exceptions import RedisError, ResponseError

from streams.errors import UserError
from streams.servers.broker_access import certificate_fault, refuse_plaintext
from streams.settings import Settings, load_settings

ASK_S = 5.0  # for an answer
NOBODY, PORT = "no store answers", 6379


def options(url: str, settings: Settings | None = None) -> dict[str, Any]:
    """Return what `from_url` of redis-py needs beside the URL; what the URL says itself has precedence there.

    Raises `UserError` where it would be plain text over a network.
    """
    chosen, parts = settings or load_settings().settings, urlsplit(url)
    if parts.scheme != "rediss":
        refuse_plaintext("LOTSE_REDIS", [parts.hostname or ""], "rediss:// and the port of its TLS", chosen)
    found: dict[str, Any] = {}
    if chosen.redis_user:
        found["username"] = chosen.redis_user
    if chosen.redis_password:
        found["password"] = chosen.redis_password
    if parts.scheme == "rediss" and chosen.redis_ca:
        found["ssl_ca_certs"] = chosen.redis_ca
    return found


def said(error: BaseException, url: str) -> str:
    """Return in one sentence why the store at a URL is not to be had; of the URL, no more than host and port."""
    text, parts = str(error), urlsplit(url)
    if (
        isinstance(error, exceptions.AuthenticationError | exceptions.AuthorizationError)
        or "invalid username-password" in text
    ):
        return "the store refuses this user and password: LOTSE_REDIS_USER, LOTSE_REDIS_PASSWORD"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "the store " + certificate_fault(
            text.partition("verify failed: ")[2].partition(" (")[0], "LOTSE_REDIS_CA"
        )
    if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text or "EOF occurred" in text:
        return "the store speaks no TLS there: give the port of its TLS in LOTSE_REDIS"
    if isinstance(error, exceptions.ConnectionError) and ("closed by server" in text or "reset by peer" in text):
        return "the store ends the connection: is it a port for TLS (rediss://)?"
    if isinstance(error, ResponseError):
        return f"the store refuses LOTSE_REDIS: {text}"
    silent = isinstance(error, exceptions.TimeoutError)
    why = "is it a port for TLS, " if silent and parts.scheme == "rediss" else ""
    kind = "TimeoutError" if silent else type(error).__name__
    where = f" at {parts.hostname}:{parts.port or PORT}" if parts.hostname else ""
    return f"{NOBODY}{where} ({kind}); {why}is Redis running, is LOTSE_REDIS right?"


def require(url: str, settings: Settings | None = None) -> None:
    """Raise `UserError` where a store that is there would not have us, or we it; where nobody is there, say nothing."""
    how = options(url, settings)
    client = Redis.from_url(url, **how, retry=None, socket_timeout=ASK_S, socket_connect_timeout=ASK_S)
    try:
        client.ping()
    except RedisError as error:
        text = said(error, url)
        if not text.startswith(NOBODY):
            raise UserError(text) from None
    finally:
        client.close()
