"""Discourse: private messages, replies in topics, pinned topics, the banner.

A topic bears the command's id (`external_id`), a post bears it in its source; after silence and after a crash both are
looked for before anything is written again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from processors.commands import Command, Recall
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.message import Composer
from sinks.platforms.discourse import LAST_POSTS, SENT_MAX, DiscourseApi, Layout, raw, since, title, unsent

# 60 requests a minute over all admin API keys; a delivery makes one to three.
REQUESTS, BURST = 0.4, 6
GONE = frozenset({404, 410})


class DiscourseChannel(Channel):
    """One forum, as its bot. Pinned: a pinned topic in `category`, or the site's banner where there is none."""

    name = "discourse"
    repeats = "checked"
    serves = frozenset({"direct_message", "thread", "pinned"})
    platform = "discourse"
    attempts = 16

    def __init__(self, api: DiscourseApi, addresses: AddressBook, composer: Composer, category: int = 0) -> None:
        self._api, self._addresses, self._composer, self._category = api, addresses, composer, category

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """The forum's limit for API keys."""
        return (Rate("requests", REQUESTS, BURST),)

    async def deliver(self, command: Command) -> Receipt:
        """Write the post, or the topic and pin it."""
        body = await self._body(command)
        if isinstance(body, Receipt):
            return body
        answer = await self._api.ask("POST", "/posts.json", body)
        if not answer.ok:
            return answer.receipt()
        made = answer.body if isinstance(answer.body, dict) else {}
        if command.channel == "thread":
            return answer.receipt(f"post:{made.get('id', '')}")
        topic = int(made.get("topic_id", 0))
        if command.channel == "pinned":
            return await self._pin(command, topic)
        return answer.receipt(f"topic:{topic}")

    async def find(self, command: Command) -> Receipt | None:
        """Look for the command's topic or post."""
        if command.channel == "thread":
            return await self._find_reply(command)
        topic = await self._api.topic_of(command.id)
        if topic is None and command.channel == "direct_message":  # some forums keep no external ids of messages
            return await self._find_sent(command)
        if topic is None or isinstance(topic, Receipt):
            return topic
        return await self._pin(command, topic) if command.channel == "pinned" else _found(f"topic:{topic}")

    async def withdraw(self, recall: Recall, remote: str) -> Receipt | None:
        """Delete the reply or the pinned topic; the banner goes with its topic. A private message stays with its reader."""
        kind, _, number = remote.partition(":")
        if recall.channel == "direct_message":
            return None
        if not number:
            found = await self._api.topic_of(recall.recalls) if recall.channel == "pinned" else None
            if not isinstance(found, int):
                return found
            kind, number = ("topic" if self._category else "banner"), str(found)
        if kind == "banner":
            removed = await self._api.ask("PUT", f"/t/{number}/remove-banner")
            if not removed.ok and removed.status not in GONE:
                return unsent(removed.receipt())
        answer = await self._api.ask("DELETE", f"/{'posts' if kind == 'post' else 't'}/{number}.json")
        return Receipt("delivered", "gone") if answer.status in GONE else unsent(answer.receipt())

    async def check(self) -> Receipt:
        """Look the bot up by its own key."""
        return await self._api.check()

    async def close(self) -> None:
        """Close connections."""
        await self._api.close()

    async def _body(self, command: Command) -> dict[str, Any] | Receipt:
        message = self._composer.message(command)
        if command.channel == "thread":
            if not command.thread.isascii() or not command.thread.isdigit():
                return Receipt("failed", "no_thread")
            return {"topic_id": int(command.thread), "raw": raw(message, command.id, Layout(True, False))}
        if command.channel == "pinned":
            topic = {
                "title": title(message),
                "raw": raw(message, command.id, Layout(False, False)),
                "external_id": command.id,
            }
            return {**topic, "category": self._category} if self._category else topic
        name = await self._name(command)
        if isinstance(name, Receipt):
            return name
        return {
            "title": title(message), "raw": raw(message, command.id, Layout(False, True)), "target_recipients": name,
            "archetype": "private_message", "external_id": command.id,
        }  # fmt: skip

    async def _name(self, command: Command) -> str | Receipt:
        address = await self._addresses.find(command.member, "discourse")
        return Receipt("failed", "no_address") if address is None else await self._api.name(address)

    async def _pin(self, command: Command, topic: int) -> Receipt:
        """Pin a topic; until that is done the attempt is without an end, and a further one finds the topic again."""
        if self._category:
            until = (
                datetime.fromtimestamp(command.expires, UTC)
                if command.expires < 4e9
                else datetime(2090, 1, 1, tzinfo=UTC)
            )
            body = {"status": "pinned", "enabled": "true", "until": until.strftime("%Y-%m-%d")}
            answer = await self._api.ask("PUT", f"/t/{topic}/status.json", body)
        else:
            answer = await self._api.ask("PUT", f"/t/{topic}/make-banner")
        receipt = answer.receipt(f"{'topic' if self._category else 'banner'}:{topic}")
        return receipt._replace(result="unknown") if receipt.result == "retry" else receipt

    async def _find_reply(self, command: Command) -> Receipt | None:
        answer = await self._api.ask("GET", f"/t/{command.thread}.json")
        if not answer.ok:
            return answer.receipt()
        stream = (answer.body or {}).get("post_stream", {})
        last = [str(one) for one in stream.get("stream", [])[-LAST_POSTS:]]
        posts = stream.get("posts", [])
        if {str(one.get("id")) for one in posts}.isdisjoint(last[-1:]):  # a long topic comes with its first posts
            more = await self._api.ask(
                "GET", f"/t/{command.thread}/posts.json?" + "&".join(f"post_ids[]={one}" for one in last)
            )
            if not more.ok:
                return more.receipt()
            posts = (more.body or {}).get("post_stream", {}).get("posts", [])
        mine = [
            one
            for one in posts
            if one.get("username") == self._api.user and since(one.get("created_at"), command.not_before)
        ]
        for one in mine:
            bears = await self._api.bears(int(one["id"]), command.id)
            if isinstance(bears, Receipt):
                return bears
            if bears:
                return _found(f"post:{one['id']}")
        return None

    async def _find_sent(self, command: Command) -> Receipt | None:
        answer = await self._api.ask("GET", f"/topics/private-messages-sent/{self._api.user}.json")
        if not answer.ok:
            return answer.receipt()
        wanted = title(self._composer.message(command))
        topics = (answer.body or {}).get("topic_list", {}).get("topics", [])[:SENT_MAX]
        for one in topics:
            if one.get("title") != wanted or not since(one.get("created_at"), command.not_before):
                continue
            topic = await self._api.ask("GET", f"/t/{one['id']}.json")
            stream = (topic.body or {}).get("post_stream", {}).get("stream", []) if topic.ok else []
            bears = await self._api.bears(int(stream[0]), command.id) if stream else topic.receipt()
            if isinstance(bears, Receipt):
                return bears
            if bears:
                return _found(f"topic:{one['id']}")
        return None


def _found(remote: str) -> Receipt:
    return Receipt("delivered", "found", remote=remote)
