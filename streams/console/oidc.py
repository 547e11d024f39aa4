"""Signing in at an OpenID provider: the code flow with PKCE, by Authlib; what its token says of somebody, and the role that this gives."""

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from streams.console.accounts import Role
from streams.errors import UserError
from streams.settings import Settings

PENDING_S, PENDING_MAX = 600.0, 1_000
KEPT_S, TIMEOUT_S, LEEWAY_S = 3600.0, 10.0, 60
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # none that a shared secret signs
WELL_KNOWN = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
log = logging.getLogger("lotse.console")


class Person(NamedTuple):
    """Somebody as a provider knows them: `subject` is theirs for ever, the name may change."""

    subject: str
    name: str
    role: Role | None


class Begun(NamedTuple):
    """A sign-in under way: what the answer must carry, and where it leads."""

    state: str
    nonce: str
    verifier: str
    after: str
    until: float


class RefusedError(Exception):
    """The provider's answer is none that may be believed, or there was none."""


class Provider:
    """One provider. What is under way is kept in memory, bounded, and known by the cookie of the browser that began it."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings, self._clock = settings, clock
        self.label = settings.oidc_label
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._roles = roles_of(settings.oidc_roles)
        self._back = f"{settings.console_url or f'http://{settings.console_address}'}/sign-in/elsewhere/back"
        self._begun: OrderedDict[str, Begun] = OrderedDict()
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any]] = (0.0, {})
        self._check()

    def begin(self, after: str) -> tuple[str, str]:
        """Return what the browser keeps meanwhile, and the provider's address that it is sent to. Raises `RefusedError`."""
        begun = Begun(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            after,
            self._clock() + PENDING_S,
        )
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._told("authorization_endpoint"), state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._begun[key] = begun
            while len(self._begun) > PENDING_MAX:
                self._begun.popitem(last=False)
        return key, str(address)

    def finish(self, key: str, given: dict[str, str]) -> tuple[Person, str] | None:
        """Return who came back, and where they wanted to go; None where nothing was begun with this. Raises `RefusedError`."""
        with self._lock:
            begun = self._begun.pop(key, None)
        if (
            begun is None
            or begun.until < self._clock()
            or not secrets.compare_digest(begun.state, given.get("state", ""))
        ):
            return None
        if "code" not in given:
            raise RefusedError(f"it answered {given.get('error', 'without a code')[:60]}")
        if given.get("iss", self._issuer).rstrip("/") != self._issuer:  # RFC 9207: an answer of another provider
            raise RefusedError("the answer is another provider's")
        return self._person(self._claims(given["code"], begun)), begun.after

    def _claims(self, code: str, begun: Begun) -> dict[str, Any]:
        """Return what the provider's token says, once its signature, issuer, audience, time and nonce hold."""
        try:
            with self._session() as session:
                token = session.fetch_token(
                    self._told("token_endpoint"), code=code, code_verifier=begun.verifier, timeout=TIMEOUT_S
                )
                keys = self._json(session, self._told("jwks_uri"))
            found = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            registry = jwt.JWTClaimsRegistry(
                leeway=LEEWAY_S, iss={"essential": True, "value": self._told("issuer")}, exp={"essential": True}, sub={"essential": True},
                aud={"essential": True, "value": self._settings.oidc_client}, nonce={"essential": True, "value": begun.nonce},
            )  # fmt: skip
            registry.validate(found.claims)
        except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, TypeError, ValueError) as error:
            raise RefusedError(type(error).__name__) from None
        claims = dict(found.claims)
        if (
            isinstance(claims["aud"], list)
            and len(claims["aud"]) > 1
            and claims.get("azp") != self._settings.oidc_client
        ):
            raise RefusedError("its token is for another client")  # OpenID Connect Core 1.0, section 3.1.3.7
        return claims

    def _person(self, claims: dict[str, Any]) -> Person:
        name = claims.get(self._settings.oidc_name) or claims.get("email") or claims.get("name") or claims["sub"]
        return Person(f"{self._issuer} {claims['sub']}", str(name), self._role(_at(claims, self._settings.oidc_claim)))

    def _role(self, found: object) -> Role | None:
        """Return the first role, in the order of the setting, of which somebody has the value."""
        values = {str(one) for one in found} if isinstance(found, list) else {str(found)}
        return next((role for role, value in self._roles if value in values), None)

    def _told(self, name: str) -> str:
        """Return an address that the provider tells of itself; asked again after an hour. Raises `RefusedError`."""
        when, known = self._known
        if not known or self._clock() - when > KEPT_S:
            try:
                with self._session() as session:
                    known = self._json(session, self._issuer + WELL_KNOWN)
            except (requests.RequestException, ValueError) as error:
                raise RefusedError(type(error).__name__) from None
            if str(known.get("issuer", "")).rstrip("/") != self._issuer:
                raise RefusedError("it says that it is another issuer")
            self._known = self._clock(), known
        value = known.get(name)
        if not isinstance(value, str) or not _safe(value):
            raise RefusedError(f"it tells no {name} that may be asked")
        return value

    def _session(self) -> OAuth2Session:
        settings = self._settings
        return OAuth2Session(
            settings.oidc_client, settings.oidc_secret or None, scope=settings.oidc_scope, redirect_uri=self._back, code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if settings.oidc_secret else "none",
        )  # fmt: skip

    @staticmethod
    def _json(session: OAuth2Session, address: str) -> dict[str, Any]:
        answer = session.get(address, timeout=TIMEOUT_S, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("no JSON object")
        return found

    def _check(self) -> None:
        """Raise `UserError` where a setting is missing or unsafe."""
        missing = [name for name in ("oidc_client", "oidc_roles") if not getattr(self._settings, name)]
        if missing:
            raise UserError(f"LOTSE_OIDC_ISSUER needs {' and '.join(f'LOTSE_{name.upper()}' for name in missing)}")
        if not _safe(self._issuer):
            raise UserError(f"LOTSE_OIDC_ISSUER {self._issuer}: expected https:// (http:// on this machine alone)")


def roles_of(text: str) -> list[tuple[Role, str]]:
    """Return (role, value) of a setting such as `admin=lotse-admins author=editors`. Raises `UserError`."""
    found = []
    for part in text.split():
        name, equals, value = part.partition("=")
        if name not in list(Role) or not equals or not value:
            raise UserError(f"LOTSE_OIDC_ROLES: expected role=value with a role of {', '.join(Role)}; found {part!r}")
        found.append((Role(name), value))
    return found


def _safe(address: str) -> bool:
    """Tell whether an address may be trusted with a token: TLS, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _at(claims: dict[str, Any], path: str) -> Any:
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
