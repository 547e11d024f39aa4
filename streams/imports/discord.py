"""DiscordChatExporter's JSON: a file a channel; direct messages are private, and not read. Members are `discord:<id>`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from streams.gateway.reading import fields, items, text, truth
from streams.imports.archives import parts
from streams.imports.items import RAW_MAX, Item, Rejected, Skipped, row

PRIVATE = frozenset({"DirectTextChat", "DirectGroupTextChat"})
WORDS = frozenset({"Default", "Reply", "0", "19"})
JOINED = frozenset({"GuildMemberJoin", "7"})


def read(path: Path) -> Iterator[Item]:
    """Yield the messages of each file."""
    for part in parts(path, (".json",)):
        try:
            export = fields(orjson.loads(part.content))
        except orjson.JSONDecodeError as error:
            yield Rejected(part.name, f"no JSON ({error})", part.content[:RAW_MAX].decode(errors="replace"))
            continue
        channel = fields(export.get("channel"))
        if not isinstance(export.get("messages"), list):
            yield Rejected(part.name, "no messages: expected an export of DiscordChatExporter as JSON")
        for number, message in enumerate(items(export.get("messages")), 1):
            private = text(channel.get("type")) in PRIVATE
            yield Skipped("private") if private else _message(f"{part.name}:{number}", channel, message)


def _message(where: str, channel: dict[str, Any], message: Any) -> Item:
    raw = orjson.dumps(message).decode()[:RAW_MAX]
    if not isinstance(message, dict):
        return Rejected(where, "expected an object", raw)
    author, kind, number = fields(message.get("author")), text(message.get("type")), text(message.get("id"))
    user = text(author.get("id"))
    if truth(author.get("isBot")):
        return Skipped("bot")
    if kind not in WORDS | JOINED:
        return Skipped(f"message of type {kind}")
    thread = text(channel.get("id")) if "Thread" in str(channel.get("type")) else None
    answered = text(fields(message.get("reference")).get("messageId"))
    return row(
        where, time=message.get("timestamp"), author=f"discord:{user}" if user else None, raw=raw, channel=channel.get("name"),
        thread=thread or answered or number, number=number, words=message.get("content"), kind="join" if kind in JOINED else "message",
    )  # fmt: skip
