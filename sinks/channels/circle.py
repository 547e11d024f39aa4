"""Circle: posts in a space, comments, and direct messages of a bot member.

Circle has no idempotency key and nothing by which a message is found again: at most once, and what is unknown is left to a
person. Posts and comments go by the Admin API v2. Direct messages go by the Headless Member API, whose bodies Circle does
not publish in a machine-readable form: they are sent as its documents describe them (TipTap), and were not tried on Circle.
"""

from collections.abc import Sequence
from typing import Any

from processors.commands import Command, Recall
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.escaping import line, plain
from sinks.message import Composer, Message
from sinks.platforms.http import Answer, HttpClient

# 2,000 requests in 5 minutes, but 5,000 a month on the smallest plan with an API: the month is the bound that counts.
PER_S, BURST = 0.2, 10
BUSY_S = 60.0
UNAUTHORISED = 401
GONE = 404


class CircleChannel(Channel):
    """One community. `bot` is the address of the member in whose name direct messages go, `space` where pinned posts go."""

    name = "circle"
    repeats = "never"
    serves = frozenset({"direct_message", "thread", "pinned"})
    platform = "circle"
    attempts = 8

    def __init__(
        self,
        base: str,
        tokens: tuple[str, str],
        addresses: AddressBook,
        composer: Composer,
        bot: str = "",
        space: int = 0,
    ) -> None:
        admin, headless = tokens
        self._admin = HttpClient(f"{base}/api/admin/v2", {"Authorization": f"Bearer {admin}"})
        self._auth = HttpClient(f"{base}/api/v1/headless", {"Authorization": f"Bearer {headless}"})
        self._member = HttpClient(f"{base}/api/headless/v1", {})
        self._addresses, self._composer, self._bot, self._space = addresses, composer, bot, space
        self._token = ""

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """The plan's limit."""
        return (Rate("requests", PER_S, BURST),)

    async def deliver(self, command: Command) -> Receipt:
        """Write the post, the comment or the message."""
        message = self._composer.message(command)
        if command.channel == "thread":
            if not command.thread.isascii() or not command.thread.isdigit():
                return Receipt("failed", "no_thread")
            body = {
                "post_id": int(command.thread),
                "body": line(_text(message), 2000),
            }  # a comment's line ends are lost
            return _read(await self._admin.request("POST", "/comments", body), "comments")
        if command.channel == "pinned":
            if not self._space:
                return Receipt("failed", "no_place")
            post = {
                "space_id": self._space,
                "name": message.title,
                "tiptap_body": {"body": _tiptap(message)},
                "is_pinned": True,
            }
            return _read(await self._admin.request("POST", "/posts", post), "posts")
        return await self._direct(command, message)

    async def withdraw(self, recall: Recall, remote: str) -> Receipt | None:
        """Delete the post or comment."""
        kind, _, number = remote.partition(":")
        if recall.channel == "direct_message" or not number:
            return None
        answer = await self._admin.request("DELETE", f"/{kind}/{number}")
        return Receipt("delivered", "gone") if answer.status == GONE else _unsent(answer.receipt())

    async def check(self) -> Receipt:
        """Read one post with the Admin API's token, and have one made for the bot where there is a bot."""
        answer = await self._admin.request("GET", "/posts", params={"per_page": "1"})
        if answer.ok and self._bot:
            answer = await self._auth.request("POST", "/auth_token", {"email": self._bot})
        return answer.receipt()

    async def close(self) -> None:
        """Close connections."""
        for client in (self._admin, self._auth, self._member):
            await client.close()

    async def _direct(self, command: Command, message: Message) -> Receipt:
        member = await self._addresses.find(command.member, "circle")
        if member is None or not member.isascii() or not member.isdigit():
            return Receipt("failed", "no_address")
        opened = await self._as_bot(
            "/messages", {"chat_room": {"kind": "direct", "community_member_ids": [int(member)]}}
        )
        if isinstance(opened, Receipt):
            return opened
        room = str(_field(opened, "chat_room", "uuid") or _field(opened, "uuid") or "")
        if not opened.ok or not room:  # nothing was said yet
            return _unsent(_read(opened, "")) if not opened.ok else Receipt("failed", "no_room")
        said = await self._as_bot(
            f"/messages/{room}/chat_room_messages", {"rich_text_body": {"body": _tiptap(message)}}
        )
        return said if isinstance(said, Receipt) else _read(said, "messages")

    async def _as_bot(self, path: str, body: dict[str, Any]) -> Answer | Receipt:
        """Ask in the bot's name; its token lasts an hour, and is asked for again when it is refused."""
        for fresh in (False, True):
            if fresh or not self._token:
                answer = await self._auth.request("POST", "/auth_token", {"email": self._bot})
                self._token = str(_field(answer, "access_token") or "")
                if not self._token:
                    return _unsent(_read(answer, "")) if not answer.ok else Receipt("failed", "no_token")
            headers = {"Authorization": f"Bearer {self._token}"}
            answer = await self._member.request("POST", path, body, headers=headers)
            if answer.status != UNAUTHORISED:
                return answer
        return Receipt("failed", str(UNAUTHORISED))


def _read(answer: Answer, kind: str) -> Receipt:
    number = _field(answer, "id") or _field(answer, kind.removesuffix("s"), "id") or ""
    receipt = answer.receipt(f"{kind}:{number}" if kind else "")
    return receipt._replace(retry_after=receipt.retry_after or BUSY_S) if receipt.limited else receipt


def _unsent(receipt: Receipt) -> Receipt:
    return receipt._replace(result="retry") if receipt.result == "unknown" else receipt


def _field(answer: Answer, *path: str) -> Any:
    found = answer.body
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _text(message: Message) -> str:
    parts = [
        message.title,
        message.text,
        message.link,
        *(part for item in message.items for part in (item.title, item.text, item.because, item.link)),
        message.footer,
    ]
    return "\n\n".join(part for part in parts if part)


def _tiptap(message: Message) -> dict[str, Any]:
    """Return a message as a TipTap document: text nodes, so that nothing in it is markup."""
    ways = {message.link, *(item.link for item in message.items)} - {""}
    shown = [
        _paragraph(message.words.open, one) if one in ways else _paragraph(one)
        for one in plain(_text(message)).split("\n\n")
    ]
    links = [_paragraph(one.label, one.page) for one in message.answers if one.page]
    return {"type": "doc", "content": shown + links}


def _paragraph(text: str, link: str = "") -> dict[str, Any]:
    marks = {"marks": [{"type": "link", "attrs": {"href": link}}]} if link else {}
    return {"type": "paragraph", "content": [{"type": "text", "text": text, **marks}]}
