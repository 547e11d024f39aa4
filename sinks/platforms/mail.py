"""E-mail: messages as MIME with text and HTML, and what a mail server's answers mean.

Headers after RFC 5322, RFC 2369, RFC 8058 (one-click unsubscription) and RFC 3834 (Auto-Submitted).
"""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

import aiosmtplib
from jinja2 import Environment, select_autoescape

from sinks.channel import Receipt
from sinks.escaping import line
from sinks.message import Message

TIMEOUT_S = 15.0
POLICY = SMTP.clone(max_line_length=998)  # the longest line there may be: a folded address would be two
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_TEXT = """{{ m.title }}{% if m.in_series %} ({{ m.words.series }}){% endif %}

{{ m.text }}
{% if m.link %}
{{ m.words.open }}: {{ m.link }}
{% endif %}{% for item in m.items %}
* {{ item.title }}
  {{ item.text }}
{% if item.because %}  {{ m.words.why }}: {{ item.because }}
{% endif %}{% if item.link %}  {{ item.link }}
{% endif %}{% endfor %}{% for one in m.answers if one.page %}
{{ one.label }}: {{ one.page }}{% endfor %}

--
{% if m.because %}{{ m.words.why }}: {{ m.because }}
{% endif %}{{ m.words.automatic }}
{% if m.preferences %}{{ m.words.preferences }}: {{ m.preferences }}
{% endif %}{% if m.unsubscribe %}{{ m.words.unsubscribe }}: {{ m.unsubscribe }}
{% endif %}"""
_HTML = """<!DOCTYPE html>
<html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ m.title }}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff">
<div role="article" style="max-width:34em;margin:0 auto">
{% if m.in_series %}<p style="color:#555;font-size:14px">{{ m.words.series }}</p>{% endif %}
{% if m.items %}<p style="color:#555;font-size:14px">{{ m.words.digest }}</p>{% endif %}
<h1 style="font-size:20px">{{ m.title }}</h1>
{% for part in m.text.split("\n\n") %}<p style="white-space:pre-line">{{ part }}</p>
{% endfor %}{% if m.link %}<p><a href="{{ m.link }}" style="display:inline-block;padding:10px 18px;background:#0b5cad;color:#fff;border-radius:4px;text-decoration:none">{{ m.words.open }}</a></p>
{% endif %}{% for item in m.items %}<h2 style="font-size:17px">{% if item.link %}<a href="{{ item.link }}" style="color:#0b5cad">{{ item.title }}</a>{% else %}{{ item.title }}{% endif %}</h2>
<p style="white-space:pre-line">{{ item.text }}</p>
{% if item.because %}<p style="color:#555;font-size:14px">{{ m.words.why }}: {{ item.because }}</p>
{% endif %}{% endfor %}<p>{% for one in m.answers if one.page %}<a href="{{ one.page }}" style="color:#0b5cad">{{ one.label }}</a>{% if not loop.last %} · {% endif %}{% endfor %}</p>
<hr style="border:0;border-top:1px solid #ccc">
<p style="color:#555;font-size:14px">{% if m.because %}{{ m.words.why }}: {{ m.because }}<br>{% endif %}{{ m.words.automatic }}<br>
{% if m.preferences %}<a href="{{ m.preferences }}" style="color:#555">{{ m.words.preferences }}</a>{% endif %}
{% if m.unsubscribe %}<a href="{{ m.unsubscribe }}" style="color:#555">{{ m.words.unsubscribe }}</a>{% endif %}</p>
</div></body></html>
"""
_ENVIRONMENT = Environment(autoescape=select_autoescape(default_for_string=True))
_PAGE, _PLAIN = _ENVIRONMENT.from_string(_HTML), Environment(autoescape=False).from_string(_TEXT)  # noqa: S701  (text)


class Server(NamedTuple):
    """A mail server: `tls` is starttls, tls, or none; `client` is the name that it is greeted with, "" the sender's domain."""

    host: str
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    client: str = ""


