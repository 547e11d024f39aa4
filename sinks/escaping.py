"""Text made safe for where it is shown: no markup, no mention, no header of somebody else's making."""

import html as _html
import re
import string
from urllib.parse import urlsplit

# What changes the direction or the look of text around it (Unicode Bidirectional Algorithm, section 2), or is no character.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\n{3,}")
_MARKDOWN = re.compile("[" + re.escape(string.punctuation) + "]")  # CommonMark 0.31, 2.4: each may be escaped
_URL = re.compile(r"https?://[!-~]+", re.ASCII)
_NOT_IN_URLS = re.compile(r"[\"'<>\\^`{|}()\[\]]")
JOINER = "\u2060"  # word joiner: not seen, and no part of a name


def plain(text: str, most: int = 4000) -> str:
    """Return text without control characters and direction marks, lines ended by newline, at most `most` characters."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _LINES.sub("\n\n", "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))).strip("\n")
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def line(text: str, most: int = 200) -> str:
    """Return text as one line; what begins a further header is a space."""
    return plain(" ".join(text.split()), most)


def html(text: str) -> str:
    """Return text as the content of an HTML element or a quoted attribute."""
    return _html.escape(plain(text), quote=True)


def mrkdwn(text: str) -> str:
    """Return text for Slack's mrkdwn: no link, no mention; its three control characters are escaped, as Slack asks for."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def discourse(text: str) -> str:
    """Return text as Discourse Markdown that shows it as it is, in paragraphs; nobody is mentioned, nothing is a link."""

    def escaped(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in "<>&":  # raw HTML is looked for before escapes are read
            return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}[sign]
        return "\\" + sign + (JOINER if sign in "@#:/" else "")

    return _MARKDOWN.sub(escaped, plain(text))


def url(address: str) -> str:
    """Return a web address that may stand between quotes, brackets or signs of any markup; "" if it is none."""
    address = address.strip()
    if len(address) > 2000 or not _URL.fullmatch(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.hostname or parts.username is not None:  # user@host misleads about where a link goes
        return ""
    return _NOT_IN_URLS.sub(lambda found: f"%{ord(found[0]):02X}", address)
