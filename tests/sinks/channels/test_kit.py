"""The Kit channel against an account on loopback."""

import asyncio

import pytest

from processors.commands import Command
from sinks.channel import Receipt
from sinks.channels.kit import KitChannel
from sinks.platforms.http import HttpClient
from tests.support.addresses import Noted
from tests.support.commands import command
from tests.support.fake_apis import SECRET, FakeKit
from tests.support.fake_platform import Fault, running

ANN = command(channel="email")


def deliver(
    *faults: Fault, given: Command = ANN, key: str = SECRET, sequence: int = 0, times: int = 1
) -> tuple[Receipt, FakeKit]:
    """Deliver so often; the last receipt."""

    async def story() -> tuple[Receipt, FakeKit]:
        async with running(FakeKit()) as kit:
            kit.faults = list(faults)
            http = HttpClient(kit.url, {"X-Kit-Api-Key": key})
            channel = KitChannel(http, Noted({("town/ann", "email"): "ann@example.org"}), 7, sequence)
            try:
                for _ in range(times):
                    receipt = await channel.deliver(given)
            finally:
                await channel.close()
            return receipt, kit

    return asyncio.run(story())


@pytest.mark.parametrize(("sequence", "path"), [(0, "/tags/7/subscribers"), (9, "/sequences/9/subscribers")])
def test_a_subscriber_is_made_and_tagged_or_added(sequence: int, path: str) -> None:
    """Twice is the same as once, also after an answer that got lost."""
    receipt, kit = deliver("", "cut after", sequence=sequence, times=2)
    assert (receipt.result, kit.seen) == ("delivered", [(path, "ann@example.org")])


@pytest.mark.parametrize(
    ("fault", "result", "limited"), [("429", "retry", True), ("500", "retry", False), ("cut", "retry", False)]
)
def test_every_fault_may_be_tried_again(fault: Fault, result: str, limited: bool) -> None:
    """A 429 without a time too."""
    receipt, _ = deliver(fault)
    assert (receipt.result, receipt.limited, receipt.retry_after) == (result, limited, 0.0)


def test_what_cannot_be_delivered_is_final() -> None:
    """No address, no valid key."""
    assert deliver(given=command(member="town/bob", channel="email"))[0] == Receipt("failed", "no_address")
    assert deliver(key="wrong")[0] == Receipt("failed", "401")