class Sender(NamedTuple):
    """Who writes. Addresses are `Name <address>` or the address alone; `unsubscribe` takes unsubscriptions by mail."""

    address: str
    reply_to: str = ""
    unsubscribe: str = ""


def is_address(text: str) -> bool:
    """Tell whether a text is one plain address, and nothing that a header could take for more."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def sender_fault(sender: Sender) -> str:
    """Return which address of a sender is none, "" where all are."""
    for text in (sender.address, sender.reply_to or sender.address, sender.unsubscribe or sender.address):
        if not is_address(parseaddr(text)[1]):
            return text or "an empty one"
    return ""


def mail(message: Message, to: str, sender: Sender, identifier: str, at: float, language: str) -> EmailMessage:
    """Return the mail of a message, the same each time. Raises `ValueError` where an address is none."""
    if not is_address(to):
        raise ValueError("no address")
    mime = EmailMessage(policy=POLICY)
    mime["From"] = _mailbox(sender.address)
    mime["To"] = to
    if sender.reply_to:
        mime["Reply-To"] = _mailbox(sender.reply_to)
    mime["Subject"] = line(message.title)
    mime["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    mime["Message-ID"] = f"<{identifier}@{_mailbox(sender.address).domain}>"
    mime["Auto-Submitted"] = "auto-generated"
    mime["Content-Language"] = language
    if message.unsubscribe:  # one HTTPS address, taken by POST; a mail address beside it for those who know no other
        by_mail = f", <mailto:{sender.unsubscribe}?subject=unsubscribe>" if sender.unsubscribe else ""
        mime["List-Unsubscribe"] = f"<{message.unsubscribe}>{by_mail}"
        mime["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mime.set_content(_PLAIN.render(m=message))
    mime.add_alternative(_PAGE.render(m=message, language=language), subtype="html")
    return mime


async def log_in(server: Server, sender: Sender) -> Receipt:
    """Connect and log in, and hand nothing over."""
    client = _client(server, _mailbox(sender.address))
    try:
        await _enter(client, server)
    except aiosmtplib.SMTPResponseException as error:
        return _refused(error.code, error.message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Receipt("retry", type(error).__name__)
    finally:
        client.close()
    return Receipt("delivered")


def _client(server: Server, sender: Address) -> aiosmtplib.SMTP:
    # Without a name the client asks the resolver for this machine's, at each mail, and may wait for minutes.
    return aiosmtplib.SMTP(
        hostname=server.host, port=server.port, use_tls=server.tls == "tls", start_tls=server.tls == "starttls", timeout=TIMEOUT_S,
        local_hostname=server.client or sender.domain,
    )  # fmt: skip


async def _enter(client: aiosmtplib.SMTP, server: Server) -> None:
    await client.connect()
    if server.user:
        await client.login(server.user, server.password)


async def send(mime: EmailMessage, to: str, server: Server) -> Receipt:
    """Hand a mail to the server; what was not said before its text went is certainly not sent."""
    sender = _mailbox(str(mime["From"]))
    client = _client(server, sender)
    begun = False
    try:
        await _enter(client, server)
        await client.mail(sender.addr_spec)
        await client.rcpt(to)
        begun = True
        answer = await client.data(mime.as_bytes())
    except aiosmtplib.SMTPResponseException as error:
        return _refused(error.code, error.message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Receipt("unknown" if begun else "retry", type(error).__name__)
    finally:
        client.close()
    return Receipt("delivered", str(answer.code), remote=str(mime["Message-ID"]))


def _refused(code: int, said: str) -> Receipt:
    """Return what a refusal means: 4xx may pass, 5xx is final (RFC 5321, 4.2.1); with the enhanced code of RFC 3463."""
    enhanced = _ENHANCED.search(said)
    detail = f"{code} {enhanced[0]}" if enhanced else str(code)
    return Receipt("retry" if 400 <= code < 500 or code <= 0 else "failed", detail)


def _mailbox(text: str) -> Address:
    name, address = parseaddr(text)
    if not is_address(address):
        raise ValueError(f"no address: {text!r}")
    return Address(line(name, 100), addr_spec=address)
