"""Slack: direct messages, ephemeral ones, replies in threads, pinned ones; with buttons for one-tap answers.

Slack has no idempotency key: after silence, and after a crash, the conversation is looked through for the command's id
(message metadata) before anything is sent again. An ephemeral message cannot be found again, so it goes at most once.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from processors.commands import Command, Recall
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.message import Composer
from sinks.platforms.slack import API, THERE_ALREADY, SlackApi, blocks, fallback, metadata

CONVERSATIONS_MAX = 10_000  # of direct messages that are remembered
BEFORE_S = 300.0  # how far the clocks of Slack and of this process may differ
# docs.slack.dev, rate limits: one message a second in a conversation; tiers 2, 3, 4 are 20, 50, 100 a minute, per method.
IN_CONVERSATION = 1.0
IN_WORKSPACE, BURST = 5.0, 10
OPENED, PINNED, EPHEMERAL = 50 / 60, 20 / 60, 100 / 60


class Place(NamedTuple):
    """Where a message goes: a conversation, and the thread in it."""

    channel: str
    thread: str = ""


class SlackChannel(Channel):
    """One workspace. `pin_channel` is where pinned messages go that belong to no thread."""

    name = "slack"
    repeats = "checked"
    serves = frozenset({"direct_message", "thread", "pinned", "in_app"})
    platform = "slack"
    attempts = 32

    def __init__(
        self, token: str, addresses: AddressBook, composer: Composer, pin_channel: str = "", base: str = API
    ) -> None:
        self._api, self._addresses, self._composer, self._pins = SlackApi(token, base), addresses, composer, pin_channel
        self._direct: OrderedDict[str, str] = OrderedDict()  # conversation by member

    def rates(self, command: Command) -> Sequence[Rate]:
        """One message a second in a conversation, and what the methods allow."""
        where = Rate(f"in:{command.target}", IN_CONVERSATION)
        if command.channel == "in_app":
            return (where, Rate("ephemeral", EPHEMERAL, 5))
        every = Rate("post", IN_WORKSPACE, BURST)
        if command.channel == "pinned":
            return (where, every, Rate("pin", PINNED, 2))
        opens = command.channel == "direct_message" and command.member not in self._direct
        return (where, every, Rate("open", OPENED, 5)) if opens else (where, every)

    async def deliver(self, command: Command) -> Receipt:
        """Send a message where the command's medium wants it."""
        place = await self._place(command)
        if isinstance(place, Receipt):
            return place
        if command.channel == "in_app":
            return await self._ephemeral(command, place)
        message = self._composer.message(command)
        answer = await self._api.call(
            "chat.postMessage", channel=place.channel, thread_ts=place.thread or None, text=fallback(message),
            blocks=blocks(message, command.id), metadata=metadata(command.id), unfurl_links=False, unfurl_media=False,
            mrkdwn=False, parse="none", link_names=False,
        )  # fmt: skip
        if not answer.ok:
            return answer.receipt
        receipt = answer.receipt._replace(remote=f"{place.channel}:{answer.body.get('ts', '')}")
        return await self._pin(receipt) if command.channel == "pinned" else receipt

    async def find(self, command: Command) -> Receipt | None:
        """Look for the command's message in its conversation."""
        place = await self._place(command)
        if isinstance(place, Receipt):
            return place._replace(result="unknown") if place.result == "retry" else place
        if command.channel == "in_app":
            return Receipt("failed", "unknown")
        found = await self._api.find(place.channel, command.id, command.not_before - BEFORE_S, place.thread)
        if found is not None and found.result == "delivered" and command.channel == "pinned":
            return await self._pin(found)
        return found

    async def withdraw(self, recall: Recall, remote: str) -> Receipt | None:
        """Delete the message; a pin goes with it. An ephemeral one is gone by itself, a direct one stays with its reader."""
        if recall.channel == "direct_message":
            return None
        channel, _, ts = remote.partition(":")
        if not ts:
            return None
        answer = await self._api.call("chat.delete", channel=channel, ts=ts)
        if answer.receipt.detail in THERE_ALREADY:
            return Receipt("delivered", "gone")
        return answer.receipt._replace(result="retry") if answer.receipt.result == "unknown" else answer.receipt

    async def check(self) -> Receipt:
        """Ask whose token it is."""
        return await self._api.check()

    async def close(self) -> None:
        """Close connections."""
        await self._api.close()

    async def _place(self, command: Command) -> Place | Receipt:
        channel, _, ts = command.thread.partition(":")
        if command.channel == "thread":
            return Place(channel, ts) if ts else Receipt("failed", "no_thread")
        if command.channel == "pinned":
            where = channel if ts else self._pins
            return Place(where) if where else Receipt("failed", "no_place")
        user = await self._addresses.find(command.member, "slack")
        if user is None:
            return Receipt("failed", "no_address")
        if command.channel == "in_app":
            return Place(channel, user) if ts else Receipt("failed", "no_place")
        return await self._conversation(command.member, user)

    async def _conversation(self, member: str, user: str) -> Place | Receipt:
        known = self._direct.get(member)
        if known is None:
            answer = await self._api.call("conversations.open", users=user)
            known = str(answer.body.get("channel", {}).get("id", ""))
            if not answer.ok or not known:  # nothing is sent yet, whatever the answer was
                failed = answer.receipt.result == "failed"
                return answer.receipt if failed else answer.receipt._replace(result="retry")
            self._direct[member] = known
            if len(self._direct) > CONVERSATIONS_MAX:
                self._direct.popitem(last=False)
        return Place(known)

    async def _ephemeral(self, command: Command, place: Place) -> Receipt:
        message = self._composer.message(command)
        answer = await self._api.call(
            "chat.postEphemeral", channel=place.channel, user=place.thread, text=fallback(message),
            blocks=blocks(message, command.id), parse="none", link_names=False,
        )  # fmt: skip
        return answer.receipt

    async def _pin(self, sent: Receipt) -> Receipt:
        """Pin what was sent; until that is done the attempt is without an end, and a further one finds the message again."""
        channel, _, ts = sent.remote.partition(":")
        answer = await self._api.call("pins.add", channel=channel, timestamp=ts)
        if answer.ok or answer.receipt.detail in THERE_ALREADY:
            return sent
        return answer.receipt if answer.receipt.result == "failed" else answer.receipt._replace(result="unknown")
