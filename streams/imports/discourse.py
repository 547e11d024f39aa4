"""Discourse: JSON as its API and topics give it, and CSV as Data Explorer and the download of one's own posts write it.

Members are `discourse:<user_id>`, as the gateway names them; where an export has names only, the name.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from streams.gateway.reading import fields, first, items, plain, text, truth
from streams.imports.archives import parts
from streams.imports.items import RAW_MAX, Item, Rejected, Skipped, row

REGULAR = (None, "1")  # post_type of a member's post; others are whispers, moderators' and the system's notes
PRIVATE = "private_message"
CELL_MAX = 1 << 20  # characters of a CSV cell


def read(path: Path) -> Iterator[Item]:
    """Yield the posts of JSON and CSV files."""
    for part in parts(path, (".json", ".csv", ".jsonl")):
        if part.name.lower().endswith(".csv"):
            yield from _table(part.name, part.content)
            continue
        for where, document in _documents(part.name, part.content):
            if isinstance(document, Rejected):
                yield document
            else:
                yield from _posts(where, document)


def _documents(name: str, content: bytes) -> Iterator[tuple[str, Any]]:
    try:
        yield name, orjson.loads(content)
    except orjson.JSONDecodeError as error:
        lines = content.splitlines()
        if len(lines) < 2:
            yield name, Rejected(name, f"no JSON ({error})", content[:RAW_MAX].decode(errors="replace"))
            return
        for number, line in enumerate(lines, 1):
            where = f"{name}:{number}"
            try:
                if line.strip():
                    yield where, orjson.loads(line)
            except orjson.JSONDecodeError as fault:
                yield where, Rejected(where, f"no JSON ({fault})", line[:RAW_MAX].decode(errors="replace"))


def _posts(where: str, document: Any) -> Iterator[Item]:
    topic = fields(document)
    posts = first(fields(topic.get("post_stream")), "posts") or first(topic, "latest_posts", "posts")
    found = items(posts) or items(document) or ([topic] if "raw" in topic or "cooked" in topic else [])
    about = {"title": topic.get("title"), "category": topic.get("category_id"), "archetype": topic.get("archetype")}
    if not found:
        yield Skipped("no posts in it")
    for number, post in enumerate(found, 1):
        yield _post(f"{where}:{number}" if len(found) > 1 else where, post, about)


def _post(where: str, given: Any, about: dict[str, Any]) -> Item:
    if not isinstance(given, dict):
        return Rejected(where, "expected a post", str(given)[:RAW_MAX])
    post = {**{name: value for name, value in about.items() if value is not None}, **given}
    raw = orjson.dumps(given).decode()[:RAW_MAX]
    if PRIVATE in (post.get("topic_archetype"), post.get("archetype")) or _yes(post.get("is_pm")):
        return Skipped("private")
    if text(post.get("post_type")) not in REGULAR:
        return Skipped("no member's post")
    if text(post.get("user_id")) in ("-1", "-2"):
        return Skipped("system")
    number = text(post.get("user_id"))
    author = f"discourse:{number}" if number else text(first(post, "username", "author"))
    raw_words, cooked = first(post, "raw", "post_raw", "post"), post.get("cooked")
    words = text(raw_words, 8000) if raw_words is not None else plain(cooked)
    thread = first(post, "topic_id", "topic_title", "title")
    channel = first(post, "category_slug", "category", "categories", "category_id")
    when = first(post, "created_at", "post_created_at", "date")
    when = when.removesuffix(" UTC") if isinstance(when, str) else when  # as Data Explorer writes it
    return row(
        where,
        time=when,
        author=author,
        raw=raw,
        channel=channel,
        thread=thread,
        number=first(post, "id", "post_id", "url"),
        words=words,
    )


def _table(name: str, content: bytes) -> Iterator[Item]:
    csv.field_size_limit(CELL_MAX)
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    try:
        for cells in reader:
            where, given = (
                f"{name}:{reader.line_num}",
                {key: value for key, value in cells.items() if key and value not in (None, "")},
            )
            if None in cells or None in cells.values():
                yield Rejected(where, "more or fewer cells than the header has", str(list(cells.values()))[:RAW_MAX])
            else:
                yield _post(where, given, {})
    except csv.Error as error:
        yield Rejected(f"{name}:{reader.line_num}", f"no CSV ({error})")


def _yes(value: Any) -> bool:
    return truth(value) or text(value) in ("Yes", "yes", "1", "t")
