"""E-mail over SMTP: text and HTML, one-click unsubscription, digests and series.

SMTP cannot tell afterwards whether a mail went: after silence behind the text of a mail, and after a crash, it is left to
a person. The Message-ID is made of the command's id.
"""

from collections.abc import Sequence

from processors.commands import Command
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.message import Composer
from sinks.platforms.mail import Sender, Server, is_address, log_in, mail, send, sender_fault

PER_S, BURST = 10.0, 20  # more at once looks like an outbreak to most receivers


class EmailChannel(Channel):
    """One mail server. Raises `ValueError` where the sender's address is none."""

    name = "email"
    repeats = "never"
    serves = frozenset({"email"})
    attempts = 8

    def __init__(self, server: Server, sender: Sender, addresses: AddressBook, composer: Composer) -> None:
        if fault := sender_fault(sender):
            raise ValueError(f"no address of a sender: {fault}")
        self._server, self._sender, self._addresses, self._composer = server, sender, addresses, composer

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """What a mail server takes without suspicion."""
        return (Rate("mails", PER_S, BURST),)

    async def deliver(self, command: Command) -> Receipt:
        """Hand one mail over."""
        to = await self._addresses.find(command.member, "email")
        if to is None or not is_address(to):
            return Receipt("failed", "no_address")
        message = self._composer.message(command)
        mime = mail(message, to, self._sender, command.id, command.not_before, command.locale or "en")
        return await send(mime, to, self._server)

    async def check(self) -> Receipt:
        """Log in at the mail server, and hand nothing over."""
        return await log_in(self._server, self._sender)
