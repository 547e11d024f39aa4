"""`lotse addresses`: noted whole or not at all, shown, forgotten."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.commands.addresses import Row, read_rows
from streams.errors import NO, UserError

GOOD = "member,kind,address\ntown/ann,email,ann@example.org\n\ntown/ann,slack,U1\ntown/bob,email,\n"


def written(folder: Path, text: str) -> Path:
    """Return a file of this text."""
    path = folder / "addresses.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_read(tmp_path: Path) -> None:
    """Empty lines are passed over, an empty address forgets."""
    assert read_rows(written(tmp_path, GOOD)) == [
        Row("town/ann", "email", "ann@example.org"), Row("town/ann", "slack", "U1"), Row("town/bob", "email", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected the first line member,kind,address"),
        ("member,address\n", "expected the first line"),
        ("member,kind,address\nann,email,ann@example.org\n", "line 2: member: expected <community>/<member>"),
        ("member,kind,address\ntown/ann,fax,1\n", "line 2: kind: expected one of email, slack"),
        ("member,kind,address\ntown/ann,email,x\n", "line 2: address: expected one e-mail address"),
        ("member,kind,address\ntown/ann,email\n", "line 2: expected 3 columns, found 2"),
        ("member,kind,address\n" + "ann,email,\n" * 20, "and 10 more"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    """And no address is repeated in the message."""
    with pytest.raises(UserError, match=said):
        read_rows(written(tmp_path, text))


@pytest.mark.integration
def test_what_is_noted_is_shown_and_forgotten(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command line; whose nothing is known exits with 1."""
    monkeypatch.setenv("LOTSE_REDIS", redis_url)
    monkeypatch.setenv("LOTSE_APP", "addresses-tests")
    run = CliRunner().invoke
    assert "3 addresses noted" in run(app, ["addresses", "import", str(written(tmp_path, GOOD))]).output
    assert "email: ann@example.org" in run(app, ["addresses", "show", "town/ann"]).output
    assert run(app, ["addresses", "rm", "town/ann"]).exit_code == 0
    assert run(app, ["addresses", "show", "town/ann"]).exit_code == NO
