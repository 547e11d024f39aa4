"""Who sends: shown by a signature over the raw body, by an API key, or by the door's own secret."""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from streams.gateway.api_keys import ApiKeys
from streams.gateway.doors import EVENTS, Door
from streams.gateway.refusals import RefusedError
from streams.gateway.signatures import Request, SignatureError, shared_secret

KEY_BEGINS = "lotse_"


class Caller(NamedTuple):
    """Who was let in: for which community; `rate` (events a second) of a key, 0 without; `signed` is what tells the request."""

    name: str
    community: str
    rate: int = 0
    signed: bytes = b""


class Callers:
    """Lets senders in, or refuses them with 401."""

    def __init__(self, keys: ApiKeys, url: str, clock: Callable[[], float] = time.time) -> None:
        self._keys, self._url, self._clock = keys, url.rstrip("/"), clock

    async def identify(self, door: Door, request: Request, path_secret: str = "") -> Caller:
        """Return who sends. Raises `RefusedError` (401)."""
        key = _api_key(request.headers)
        if key and door.takes_keys:
            found = await self._keys.verify(key)
            self._check_community(door, found.community)
            return Caller(f"key:{found.id}", found.community, found.rate)
        if path_secret and door.takes_path:
            request = request._replace(headers={"x-webhook-secret": path_secret})
            return self._checked(door, request, shared_secret)
        return self._checked(door, request, door.scheme(request.headers))

    def _checked(self, door: Door, request: Request, scheme: Callable[..., bytes]) -> Caller:
        if self._url:  # what the platform called; a proxy in between may have changed scheme and host
            path = request.uri.partition("://")[2].partition("/")[2]
            request = request._replace(uri=f"{self._url}/{path}")
        try:
            signed = scheme(request, door.secrets, self._clock())
        except SignatureError as error:
            raise RefusedError(401, "signature", str(error)) from None
        return Caller(f"door:{door.name}", door.community, 0, signed)

    @staticmethod
    def _check_community(door: Door, community: str) -> None:
        """A key opens the doors of its own community only; /events is everybody's."""
        if door.name != EVENTS and door.community != community:
            raise RefusedError(403, "community", f"this key is of the community {community}, this door is not")


def _api_key(headers: Mapping[str, str]) -> str:
    given = headers.get("x-api-key", "")
    kind, _, value = headers.get("authorization", "").partition(" ")
    if not given and kind.lower() == "bearer" and value.strip().startswith(KEY_BEGINS):
        given = value.strip()
    return given
