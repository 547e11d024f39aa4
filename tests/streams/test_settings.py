"""Settings: all bad values at once, each with what was expected; secrets are not shown."""

from pathlib import Path

import pytest

from streams.errors import UserError
from streams.settings import load_settings, shown


def test_all_bad_values_are_told_at_once() -> None:
    """One message names every fault, unknown names too."""
    with pytest.raises(UserError) as caught:
        load_settings(
            {
                "LOTSE_PARTITIONS": "x",
                "LOTSE_STORE": "disk",
                "LOTSE_TICKS": "1",
                "LOTSE_PARTITION": "4",
                "LOTSE_REDIS_URL": "redis://host",
                "LOTSE_BOOTSTRAP": "http://kafka:9092",
                "LOTSE_WEBHOOK_URL": "http://",
                "LOTSE_REDIS": "localhost",
                "LOTSE_STORE_DIR": "/tmp",
                "LOTSE_EMAIL_CLIENT": "two words",
            }
        )
    message = str(caught.value)
    for name in (
        "LOTSE_PARTITIONS: expected a whole number, found 'x'",
        "LOTSE_STORE: expected memory or rocksdb",
        "LOTSE_PARTITION: no such setting; did you mean LOTSE_PARTITIONS?",
        "LOTSE_TICKS: no such setting; did you mean LOTSE_TICK_S?",
        "LOTSE_REDIS_URL: no such setting\n",
        "LOTSE_BOOTSTRAP: expected host:port (no http://)",
        "LOTSE_WEBHOOK_URL: expected a URL http:// or https:// with a host, found 'http://'",
        "LOTSE_REDIS: expected a URL",
        "LOTSE_EMAIL_CLIENT: expected a host name",
    ):
        assert name in message


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    """The source says so, the value is stripped."""
    (tmp_path / "key").write_text("0123456789abcdef\n")
    loaded = load_settings({"LOTSE_CONTROL_KEY_FILE": str(tmp_path / "key")})
    assert loaded.settings.control() == b"0123456789abcdef"
    assert loaded.sources["control_key"] == "LOTSE_CONTROL_KEY_FILE"


def test_a_short_control_key_is_refused() -> None:
    """The message says what is expected."""
    with pytest.raises(UserError, match="at least 16"):
        load_settings({"LOTSE_CONTROL_KEY": "short"}).settings.control()


@pytest.mark.parametrize(
    ("name", "value", "visible"),
    [
        ("control_key", "0123456789abcdef", "(set)"),
        ("webhook_secret", "", "(not set)"),
        ("redis", "redis://user:" + "hunter22@host:6379/0", "redis://(not shown)@host:6379/0"),
        ("redis", "redis://host:6379/0", "redis://host:6379/0"),
        ("webhook_url", "https://hooks.example.org/services/T0/token", "https://hooks.example.org/(not shown)"),
        ("webhook_url", "https://user:" + "hunter22@hooks.example.org", "https://(not shown)@hooks.example.org"),
        ("webhook_url", "https://hooks.example.org", "https://hooks.example.org"),
        ("bootstrap", "kafka:9092", "kafka:9092"),
    ],
)
def test_a_value_is_shown_without_what_is_secret_in_it(name: str, value: str, visible: str) -> None:
    """Keys, passwords of addresses, and the path of a webhook, which for many services is the secret."""
    assert shown(name, value) == visible


def test_action_tokens_have_a_key_of_their_own_or_that_of_the_deployment() -> None:
    """A new key signs, the old one is still read; without one it is made from the control key."""
    control, new, old = "0123456789abcdef", "a new key, 16 or more", "an old key, 16 or more"
    given = {"LOTSE_CONTROL_KEY": control, "LOTSE_ACTION_KEY_OLD": old}
    assert load_settings(given).settings.action_keys() == (control.encode(), old.encode())
    assert load_settings({**given, "LOTSE_ACTION_KEY": new}).settings.action_keys() == (new.encode(), old.encode())
    with pytest.raises(UserError, match="at least 16"):
        load_settings({**given, "LOTSE_ACTION_KEY": "short"}).settings.action_keys()
    with pytest.raises(UserError, match="LOTSE_PAGES_URL: expected a URL"):
        load_settings({"LOTSE_PAGES_URL": "help.example.org"})
