"""Kit (ConvertKit): tags a subscriber, or adds them to a sequence; an automation there sends. Kit sends nothing to one alone.

Tagging twice is harmless. Kit's limit says no time: 120 requests a minute for each key.
"""

from collections.abc import Sequence

from processors.commands import Command
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.platforms.http import HttpClient
from sinks.platforms.mail import is_address

PER_S, BURST = 1.0, 10  # two requests each


class KitChannel(Channel):
    """One account: `tag` or `sequence` by its number."""

    name = "kit"
    serves = frozenset({"email"})
    attempts = 8

    def __init__(self, http: HttpClient, addresses: AddressBook, tag: int = 0, sequence: int = 0) -> None:
        self._http, self._addresses = http, addresses
        self._path = f"/sequences/{sequence}/subscribers" if sequence else f"/tags/{tag}/subscribers"

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """The key's limit."""
        return (Rate("requests", PER_S, BURST),)

    async def deliver(self, command: Command) -> Receipt:
        """Make sure that the subscriber is there (an upsert by address), then tag or add them."""
        to = await self._addresses.find(command.member, "email")
        if to is None or not is_address(to):
            return Receipt("failed", "no_address")
        there = await self._http.request("POST", "/subscribers", {"email_address": to})
        answer = await self._http.request("POST", self._path, {"email_address": to}) if there.ok else there
        receipt = answer.receipt()
        return receipt._replace(result="retry") if receipt.result == "unknown" else receipt

    async def check(self) -> Receipt:
        """Ask whose key it is."""
        return (await self._http.request("GET", "/account")).receipt()

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()
