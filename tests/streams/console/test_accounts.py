"""Accounts: links work once, passwords are slow to guess, the record stays, one item never to two people."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from streams.console.accounts import (
    INVITATION_S,
    RIGHTS,
    SESSION_S,
    Accounts,
    Right,
    Role,
    accounts_path,
    form_token,
    same_token,
)
from tests.support.consoles import CHEAP, NOW, PASSWORD


class Times:
    """A clock."""

    now = NOW

    def __call__(self) -> float:
        """Tell it."""
        return self.now


@pytest.fixture
def clock() -> Times:
    """At a time."""
    return Times()


@pytest.fixture
def accounts(tmp_path: Path, clock: Times) -> Accounts:
    """None yet."""
    return Accounts(tmp_path / "accounts.sqlite", clock, CHEAP)


def test_a_link_makes_one_account(accounts: Accounts, clock: Times) -> None:
    """Once, in time, with a good name and password."""
    token = accounts.invite(Role.AUTHOR)
    assert accounts.empty()
    assert accounts.join(token, "", PASSWORD) == "name"
    assert accounts.join(token, "ann", "short") == "password"
    assert accounts.join(token, "annannannann", "AnnAnnAnnAnn") == "password"
    made = accounts.join(token, " ann ", PASSWORD)
    assert not isinstance(made, str)
    assert (made.name, made.role) == ("ann", Role.AUTHOR)
    assert accounts.join(token, "ben", PASSWORD) == "gone"
    assert accounts.join(accounts.invite(Role.VIEWER), "ANN", PASSWORD) == "taken"
    late = accounts.invite(Role.ADMIN)
    clock.now += INVITATION_S + 1
    assert accounts.join(late, "ben", PASSWORD) == "gone"
    assert accounts.join("made up", "ben", PASSWORD) == "gone"


def test_a_session_ends(accounts: Accounts, clock: Times) -> None:
    """By itself, by signing out, and when somebody is shut out."""
    for role in (Role.ADMIN, Role.VIEWER):
        accounts.join(accounts.invite(role), role, PASSWORD)
    assert accounts.sign_in("viewer", "wrong") is None
    assert accounts.sign_in("nobody", PASSWORD) is None
    account = accounts.sign_in("VIEWER", PASSWORD)
    assert account
    tokens = [accounts.open_session(account) for _ in range(3)]
    accounts.close_session(tokens[0])
    assert accounts.session(tokens[0]) is None
    assert accounts.session(tokens[1]) == account
    assert accounts.switch("viewer", off=True)
    assert accounts.session(tokens[1]) is None
    assert accounts.sign_in("viewer", PASSWORD) is None
    assert not accounts.switch("admin", off=True), "the last admin stays"
    assert accounts.switch("viewer", off=False)
    last = accounts.open_session(account)
    clock.now += SESSION_S + 1
    assert accounts.session(last) is None


def test_no_secret_lies_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    """Neither passwords nor tokens."""
    link = accounts.invite(Role.VIEWER)
    second = accounts.invite(Role.VIEWER)
    accounts.join(link, "ann", PASSWORD)
    account = accounts.sign_in("ann", PASSWORD)
    assert account
    session = accounts.open_session(account)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (link, second, session, PASSWORD):
        assert secret.encode() not in content
    assert b"$argon2id$" in content


def test_the_record_can_only_grow(accounts: Accounts, tmp_path: Path) -> None:
    """Not even who has the file open changes it by a slip."""
    accounts.note("ann", "silence", "welcome", "too much")
    with closing(sqlite3.connect(tmp_path / "accounts.sqlite")) as file:
        for command in ("DELETE FROM audit", "UPDATE audit SET account = 'ben'"):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                file.execute(command)
    ((_, line),) = accounts.noted()
    assert (line.account, line.action, line.about, line.reason) == ("ann", "silence", "welcome", "too much")


def test_one_item_is_never_two_peoples(accounts: Accounts, clock: Times) -> None:
    """Until it is given back, or too long has passed."""
    assert accounts.claim("s1", "ann", 60) == "ann"
    assert accounts.claim("s1", "ben", 60) == "ann"
    clock.now += 50
    assert accounts.claim("s1", "ann", 60) == "ann"
    clock.now += 50
    assert accounts.claim("s1", "ben", 60) == "ann"
    clock.now += 20
    assert accounts.claim("s1", "ben", 60) == "ben"
    accounts.release("s1")
    assert accounts.claims() == {}


def test_roles_and_rights() -> None:
    """Everybody reads; only an admin manages; safety is approved by those who review it."""
    assert all(Right.READ in rights for rights in RIGHTS.values())
    assert [role for role, rights in RIGHTS.items() if Right.MANAGE in rights] == [Role.ADMIN]
    assert [role for role, rights in RIGHTS.items() if Right.APPROVE_SAFETY in rights] == [
        Role.SAFETY_REVIEWER,
        Role.ADMIN,
    ]
    assert RIGHTS[Role.VIEWER] == {Right.READ}


def test_forms_belong_to_their_session() -> None:
    """And accounts lie beside the store."""
    assert same_token("one", form_token("one"))
    assert not same_token("one", form_token("two"))
    assert accounts_path(Path("a/b.sqlite")) == Path("a/b-accounts.sqlite")
