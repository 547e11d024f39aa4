"""Who looks at an inbox: tokens of the platform alone, short-lived, for a member."""

from contextlib import suppress

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.pages.member_tokens import NotAMemberError, member_of
from tests.support.inbox_town import SECRET, SECRET_OLD, member_token

NOW = 1_800_000_000.0
SECRETS = (SECRET, SECRET_OLD)
DAY = 86400.0


@pytest.mark.parametrize("secret", SECRETS)
def test_a_token_of_the_platform_says_who_looks(secret: str) -> None:
    """Signed with the secret, or with the one before it."""
    assert member_of(member_token(now=NOW, secret=secret), SECRETS, NOW) == "town/ann"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "expected Authorization"),
        ("x" * 3000, "expected Authorization"),
        ("abc.def.ghi", "not accepted"),
        (member_token(now=NOW, secret="another secret, as long as 32 bytes"), "not accepted"),
        (member_token(now=NOW, ends=-61), "expired"),
        (member_token(now=NOW, ends=2 * DAY), "24 hours"),
        (member_token(now=NOW, aud="somebody-else"), "not accepted"),
        (member_token(now=NOW, aud=None), "not accepted"),
        (member_token(now=NOW, exp=None), "not accepted"),
        (member_token(now=NOW, exp="soon"), "not accepted|a number"),
        (member_token("ann", now=NOW), "<community>/<member>"),
        (member_token("@1/x", now=NOW), "<community>/<member>"),
        (member_token("town/", now=NOW), "<community>/<member>"),
        (member_token("town/" + "a" * 600, now=NOW), "<community>/<member>"),
        (jwt.encode({"sub": "town/ann", "aud": "lotse-inbox", "exp": NOW + 60}, "", algorithm="none"), "not accepted"),
        (
            jwt.encode({"sub": "town/ann", "aud": "lotse-inbox", "exp": NOW + 60}, SECRET, algorithm="HS384"),
            "not accepted",
        ),
    ],
)
def test_any_other_token_is_refused(token: str, said: str) -> None:
    """With a reason for whoever builds the platform, and nothing of the secret."""
    with pytest.raises(NotAMemberError, match=said) as caught:
        member_of(token, SECRETS, NOW)
    assert SECRET not in str(caught.value)


def test_two_clocks_may_differ_by_a_minute() -> None:
    """Not by more."""
    assert member_of(member_token(now=NOW, ends=-59), SECRETS, NOW) == "town/ann"


def test_without_a_secret_nobody_is_a_member() -> None:
    """An empty secret would let everybody in."""
    with pytest.raises(NotAMemberError):
        member_of(member_token(now=NOW), (), NOW)


@given(st.one_of(st.text(max_size=300), st.dictionaries(st.sampled_from(("sub", "exp", "aud")), st.one_of(st.text(max_size=9), st.integers(), st.none(), st.floats())).map(
    lambda claims: jwt.encode(claims | {"aud": "lotse-inbox"}, SECRET, algorithm="HS256"))))  # fmt: skip
def test_any_text_and_any_claims_give_a_member_or_a_refusal(token: str) -> None:
    """No other error."""
    with suppress(NotAMemberError):
        assert "/" in member_of(token, SECRETS, NOW)


def test_an_end_that_is_no_number_is_refused() -> None:
    """NaN is neither before nor after."""
    with pytest.raises(NotAMemberError):
        member_of(member_token(now=NOW, exp=float("nan")), SECRETS, NOW)
