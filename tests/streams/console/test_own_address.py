"""One's own address: nothing but a code is sent before the code came back."""

from pathlib import Path

from streams.console.own_address import CODE_S, TRIES_MAX, OwnAddresses


def test_the_code_confirms_once_and_in_time(tmp_path: Path) -> None:
    """A wrong one does not, nor an old one, nor the right one after too many tries."""
    now = [1000.0]
    kept = OwnAddresses(tmp_path / "a.sqlite", lambda: now[0])
    assert kept.of("ann") is None
    code = kept.begin("ann", "town/ann")
    assert len(code) == 6
    assert not kept.confirm("ben", code)
    assert not kept.confirm("ann", "x" * 6)
    address = kept.of("ann")
    assert address
    assert not address.confirmed
    assert kept.confirm("ann", f" {code} ")
    confirmed = kept.of("ann")
    assert confirmed
    assert (confirmed.member, confirmed.confirmed) == ("town/ann", True)
    assert not kept.confirm("ann", code), "it is used up"
    late = kept.begin("ann", "town/other")
    now[0] += CODE_S + 1
    assert not kept.confirm("ann", late)
    tried = kept.begin("ann", "town/other")
    for _ in range(TRIES_MAX):
        kept.confirm("ann", "000000" if tried != "000000" else "111111")
    assert not kept.confirm("ann", tried)
    kept.begin("ben", "town/ben")
    kept.forget_members(["town/other", "town/nobody"])
    assert kept.of("ann") is None, "whoever is erased is forgotten here too"
    kept.forget("ben")
    assert kept.of("ben") is None


def test_no_code_lies_in_the_file(tmp_path: Path) -> None:
    """Whoever reads it cannot confirm."""
    kept = OwnAddresses(tmp_path / "a.sqlite", lambda: 0.0)
    code = kept.begin("ann", "town/ann")
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"town/ann" in content
    assert code.encode() not in content
