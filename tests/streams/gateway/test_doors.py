"""Doors: one for each source without a word said, more by a file; every fault of either is told."""

from pathlib import Path

import pytest

from streams.errors import UserError
from streams.gateway.doors import EVENTS, read_doors
from streams.gateway.signatures import SCHEMES
from streams.gateway.sources import ALIASES, SOURCES
from streams.settings import Settings

SECRETS = "slack=first-secret slack=second-secret\nzapier=third=secret"


def settings(doors: Path | None = None, secrets: str = "") -> Settings:
    """Return settings of a gateway."""
    return Settings(community="town", gateway_secrets=secrets, gateway_doors=str(doors or ""))


def test_each_source_has_a_door_and_its_secrets() -> None:
    """Two secrets of one door are both known; a secret may hold an equals sign."""
    doors = read_doors(settings(secrets=SECRETS))
    assert doors.keys() == {*SOURCES, *ALIASES, EVENTS}
    assert doors["slack"].secrets == ("first-secret", "second-secret")
    assert doors["zapier"].secrets == ("third=secret",)
    assert {door.community for door in doors.values()} == {"town"}
    assert doors["slack"].limit_s < 3


@pytest.mark.parametrize(
    ("door", "headers", "scheme"),
    [
        ("slack", {}, "slack"),
        ("hubspot", {"x-hubspot-signature-v3": "x"}, "hubspot-v3"),
        ("hubspot", {"x-hubspot-signature-version": "v1"}, "hubspot-v1"),
        ("hubspot", {"x-hubspot-signature-version": "v2"}, "hubspot-v2"),
        ("hubspot", {}, "hubspot-v3"),
        ("zapier", {}, "shared-secret"),
        ("zapier", {"webhook-signature": "x"}, "standard-webhooks"),
        ("discourse", {"webhook-signature": "x"}, "discourse"),
        ("segment", {"x-signature": "x"}, "segment"),
        ("segment", {}, "shared-secret"),
    ],
)
def test_the_scheme_is_the_platforms_own(door: str, headers: dict[str, str], scheme: str) -> None:
    """No header turns a signed door into one with less."""
    assert read_doors(settings())[door].scheme(headers) is SCHEMES[scheme]


def test_only_what_signs_nothing_takes_keys() -> None:
    """A key or a secret in the path must not replace a platform's signature; Kit's older webhooks are unsigned."""
    doors = read_doors(settings())
    assert {name for name, door in doors.items() if not door.takes_keys} == {
        "discourse",
        "slack",
        "hubspot",
        "kit",
        "convertkit",
    }
    assert {name for name, door in doors.items() if not door.takes_path} == {"discourse", "slack", "hubspot"}


def test_a_file_adds_doors_for_other_communities(tmp_path: Path) -> None:
    """A second forum, with a mapping and a signature of its own."""
    (tmp_path / "map.yaml").write_text("events:\n  - {type: post.read, member: who}\n", encoding="utf-8")
    file = tmp_path / "doors.yaml"
    file.write_text(
        "doors:\n  forum: {source: discourse, community: city}\n"
        "  shop: {source: script, mapping: map.yaml, signature: standard-webhooks}\n",
        encoding="utf-8",
    )
    doors = read_doors(settings(file, "forum=a-forum-secret"))
    assert (doors["forum"].source, doors["forum"].community) == ("discourse", "city")
    assert doors["forum"].secrets == ("a-forum-secret",)
    assert (doors["shop"].source, doors["shop"].community) == ("zapier", "town")
    assert doors["shop"].mapping is not None
    assert doors["shop"].scheme({}) is SCHEMES["standard-webhooks"]
    assert not doors["shop"].takes_keys


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("doors:\n  a: {source: discurse}\n", "source: expected one of"),
        ("doors:\n  a: {source: slack, signature: none}\n", "signature: expected one of"),
        ("doors:\n  a: {source: slack, community: a/b}\n", "community: expected a name"),
        ("doors:\n  events: {source: slack}\n", "events: expected a name"),
        ("dors: {}\n", "did you mean doors"),
        ("doors: [\n", "doors.yaml:"),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    """What, where, and what was expected."""
    file = tmp_path / "doors.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"doors\.yaml") as error:
        read_doors(settings(file))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("secrets", "told"), [("slak=long-enough", "no door slak"), ("slack=short", "number 1"), ("slack", "number 1")]
)
def test_a_fault_of_the_secrets_is_told_without_them(secrets: str, told: str) -> None:
    """No secret is ever shown."""
    with pytest.raises(UserError, match="LOTSE_GATEWAY_SECRETS") as error:
        read_doors(settings(secrets=secrets))
    assert told in str(error.value)
    assert "long-enough" not in str(error.value)
