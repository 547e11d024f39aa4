"""Mailing lists: mbox files. Members are `mail:<hash>` of their address, which itself is not kept; the subject is the title."""

import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path

from streams.gateway.reading import plain
from streams.imports.archives import parts
from streams.imports.items import RAW_MAX, Item, Rejected, row

_FROM = re.compile(rb"(?m)^From \S.*$")
_SENDER = re.compile(rb"(?im)^From:[ \t]*(.{0,500})")  # as it stands: the parser would mend what archives spell out
_IDS = re.compile(r"<([^<>\s]{1,250})>")
_PARSER = BytesParser(_class=EmailMessage, policy=email.policy.default)


def read(path: Path) -> Iterator[Item]:
    """Yield the messages of each file, told by the line at which they begin."""
    for part in parts(path, (".mbox", ".mbx", ".txt", "")):
        starts = [found.start() for found in _FROM.finditer(part.content) if _begins(part.content, found.start())]
        if not starts:
            yield Rejected(part.name, "no message: expected lines that begin with From")
            continue
        line, at = 1, 0
        for begin, end in zip(starts, [*starts[1:], len(part.content)], strict=True):
            line, at = line + part.content.count(b"\n", at, begin), begin
            yield _message(f"{part.name}:{line}", part.content[begin:end].partition(b"\n")[2])


def _begins(content: bytes, at: int) -> bool:
    return at == 0 or content[max(0, at - 2) : at] in (b"\n\n", b"\r\n") or content[at - 4 : at] == b"\r\n\r\n"


def _message(where: str, content: bytes) -> Item:
    raw = content[:RAW_MAX].decode(errors="replace")
    try:
        message = _PARSER.parsebytes(content)
        found = _SENDER.search(content)
        sender = found[1].decode(errors="replace") if found else ""
        address = _spelled(sender) or parseaddr(sender)[1].casefold()
        when = parsedate_to_datetime(str(message["Date"])).timestamp() if message["Date"] else None
        words, number = _words(message), _ids(str(message.get("Message-ID", "")))
        above = _ids(str(message.get("References", ""))) or _ids(str(message.get("In-Reply-To", "")))
    except Exception as error:  # noqa: BLE001  (the parser raises of many kinds for what is no message)
        return Rejected(where, f"no message that can be read ({type(error).__name__})", raw)
    author = f"mail:{blake2b(address.encode(), digest_size=12).hexdigest()}" if address else None
    root = next(iter([*above, *number]), None)
    return row(
        where, time=when, author=author, raw=raw, channel=message.get("List-Id") or message.get("X-Mailing-List"), thread=root,
        number=number[0] if number else where, words=words,
    )  # fmt: skip


def _spelled(given: str) -> str:
    """Return an address that an archive has spelled out: ann at example.org (Ann)."""
    found = re.match(r"\s*(\S{1,100}) at (\S{1,150})", given)
    return f"{found[1]}@{found[2]}".casefold() if found else ""


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    return plain(content) if body.get_content_type() == "text/html" else content


def _ids(header: str) -> list[str]:
    return _IDS.findall(header[:20_000])
