"""Who is who, on a real Redis: nothing is joined without proof, a weaker proof replaces no stronger one, no address is kept."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import pytest

from processors.events import Event
from processors.vocabulary import Answer, Profile, Reply
from streams.gateway.identities import (
    KEPT_S,
    PROOFS,
    REMEMBERED_S,
    SURE,
    UNPROVED,
    Address,
    Identities,
    Unsure,
    confidence_of,
    known_as,
    named,
)
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect

SECRET = b"a control key for tests"
SLACK, FORUM, ANN = "town/slack:U1", "town/discourse:7", "town/ann"


def with_tables(
    url: str, work: Callable[[Identities, Identities, list[float], Any], Coroutine[Any, Any, None]]
) -> None:
    """Run with the table as two gateways see it, and a clock that stands until it is moved."""

    async def run() -> None:
        redis, now = connect(url), [1000.0]
        prefix = f"identities-{work.__name__}"
        try:
            await work(*(Identities(redis, prefix, SECRET, lambda: now[0]) for _ in range(2)), now, redis)  # type: ignore[call-arg,misc,arg-type]
        finally:
            await redis.aclose()

    asyncio.run(run())


@pytest.mark.integration
def test_an_id_is_its_own_member_until_there_is_proof(redis_url: str) -> None:
    """Another gateway knows a link within half a minute; it can be taken back; the company's own ids are never asked for."""

    async def proof(one: Identities, other: Identities, now: list[float], redis: Any) -> None:
        assert await other.members([SLACK, ANN]) == {}
        link = await one.link(SLACK, ANN, "signed_token")
        assert link is not None
        assert (link.member, link.confidence) == (ANN, 1.0)
        assert (await one.members([SLACK]))[SLACK] == link
        assert await other.members([SLACK]) == {}  # what it was told is remembered
        now[0] += REMEMBERED_S + 1
        assert (await other.members([SLACK]))[SLACK] == link
        assert 0 < await redis.ttl("identities-proof:identity:" + SLACK) <= KEPT_S
        assert await one.unlink(SLACK)
        assert await one.members([SLACK]) == {}
        assert not await one.unlink(SLACK)

    with_tables(redis_url, proof)


@pytest.mark.integration
def test_a_weaker_proof_replaces_no_stronger_one_and_nothing_goes_in_circles(redis_url: str) -> None:
    """An address that was passed on must not take over an account that signed in."""

    async def weaker(one: Identities, _other: Identities, _now: list[float], _redis: Any) -> None:
        await one.link(SLACK, ANN, "operator")
        kept = await one.link(SLACK, "town/ben", "verified_email")
        assert kept is not None
        assert kept.member == ANN
        through = await one.link(FORUM, SLACK, "verified_email")
        assert through is not None
        assert through.member == ANN  # to the member, not to the id in between
        assert await one.link(SLACK, FORUM, "signed_token") is not None
        assert {key: link.member for key, link in (await one.members([SLACK, FORUM])).items()} == {
            SLACK: ANN,
            FORUM: ANN,
        }

    with_tables(redis_url, weaker)


@pytest.mark.integration
def test_one_verified_address_on_two_platforms_is_one_member(redis_url: str) -> None:
    """The first that came; in another community it is nobody; the store holds no address."""

    async def address(one: Identities, other: Identities, _now: list[float], redis: Any) -> None:
        await one.proved([Address(FORUM, "Ann@Example.org ")])
        await other.proved([Address(SLACK, "ann@example.org"), Address("city/slack:U1", "ann@example.org")])
        found = await other.members([FORUM, SLACK, "city/slack:U1"])
        assert {key: (link.member, link.proof) for key, link in found.items()} == {SLACK: (FORUM, "verified_email")}
        assert found[SLACK].confidence >= SURE
        kept = [(key, await redis.get(key)) async for key in redis.scan_iter("identities-address:*")]
        assert kept
        assert "example" not in str(kept).lower()

    with_tables(redis_url, address)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("key", "member", "proof"),
    [
        (SLACK, ANN, "same_name"),
        (SLACK, "city/ann", "operator"),
        ("town/ben", ANN, "operator"),
        (SLACK, "town/", "operator"),
    ],
)
def test_what_is_no_proof_joins_nothing(key: str, member: str, proof: str, redis_url: str) -> None:
    """An unknown proof, two communities, an id of the company's own, nobody."""

    async def none(one: Identities, _other: Identities, _now: list[float], _redis: Any) -> None:
        with pytest.raises(ValueError, match="expected"):
            await one.link(key, member, proof)
        assert await one.members([key]) == {}

    with_tables(redis_url, none)


def test_without_the_store_nobody_is_guessed_at() -> None:
    """A member of a link that cannot be read would be two."""

    async def run() -> None:
        redis = connect("redis://127.0.0.1:1/0")
        table = Identities(redis, "identities", SECRET)
        assert await table.members([ANN]) == {}
        with pytest.raises(RefusedError) as told:
            await table.members([SLACK])
        assert told.value.status == 503
        await redis.aclose()

    asyncio.run(run())


def test_all_members_of_an_event_are_those_that_they_are() -> None:
    """Whose it is, whom it answers, who wrote it."""
    reply = Event("e", "post.replied", SLACK, 1.0, Reply(text="a", to=FORUM))
    assert named(reply) == [SLACK, FORUM]
    changed = known_as(reply, {SLACK: ANN, FORUM: "town/ben"})
    assert (changed.key, changed.data, changed.id) == (ANN, Reply(text="a", to="town/ben"), "e")
    answer = Event("e", "answer.accepted", ANN, 1.0, Answer(by=FORUM))
    assert known_as(answer, {SLACK: ANN}) == answer


def test_a_device_is_said_to_be_unsure_once() -> None:
    """Before its first event, never again while it is remembered; accounts are sure."""
    device, unsure = Event("e", "post.read", "town/anonymous:d1", 5.0, None), Unsure()
    assert confidence_of(device.key) < SURE < confidence_of(SLACK)
    (said,) = unsure.events(
        [device, msgspec.structs.replace(device, id="f"), Event("g", "post.read", SLACK, 5.0, None)]
    )
    assert (said.type, said.key, said.data) == ("profile.changed", device.key, Profile(identity="unsure"))
    assert unsure.events([device]) == []


def test_no_proof_joins_anybody_who_is_not_sure() -> None:
    """Decisions heed `profile.changed` alone, which is said of devices: a link must never make a member unsure."""
    assert min(PROOFS.values()) >= SURE > UNPROVED
