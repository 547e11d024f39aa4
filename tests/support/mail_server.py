"""A real mail server on loopback that keeps what it takes, and refuses, hangs or breaks off at a chosen command."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.processes import free_port

USER, PASSWORD = "pilot", "a password of the tests"


class MailServer:
    """`answers` maps RCPT or DATA to what is said there: a reply, "hang", or "cut", "cut after" the mail was taken."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[EmailMessage] = []
        self.greeted: list[str] = []  # with which names, by who brought a mail
        self.takes_s = 0.0  # between taking a mail and saying so
        self.port = free_port()

    async def _recipient(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        """Take a recipient, or not."""
        said = await self._say("RCPT", server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def _data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, or not."""
        self.greeted.append(str(session.host_name))
        wanted = self.answers.get("DATA", "")
        if wanted in ("", "cut after"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return await self._say("DATA", server)

    handle_RCPT, handle_DATA = _recipient, _data  # noqa: N815  (aiosmtpd's names)

    async def _say(self, where: str, server: SMTP) -> str:
        wanted = self.answers.get(where, "")
        if where == "DATA" and self.takes_s:
            await asyncio.sleep(self.takes_s)
        if wanted == "hang":
            await asyncio.Event().wait()
        if wanted.startswith("cut"):
            server.transport.abort()
        return wanted if wanted[:1].isdigit() else "250 OK"


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Serve on a free port, with a login."""
    mail = MailServer()

    def authenticate(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        valid = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=valid, handled=False)

    controller = Controller(
        mail, hostname="127.0.0.1", server_hostname="mail.example", port=mail.port, authenticator=authenticate, auth_require_tls=False, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        yield mail
    finally:
        controller.stop(no_assert=True)
