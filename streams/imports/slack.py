"""Slack's export: a zip or folder with a folder of days for each channel; direct messages are private, and not read.

Members are `slack:<id>`, as the gateway names them, so that history and what comes after are one member's.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from streams.gateway.reading import fields, first, items, text
from streams.gateway.sources.slack import WORDS, readable
from streams.imports.archives import parts
from streams.imports.items import RAW_MAX, Item, Rejected, Skipped, row

LISTS = frozenset({"users.json", "channels.json", "groups.json", "integration_logs.json", "canvases.json", "file_conversations.json", "org_users.json"})  # fmt: skip
PRIVATE = frozenset({"dms.json", "mpims.json"})
JOINED = frozenset({"channel_join", "group_join"})


def read(path: Path) -> Iterator[Item]:
    """Yield what an export holds, the channels and days in order."""
    hidden = _private(path)
    for part in parts(path, (".json",)):
        folder, _, day = part.name.rpartition("/")
        if part.name.rpartition("/")[2] in LISTS | PRIVATE:
            continue
        try:
            messages = orjson.loads(part.content)
        except orjson.JSONDecodeError as error:
            yield Rejected(part.name, f"no JSON ({error})")
            continue
        if not isinstance(messages, list):
            yield Rejected(part.name, "expected a list of messages", part.content[:RAW_MAX].decode(errors="replace"))
        channel = folder.rpartition("/")[2] or day.removesuffix(".json")
        for number, message in enumerate(items(messages), 1):
            private = channel in hidden or channel.startswith(("D0", "mpdm-"))
            yield Skipped("private") if private else _message(f"{part.name}:{number}", channel, message)


def _private(path: Path) -> frozenset[str]:
    """Return the names of folders that hold direct messages."""
    found = set[str]()
    for part in parts(path, (".json",)):
        if part.name.rpartition("/")[2] in PRIVATE:
            try:
                listed = items(orjson.loads(part.content))
            except orjson.JSONDecodeError:
                listed = []
            found |= {
                name for one in map(fields, listed) for name in (text(one.get("id")), text(one.get("name"))) if name
            }
    return frozenset(found)


def _message(where: str, channel: str, message: Any) -> Item:
    raw = orjson.dumps(message).decode()[:RAW_MAX]
    if not isinstance(message, dict):
        return Rejected(where, "expected an object", raw)
    subtype = text(message.get("subtype"))
    if message.get("bot_id") or subtype == "bot_message" or message.get("user") == "USLACKBOT":
        return Skipped("bot")
    user, ts = text(first(message, "user", "user_id")), message.get("ts")
    author = f"slack:{user}" if user else None
    if subtype in JOINED:
        return row(where, time=ts, author=author, raw=raw, channel=channel, number=f"{channel}:{ts}", kind="join")
    if subtype not in WORDS:
        return Skipped(f"message of subtype {subtype}")
    root = text(first(message, "thread_ts", "ts"))
    words = readable(message.get("text"))
    return row(
        where,
        time=ts,
        author=author,
        raw=raw,
        channel=channel,
        thread=f"{channel}:{root}",
        number=f"{channel}:{ts}",
        words=words,
    )
