"""Who looks at an inbox: a JSON Web Token that the platform signs for its member (RFC 7519, HS256), since it knows who they are."""

from collections.abc import Sequence

import jwt

AUDIENCE = "lotse-inbox"
LIFE_MAX = 24 * 3600 + 300  # seconds that a token may live: a copied one must not open an inbox for ever
LEEWAY = 60  # seconds that two clocks may differ
TOKEN_MAX = 2000  # characters
SECRET_MIN = 32  # bytes (RFC 7518, section 3.2)
KEY_MAX = 512


class NotAMemberError(Exception):
    """A token that says nothing we believe; the message says what is wrong, nothing of the secret."""


def member_of(token: str, secrets: Sequence[str], now: float) -> str:
    """Return the key (`<community>/<member>`) of the member that a token is for. Raises `NotAMemberError`."""
    if not token or len(token) > TOKEN_MAX:
        raise NotAMemberError("expected Authorization: Bearer <token>")
    claims = _claims(token, secrets)
    key, ends = claims["sub"], claims["exp"]
    if not isinstance(ends, int | float) or not isinstance(key, str):
        raise NotAMemberError("expected sub as text and exp as a number")
    if not ends > now - LEEWAY:  # so that what is no number at all does not pass
        raise NotAMemberError("the token has expired")
    if not ends <= now + LIFE_MAX:
        raise NotAMemberError("exp: expected at most 24 hours from now")
    community, _, member = key.partition("/")
    if not community or not member or key.startswith("@") or len(key.encode(errors="replace")) > KEY_MAX:
        raise NotAMemberError("sub: expected <community>/<member>, as in the member's events")
    return key


def _claims(token: str, secrets: Sequence[str]) -> dict[str, object]:
    said = "no secret is set"
    for secret in secrets:
        try:
            # Times are held against our own clock by the caller, which a test can set.
            return dict(
                jwt.decode(
                    token, secret, algorithms=["HS256"], audience=AUDIENCE,
                    options={"require": ["sub", "exp", "aud"], "verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_sub": False},
                )
            )  # fmt: skip
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            said = str(error)
    raise NotAMemberError(f"the token is not accepted ({said})")
