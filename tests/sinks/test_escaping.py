"""Nothing that a text holds becomes markup, a mention or a header, in any of the places where text is shown."""

from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sinks import escaping

SIGNS = st.sampled_from(list("@#:*_`~<>&[]()!|\\/\"'{}+-=.0123456789 \t\n\rabcü🙂\x00\x1b\u202e\u200b"))
PIECES = st.sampled_from(
    ["<script>alert(1)</script>", "@everyone", "@here", "<!channel>", "<@U1>", "[a](http://x)", "![](http://x)", "http://x.y",
     "\r\nBcc: eve@example.org", "&lt;", "# head", "1. one", "- item", "> quote", "    code", "[quote]", ":smile:", "```", "---", "|a|b|\n|-|-|"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(SIGNS, PIECES), max_size=30).map("".join)


class Tags(HTMLParser):
    """Keeps tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXTS)
def test_html_is_text_alone(text: str) -> None:
    """In an element and in a quoted attribute."""
    shown = Tags()
    shown.feed(f'<p title="{escaping.html(text)}">{escaping.html(text)}</p>')
    shown.close()
    assert shown.tags == ["p"]
    assert shown.text == escaping.plain(text)


@given(TEXTS)
def test_mrkdwn_has_no_control_sequence(text: str) -> None:
    """Slack reads links and mentions between < and > only."""
    shown = escaping.mrkdwn(text)
    assert "<" not in shown
    assert ">" not in shown
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == escaping.plain(text)


@given(TEXTS)
@example("a\n\n    code")
@example("<details>")
@example("@ann and #general, :smile: http://x.y")
def test_discourse_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    """A CommonMark parser with raw HTML and links on finds paragraphs of text only, and reads back what was written."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(escaping.discourse(text))
    assert {one.type for one in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inline = [child for one in tokens for child in one.children or ()]
    assert {one.type for one in inline} <= {"text", "text_special", "softbreak"}
    paragraphs = [
        "".join("\n" if child.type == "softbreak" else child.content for child in one.children or ())
        for one in tokens
        if one.type == "inline"
    ]
    assert "\n\n".join(paragraphs).replace(escaping.JOINER, "") == escaping.plain(text)
    assert not [one for one in paragraphs for sign in "@#" if sign in one and f"{sign}{escaping.JOINER}" not in one]


@given(TEXTS, TEXTS)
def test_a_line_stays_one_header(subject: str, name: str) -> None:
    """No text makes a second header, or is refused."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = escaping.line(subject)
    message["X-Name"] = escaping.line(name)
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    assert [one.split(b":")[0] for one in head.split(b"\r\n") if not one.startswith((b" ", b"\t"))] == [
        b"Subject", b"X-Name",
    ]  # fmt: skip


@given(st.one_of(TEXTS, TEXTS.map("https://x.example/{}".format)))
@example("javascript:alert(1)")
@example("https://good.example@evil.example/")
@example('https://x.example/"onclick=')
@example("https://x.example/a)b[c]<d>")
def test_an_address_can_stand_in_any_markup(text: str) -> None:
    """http and https alone, without what ends a quote, a bracket or a tag."""
    address = escaping.url(text)
    assert not address or address.startswith(("http://", "https://"))
    assert not set(address) & set("\"'<>()[]{}`|\\ \n\r\t")
    assert "@" not in address.split("/")[2] if address else True


@given(TEXTS, st.integers(1, 50))
def test_texts_are_bounded(text: str, most: int) -> None:
    """Cut with a sign that says so."""
    assert len(escaping.plain(text, most)) <= most
    assert "\n" not in escaping.line(text, most)
