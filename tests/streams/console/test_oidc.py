"""Signing in at a real little OpenID provider: who may, as what; and what is not believed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from streams.console.accounts import Role
from streams.console.oidc import roles_of
from streams.errors import UserError
from tests.support.consoles import PASSWORD, Operators
from tests.support.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider

pytestmark = pytest.mark.integration
ROLES = "admin=lotse-admins author=editors viewer=everybody"


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    """One for all."""
    with openid_provider() as made:
        yield made


@pytest.fixture
def operators(provider: OpenIdProvider, tmp_path: Path) -> Operators:
    """A console that trusts it; and the provider as it was."""
    provider.claims = {"sub": "17", "preferred_username": "carla", "groups": ["editors"]}
    provider.forge = {}
    return console(provider, tmp_path)


def console(provider: OpenIdProvider, folder: Path, **changes: Any) -> Operators:
    """A console that trusts this provider."""
    given = {
        "oidc_issuer": provider.issuer, "oidc_client": CLIENT, "oidc_secret": SECRET, "oidc_roles": ROLES, "console_url": "http://console",
        **changes,
    }  # fmt: skip
    return Operators(folder, **given)


def there_and_back(operators: Operators, path: str = "/sign-in/elsewhere", **changes: str) -> httpx.Response:
    """Go to the provider and come back as a browser would; `changes` are of the answer's address, `cookie` of the cookie."""
    begun = operators.get(path)
    assert begun.status_code == 303
    name, _, cookie = begun.headers["set-cookie"].partition(";")[0].partition("=")
    assert "samesite=lax" in begun.headers["set-cookie"].lower()
    answer = httpx.get(begun.headers["location"])
    assert answer.status_code == 303
    back = urlsplit(answer.headers["location"])
    given = {key: values[0] for key, values in parse_qs(back.query).items()}
    headers = {"cookie": f"{name}={changes.pop('cookie', cookie)}"}
    return operators.ask("GET", back.path, params={**given, **changes}, headers=headers)


def test_somebody_signs_in_and_is_what_their_group_says(operators: Operators, provider: OpenIdProvider) -> None:
    """They get a session, and come to where they wanted; another time the same account, with the role of that day."""
    answer = there_and_back(operators, "/sign-in/elsewhere?next=/noisy")
    assert answer.status_code == 200
    assert 'content="0;url=/noisy"' in answer.text
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("lotse_console="))
    assert "samesite=strict" in session.lower()
    operators.cookie = session.partition("=")[2].partition(";")[0]
    assert operators.get("/people").status_code == 403
    assert [(one.name, one.role) for one in operators.accounts.everybody()] == [("carla", Role.AUTHOR)]
    provider.claims = {"sub": "17", "preferred_username": "renamed", "groups": ["lotse-admins", "editors"]}
    assert there_and_back(operators).status_code == 200
    assert [(one.name, one.role) for one in operators.accounts.everybody()] == [("carla", Role.ADMIN)]
    assert operators.get("/people").status_code == 200
    assert operators.ask("POST", "/sign-in", data={"name": "carla", "password": ""}).status_code == 403, (
        "no password opens it"
    )


def test_who_has_no_role_or_is_shut_out_stays_out(operators: Operators, provider: OpenIdProvider) -> None:
    """And is told why; the record holds it."""
    provider.claims["groups"] = ["others"]
    answer = there_and_back(operators)
    assert (answer.status_code, "have no role here" in answer.text) == (403, True)
    assert operators.accounts.everybody() == []
    provider.claims["groups"] = "editors"
    assert there_and_back(operators).status_code == 200
    operators.accounts.join(operators.accounts.invite(Role.ADMIN), "ann", PASSWORD)
    assert operators.accounts.switch("carla", off=True)
    assert "shut out" in there_and_back(operators).text
    assert operators.accounts.noted()[0][1].action == "sign_in.refused"


def test_nobody_takes_a_local_account_by_its_name(operators: Operators) -> None:
    """However they are called there."""
    operators.accounts.join(operators.accounts.invite(Role.ADMIN), "Carla", PASSWORD)
    answer = there_and_back(operators)
    assert (answer.status_code, "exists here already" in answer.text) == (403, True)
    assert [one.role for one in operators.accounts.everybody()] == [Role.ADMIN]


@pytest.mark.parametrize(
    "forge",
    [{"nonce": "another"}, {"nonce": None}, {"aud": "another client"}, {"iss": "https://evil.example"}, {"exp": int(time.time()) - 600}, {"exp": None}, {"sub": None},
     {"aud": [CLIENT, "another"]}],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_meant_is_not_believed(
    operators: Operators, provider: OpenIdProvider, forge: dict[str, Any]
) -> None:
    """For another client, sign-in, time or from another issuer."""
    provider.forge = forge
    answer = there_and_back(operators)
    assert (answer.status_code, "did not answer as expected" in answer.text) == (502, True)
    assert operators.accounts.everybody() == []


@pytest.mark.parametrize(
    "key", [RSAKey.generate_key(2048, {"kid": "one"}), OctKey.import_key(SECRET * 2)], ids=["stranger", "secret"]
)
def test_a_token_that_others_signed_is_not_believed(operators: Operators, provider: OpenIdProvider, key: Any) -> None:
    """By a key that is not published, or by a secret that many know."""
    own, provider.key = provider.key, key
    provider.algorithm = "RS256" if isinstance(key, RSAKey) else "HS256"
    try:
        assert there_and_back(operators).status_code == 502
    finally:
        provider.key, provider.algorithm = own, "RS256"


def test_only_the_browser_that_began_comes_back(operators: Operators) -> None:
    """And once: nobody is signed in by a link that another made."""
    for changes in ({"cookie": "another"}, {"state": "another"}):
        answer = there_and_back(operators, **changes)
        assert (answer.status_code, "began in another" in answer.text) == (400, True)
    assert there_and_back(operators, iss="https://evil.example").status_code == 502
    assert operators.ask("GET", "/sign-in/elsewhere/back", params={"code": "x", "state": "y"}).status_code == 400
    assert operators.accounts.everybody() == []


def test_where_the_provider_is_away_local_accounts_sign_in(provider: OpenIdProvider, tmp_path: Path) -> None:
    """The button says so; nothing else changes."""
    operators = console(provider, tmp_path, oidc_issuer="http://127.0.0.1:1", oidc_label="Chess Town")
    assert "Sign in with Chess Town" in operators.get("/sign-in").text
    assert operators.get("/sign-in/elsewhere").status_code == 503
    operators.accounts.join(operators.accounts.invite(Role.VIEWER), "ann", PASSWORD)
    assert operators.ask("POST", "/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 303
    assert Operators(tmp_path / "without").get("/sign-in/elsewhere").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"oidc_client": ""}, "LOTSE_OIDC_CLIENT"), ({"oidc_roles": "king=all"}, "LOTSE_OIDC_ROLES"), ({"oidc_issuer": "http://login.example.org"}, "https://"),
     ({"oidc_roles": ""}, "LOTSE_OIDC_ROLES")],
)  # fmt: skip
def test_settings_that_cannot_be_are_told_at_the_start(
    provider: OpenIdProvider, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    """By their names."""
    with pytest.raises(UserError, match=said):
        console(provider, tmp_path, **changes)


def test_roles_are_in_the_order_of_the_setting() -> None:
    """The first that somebody has counts."""
    assert roles_of("viewer=a admin=b") == [(Role.VIEWER, "a"), (Role.ADMIN, "b")]
