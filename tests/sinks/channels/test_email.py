"""The email channel against a real mail server."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels.email import EmailChannel
from sinks.message import Composer, Item
from sinks.platforms import mail
from sinks.platforms.mail import Sender, Server
from tests.support.addresses import Noted
from tests.support.commands import command
from tests.support.mail_server import PASSWORD, USER, MailServer, running_mail_server
from tests.support.shared_data import requires_payloads, shared_payloads

ACTIONS = ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example")
SENDER = Sender("Pilot of the town <pilot@town.example>", "staff@town.example", "stop@town.example")
ANN = command(
    channel="email", link="https://example.org/guide?a=1&b=2", not_before=1767225600.0, text="It helps.\n\nTwice <b>."
)
ADDRESSES = {("town/ann", "email"): "ann@example.org"}


def deliver(
    given: Command,
    answers: dict[str, str] | None = None,
    sender: Sender = SENDER,
    addresses: Any = None,
    **changes: Any,
) -> tuple[Receipt, MailServer]:
    """Deliver once."""
    with running_mail_server() as server:
        server.answers = answers or {}
        where = Server("127.0.0.1", server.port, "none", USER, PASSWORD)._replace(**changes)
        channel = EmailChannel(where, sender, Noted(ADDRESSES if addresses is None else addresses), Composer(ACTIONS))
        return asyncio.run(channel.deliver(given)), server


def test_a_mail_has_text_and_html_and_its_headers() -> None:
    """From, to, about what, by which command, and that nobody sat there and wrote it."""
    receipt, server = deliver(ANN)
    [sent] = server.taken
    assert receipt == Receipt("delivered", "250", remote="<c1@town.example>")
    assert {name: sent[name] for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "Auto-Submitted")} == {
        "From": "Pilot of the town <pilot@town.example>", "To": "ann@example.org", "Reply-To": "staff@town.example",
        "Subject": "A guide", "Message-ID": "<c1@town.example>", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    assert parsedate_to_datetime(sent["Date"]).timestamp() == ANN.not_before
    plain, page = (sent.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    opened = f"https://town.example/r/{ACTIONS.tokens(ANN)['open']}"
    assert "It helps.\n\nTwice <b>." in plain
    assert "Twice &lt;b&gt;." in page
    assert opened in plain
    assert f'href="{opened}"' in page
    assert "you asked" in plain
    assert "you asked" in page


@pytest.mark.parametrize(("client", "greeted"), [("", "town.example"), ("lotse.example", "lotse.example")])
def test_the_server_is_greeted_with_a_name_that_nobody_is_asked_for(
    client: str, greeted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender's domain, unless another is set: a resolver that is slow would hold each mail up for minutes."""
    monkeypatch.setattr("socket.getfqdn", lambda *_: pytest.fail("the resolver was asked"))
    receipt, server = deliver(ANN, client=client)
    assert (receipt.result, server.greeted) == ("delivered", [greeted])


def test_one_click_ends_it() -> None:
    """RFC 8058: exactly one HTTPS address in one unbroken line, taken by POST; a mail address beside it."""
    [sent] = deliver(ANN)[1].taken
    stop = f"https://town.example/a/{ACTIONS.tokens(ANN)['stop_all']}"
    assert sent["List-Unsubscribe"] == f"<{stop}>, <mailto:stop@town.example?subject=unsubscribe>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f'href="{stop}"' in sent.get_body(("html",)).get_content()


@requires_payloads()
def test_the_unsubscribe_headers_have_the_published_shape() -> None:
    """As the example beside the RFC, but for the token."""
    example = (shared_payloads() / "email" / "one_click_headers.txt").read_text().splitlines()
    [sent] = deliver(ANN)[1].taken
    names = [one.partition(":")[0] for one in example if ":" in one]
    assert all(sent[name] for name in names)
    assert example[1].partition(": ")[2] == sent["List-Unsubscribe-Post"]


