"""Tokens: what is signed is read, anything else is refused, without telling anything of the key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.actions import LIFE, Action, offered
from processors.commands import ACTIONS
from sinks.action_tokens import MAC_BYTES, TOKEN_MAX, ActionTokens, TokenError
from tests.support.commands import command

NOW = 1_800_000_000.0
OLD, NEW = b"an old key of the town", b"a new key of the town"
TOKENS = ActionTokens([NEW])
COMMAND = command(not_before=NOW, kind="onboarding", id="6f" * 16)
names = st.text(max_size=40)
actions = st.builds(
    Action, st.sampled_from(ACTIONS), names.map(lambda name: f"town/{name}"), names, names, names, names, names,
    st.sampled_from((0, int(NOW + 1))),
)  # fmt: skip


def reason(token: str, tokens: ActionTokens = TOKENS, *wanted: str, now: float = NOW) -> str:
    """Why a token is refused."""
    with pytest.raises(TokenError) as caught:
        tokens.read(token, now, *wanted)
    return caught.value.reason


@given(action=actions)
def test_what_is_signed_is_read(action: Action) -> None:
    """All of it, and the token needs no quoting in an address."""
    token = TOKENS.sign(action)
    assert TOKENS.read(token, NOW) == action
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(action=actions, data=st.data())
def test_a_token_with_one_sign_changed_is_refused(action: Action, data: st.DataObject) -> None:
    """Wherever it is, and whatever it becomes."""
    token = TOKENS.sign(action)
    where = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("AZaz09-_").filter(lambda sign: sign != token[where]))
    assert reason(token[:where] + sign + token[where + 1 :]) in ("forged", "malformed")


@given(
    text=st.one_of(
        st.text(max_size=300), st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
    )
)
def test_whatever_comes_gives_a_refusal_and_nothing_else(text: str) -> None:
    """No other error, for any text."""
    assert reason(text) in ("forged", "malformed")


def test_only_one_spelling_of_a_token_counts() -> None:
    """Padding, white space, bits that decode to nothing: a token is one string, so that it can be looked for."""
    token = TOKENS.sign(Action("helpful", "town/ann"))
    spare = token[:-1] + chr(ord(token[-1]) + 1)
    for other in (f"{token}=", f"{token}\n", f" {token}", spare, "x" * (TOKEN_MAX + 1)):
        assert reason(other) in ("malformed", "forged")


def test_a_key_is_changed_without_breaking_links() -> None:
    """The old key is still read beside the new one, and no longer signs; when it is gone its tokens are forged."""
    old, both = ActionTokens([OLD]), ActionTokens([NEW, OLD])
    token = old.offer(COMMAND, "helpful")
    assert both.read(token, NOW).action == "helpful"
    assert both.offer(COMMAND, "helpful") == TOKENS.offer(COMMAND, "helpful") != token
    assert reason(token) == "forged"


def test_a_token_ends_after_ninety_days() -> None:
    """Counted from the command, so that each delivery of it offers the same token."""
    token = TOKENS.offer(COMMAND, "stop_all")
    assert TOKENS.read(token, NOW + LIFE - 1).expires == NOW + LIFE
    assert reason(token, now=NOW + LIFE + 1) == "expired"


def test_a_token_is_good_for_what_it_is_for_alone() -> None:
    """A page says which actions it takes."""
    token = TOKENS.offer(COMMAND, "helpful")
    assert TOKENS.read(token, NOW, "helpful", "not_helpful").action == "helpful"
    assert reason(token, TOKENS, "preferences") == "malformed"
    assert TOKENS.read(TOKENS.for_member("town/ann", "preferences", NOW), NOW, "preferences").member == "town/ann"


def test_a_token_carries_ids_and_no_text() -> None:
    """What is shown to the member is not in it, and it is short enough for buttons (2,000) and links."""
    token = TOKENS.sign(offered(COMMAND, "snooze_30d"))
    inside = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:-MAC_BYTES]
    for text in (COMMAND.title, COMMAND.text, COMMAND.because):
        assert text.encode() not in inside
    assert len(token) <= 200


def test_a_private_message_offers_everything_a_public_one_nothing() -> None:
    """Where others read along they could press in the member's name."""
    assert set(TOKENS.of(COMMAND)) == {*ACTIONS, "preferences", "survey"}
    for channel in ("thread", "pinned", "staff"):
        assert TOKENS.of(command(channel=channel)) == {}
    assert set(TOKENS.of(command(actions=("helpful", "dance")))) == {"helpful", "preferences", "survey"}


def test_no_key_is_no_tokens() -> None:
    """An empty key would sign for everybody."""
    for keys in ([], [b""], [NEW, b""]):
        with pytest.raises(ValueError, match="a key"):
            ActionTokens(keys)
