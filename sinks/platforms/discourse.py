"""Discourse's API: requests of a bot, what its answers mean, and messages in its Markdown.

After docs.discourse.org (openapi.json) and the site settings named beside the constants.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from sinks.channel import Receipt
from sinks.escaping import discourse, line, url
from sinks.message import Message
from sinks.platforms.http import Answer, HttpClient

TITLE_MAX = 200
EARLY_429_S = 10.0  # a 429 of the proxy in front says nothing of how long
SENT_MAX = 30  # of the bot's messages that are looked through: one page
LAST_POSTS = 20  # of a topic
CLOCKS_S = 300.0  # how far the clocks of the forum and of this process may differ


class DiscourseApi:
    """One forum, as the bot `user`."""

    def __init__(self, base: str, key: str, user: str) -> None:
        self.user = user
        self._http = HttpClient(base, {"Api-Key": key, "Api-Username": user, "Accept": "application/json"})
        self._names: dict[str, str] = {}

    async def ask(self, method: str, path: str, json: Any = None, params: dict[str, str] | None = None) -> Answer:
        """Make a request; a 429 carries how long the forum wants to be left alone."""
        answer = await self._http.request(method, path, json, params)
        if answer.status == 429:
            return answer._replace(retry_after=answer.retry_after or _wait(answer.body))
        return answer

    async def name(self, address: str) -> str | Receipt:
        """Return the user name of an address: a user's number, or the name itself."""
        if not address.isascii() or not address.isdigit():
            return address
        if address not in self._names:
            answer = await self.ask("GET", f"/admin/users/{address}.json")
            found = answer.body.get("username") if answer.ok and isinstance(answer.body, dict) else None
            if not isinstance(found, str):
                return unsent(answer.receipt()) if not answer.ok else Receipt("failed", "no_user_name")
            self._names[address] = found
        return self._names[address]

    async def topic_of(self, command: str) -> int | Receipt | None:
        """Return the number of the topic that was made for a command, None where there is none."""
        answer = await self.ask("GET", f"/t/external_id/{command}.json")
        if answer.status in (301, 302):  # to the topic, whose number the redirect's answer does not hold
            return _number(answer.location)
        if answer.ok and isinstance(answer.body, dict):
            return int(answer.body.get("id", 0)) or None
        return None if answer.status in (403, 404) else answer.receipt()

    async def bears(self, post: int, command: str) -> bool | Receipt:
        """Tell whether a post is that of a command."""
        answer = await self.ask("GET", f"/posts/{post}.json")
        if not answer.ok:
            return False if answer.status in (403, 404) else answer.receipt()
        return mark(command) in str((answer.body or {}).get("raw", ""))

    async def check(self) -> Receipt:
        """Look the bot up by its own key: a wrong key is refused, a bot that is not there is not found."""
        return (await self.ask("GET", f"/u/{quote(self.user, safe='')}.json")).receipt()

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def unsent(receipt: Receipt) -> Receipt:
    """Return what a failed look-up means for a delivery that was not begun: nothing of it is in doubt."""
    return receipt._replace(result="retry") if receipt.result == "unknown" else receipt


def mark(command: str) -> str:
    """Return what marks a post as that of a command; members do not see it."""
    return f"<!-- lotse:{command} -->"


def title(message: Message) -> str:
    """Return a topic's title: plain text."""
    return line(message.title, TITLE_MAX)


class Layout(NamedTuple):
    """Which parts a post has."""

    titled: bool
    answers: bool


def raw(message: Message, command: str, layout: Layout) -> str:
    """Return the body of a post."""
    words, parts = message.words, []
    if layout.titled and message.title:
        parts.append(f"**{discourse(message.title)}**")
    parts.append(discourse(message.text))
    if message.link:
        parts.append(f"[{discourse(words.open)}]({message.link})")
    for item in message.items:
        link = f"[{discourse(words.open)}]({item.link})" if item.link else ""
        said = (f"**{discourse(item.title)}**", discourse(item.text), discourse(item.because), link)
        parts.append("\n".join(part for part in said if part))
    if layout.answers:
        links = [f"[{discourse(one.label)}]({url(one.page)})" for one in message.answers if one.page]
        if message.preferences:
            links.append(f"[{discourse(words.preferences)}]({message.preferences})")
        parts.append(" · ".join(links))
    if message.because:
        parts.append(discourse(message.footer))
    return "\n\n".join(part for part in (*parts, mark(command)) if part)


def since(created: Any, epoch: float) -> bool:
    """Tell whether an ISO time is not before `epoch` (s), as far as clocks agree."""
    try:
        return datetime.fromisoformat(str(created)).astimezone(UTC).timestamp() >= epoch - CLOCKS_S
    except ValueError:
        return False


def _wait(body: Any) -> float:
    extras = body.get("extras") if isinstance(body, dict) else None
    seconds = extras.get("wait_seconds") if isinstance(extras, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else EARLY_429_S


def _number(location: str) -> int | None:
    last = location.rstrip("/").rpartition("/")[2].removesuffix(".json")
    return int(last) if last.isascii() and last.isdigit() else None
