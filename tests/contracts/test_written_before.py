"""Upgrade and rollback: what a release wrote is read by this version, and what this one writes by the release before.

tests/contracts/written holds the bytes of each release, one file each, the one of the version in pyproject.toml made by `make generate`.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from streams.codec import Codec
from streams.console.accounts import Account, Accounts, Role
from streams.console.reviews import Reviews
from tests.support.written import FORMS, KEY, TIME, Kept, Release, filled, meaning, releases, this_release

RELEASES = {one.version: one for one in releases()}
KEPT = [pytest.param(one, id=f"{release.version}-{one.form}") for release in RELEASES.values() for one in release.kept]


def part_of(before: Any, now: Any) -> bool:
    """Tell whether all that was meant is meant still: fields may have come, at the end of an array, none gone."""
    if isinstance(before, dict):
        return isinstance(now, dict) and all(name in now and part_of(one, now[name]) for name, one in before.items())
    if isinstance(before, list):
        return isinstance(now, list) and len(before) <= len(now) and all(map(part_of, before, now))
    return bool(before == now)


def with_more(value: Any) -> Any:
    """Return a decoded record with a field more in each object and a place more in each array of mixed parts."""
    if isinstance(value, dict):
        more = (
            {} if any(" " in one or one.isdigit() for one in value) else {"of_the_next_version": 1}
        )  # keys of a map are filled with words or numbers
        return {name: with_more(one) for name, one in value.items()} | more
    return value


@pytest.mark.parametrize("kept", KEPT)
def test_this_version_reads_what_a_release_wrote(kept: Kept) -> None:
    """Every field, as it was meant."""
    assert kept.form in FORMS, "what a release wrote must be read for as long as a log or a store may hold it"
    assert part_of(kept.meaning, meaning(FORMS[kept.form].read(kept.bytes)))


@pytest.mark.parametrize("kept", KEPT)
def test_a_release_reads_what_this_version_writes(kept: Kept) -> None:
    """Held against that version's own schema, every field filled: what it does not know it passes over."""
    written = FORMS[kept.form].write(filled(FORMS[kept.form].type))
    jsonschema.Draft202012Validator(kept.reads).validate(meaning(FORMS[kept.form].read(written)))


@pytest.mark.parametrize("release", RELEASES.values(), ids=list(RELEASES))
def test_this_version_reads_the_log_of_a_release(release: Release) -> None:
    """Whole events and orders, seals too."""
    codec = Codec(KEY)
    for name, key, value in release.events:
        read = codec.decode_announcement if b"/" not in key and not key.startswith(b"@") else codec.decode
        event = read(key, value)
        assert (event.type, event.data is not None) == (name, True), name
    for key, value in release.orders:
        assert codec.read_order(key, value).key.encode() == key


@pytest.mark.parametrize("release", RELEASES.values(), ids=list(RELEASES))
def test_this_version_opens_the_files_of_a_release(release: Release, tmp_path: Path) -> None:
    """Accounts, the record of who did what, approvals, and what reviewers said: no log would fill them again."""
    assert set(release.files) == {"accounts", "reviews"}
    for name, written in release.files.items():
        with closing(sqlite3.connect(tmp_path / name)) as file:
            file.executescript(written)
    accounts = Accounts(tmp_path / "accounts", lambda: TIME)
    assert [(one.name, one.role, one.off) for one in accounts.everybody()] == [("ann", Role.ADMIN, False)]
    ((_, noted),) = accounts.noted()
    assert (noted.account, noted.action, noted.reason) == ("ann", "silence", "too much")
    assert accounts.approvers("play") == ["ann"]
    known = accounts.from_provider("https://id.example.org 7", "other", Role.ADMIN)
    assert isinstance(known, Account)
    assert known.name == "ann"
    (label,) = Reviews(tmp_path / "reviews", lambda: TIME).labels(["sample"])
    assert (label.said, label.kind) == ("right", "asked_again")


@pytest.mark.parametrize("name", FORMS)
def test_a_field_of_the_next_version_is_passed_over(name: str) -> None:
    """So this version reads what the next one writes, after a rollback."""
    form = FORMS[name]
    value = filled(form.type)
    written = form.write(value)
    if written[:1] in (b"{", b"["):  # JSON
        plain = with_more(msgspec.json.decode(written))
        more = msgspec.json.encode([*plain, "of the next version"] if isinstance(plain, list) else plain)
    else:
        head, body = (written[:4], written[4:]) if name == "changelog: state of a member" else (b"", written)
        plain = msgspec.msgpack.decode(body, strict=False)
        more = head + msgspec.msgpack.encode(
            [*plain, "of the next version"] if isinstance(plain, list) else plain | {"of_the_next_version": 1}
        )
    assert more != written
    assert form.read(more) == value


def test_each_form_is_kept_of_the_last_release() -> None:
    """A form without bytes of its own would be read by luck. Run: make generate."""
    assert RELEASES[this_release().version] == this_release()


def test_a_change_of_form_would_be_seen() -> None:
    """A field that is gone, another type, another place."""

    class Now(msgspec.Struct, array_like=True):
        time: int
        name: str = ""

    class Swapped(msgspec.Struct, array_like=True):
        name: str
        time: int = 0

    before = msgspec.json.schema(Now)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(before).validate(meaning(Swapped("a", 1)))
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(Now(1, "a")), type=Swapped)
    assert not part_of([1, "a"], [1])
    assert not part_of({"a": 1}, {"b": 1})