def test_without_pages_nothing_is_promised() -> None:
    """No header that leads nowhere."""
    with running_mail_server() as server:
        composer = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), ""))
        where = Server("127.0.0.1", server.port, "none", USER, PASSWORD)
        asyncio.run(EmailChannel(where, SENDER, Noted(ADDRESSES), composer).deliver(ANN))
        assert server.taken[0]["List-Unsubscribe"] is None


def test_a_digest_lists_its_parts_and_a_step_says_that_it_is_one() -> None:
    """In both forms of the mail."""
    message = Composer(ACTIONS).message(msgspec.structs.replace(ANN, playbook="course:second"))
    message = message._replace(items=(Item("Second <thing>", "About it.", "https://example.org/2", "you wrote"),))
    mime = mail.mail(message, "ann@example.org", SENDER, "c1", 0.0, "en")
    bodies = [mime.get_body((kind,)) for kind in ("plain", "html")]
    plain, page = (one.get_content() for one in bodies if one is not None)
    for part in ("About it.", "https://example.org/2", "you wrote", "Part of a series"):
        assert part in plain
        assert part in page
    assert "Second &lt;thing&gt;" in page


@pytest.mark.parametrize(
    ("answers", "result", "detail"),
    [
        ({"RCPT": "550 5.1.1 no such user ann@example.org"}, "failed", "550 5.1.1"),
        ({"RCPT": "452 4.2.2 mailbox full"}, "retry", "452 4.2.2"),
        ({"RCPT": "cut"}, "retry", ""),
        ({"RCPT": "hang"}, "retry", ""),
        ({"DATA": "554 no"}, "failed", "554"),
        ({"DATA": "451 later"}, "retry", "451"),
        ({"DATA": "cut"}, "unknown", ""),
        ({"DATA": "cut after"}, "unknown", ""),
        ({"DATA": "hang"}, "unknown", ""),
    ],
)
def test_each_answer_says_whether_it_may_have_gone(
    answers: dict[str, str], result: str, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence before the text is none of it; silence after it is unknown. Codes only, never the server's words."""
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.5)
    receipt, server = deliver(ANN, answers)
    assert receipt.result == result
    assert "@" not in receipt.detail
    assert receipt.detail == detail or not detail
    assert len(server.taken) == (1 if answers.get("DATA") == "cut after" else 0)


def test_a_wrong_password_is_final_and_a_closed_port_is_not() -> None:
    """One must be mended, the other may pass."""
    assert deliver(ANN, password="wrong")[0] == Receipt("failed", "535 5.7.8")
    assert deliver(ANN, port=1)[0].result == "retry"


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@example.org\r\nBcc: eve@example.org", "a@b, c@d", "<a@b>", "a@b c"]
)
def test_what_is_no_single_address_gets_no_mail(address: str) -> None:
    """Nor does a member without one."""
    assert deliver(ANN, addresses={("town/ann", "email"): address})[0] == Receipt("failed", "no_address")


@pytest.mark.parametrize("sender", [Sender(""), Sender("nobody"), Sender("a@b.example", reply_to="x")])
def test_a_sender_that_is_none_is_refused_at_once(sender: Sender) -> None:
    """At start."""
    with pytest.raises(ValueError, match="no address of a sender"):
        EmailChannel(Server("localhost"), sender, Noted(), Composer(ACTIONS))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=80))
def test_no_text_makes_a_header_or_a_tag(title: str, text: str, because: str) -> None:
    """Whatever a catalog or a fact holds."""
    wild = command(channel="email", title=f"{title}\r\nBcc: eve@example.org", text=f"{text}<script>", because=because)
    mime = mail.mail(Composer(ACTIONS).message(wild), "ann@example.org", SENDER, "c1", 0.0, "en")
    assert mime["Bcc"] is None
    head = mime.as_bytes().partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc" not in head
    page = mime.get_body(("html",))
    assert page is not None
    assert "<script" not in page.get_content()
