"""Staff: what people must see, in one place of theirs: a Slack channel, a Discourse category, or a mailbox."""

from collections.abc import Sequence

from processors.commands import Command
from sinks.channel import Channel, Rate, Receipt
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi, Layout, raw, title
from sinks.platforms.mail import Sender, Server, log_in, mail, send
from sinks.platforms.slack import SlackApi, blocks, fallback, metadata

CLOCKS_S = 300.0


class StaffChannel(Channel):
    """`place` is a Slack channel's id, a Discourse category's number, or an address; `way` what leads there.

    Like the platforms themselves: looked for before it is repeated, and by mail at most once.
    """

    name = "staff"
    repeats = "checked"
    serves = frozenset({"staff"})
    attempts = 4

    def __init__(self, way: SlackApi | DiscourseApi | tuple[Server, Sender], place: str, composer: Composer) -> None:
        self._way, self._place, self._composer = way, place, composer

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """One a second: the limit of one conversation."""
        return (Rate("place", 1.0, 3),)

    async def deliver(self, command: Command) -> Receipt:
        """Put it there."""
        message, way = self._composer.message(command), self._way
        if isinstance(way, SlackApi):
            answer = await way.call(
                "chat.postMessage", channel=self._place, text=fallback(message), blocks=blocks(message, command.id),
                metadata=metadata(command.id), unfurl_links=False, mrkdwn=False, parse="none", link_names=False,
            )  # fmt: skip
            return answer.receipt._replace(remote=f"{self._place}:{answer.body.get('ts', '')}")
        if isinstance(way, DiscourseApi):
            body = {
                "title": title(message), "raw": raw(message, command.id, Layout(False, False)), "category": int(self._place),
                "external_id": command.id,
            }  # fmt: skip
            return (await way.ask("POST", "/posts.json", body)).receipt()
        server, sender = way
        return await send(mail(message, self._place, sender, command.id, command.not_before, "en"), self._place, server)

    async def find(self, command: Command) -> Receipt | None:
        """Look for it in its place."""
        way = self._way
        if isinstance(way, SlackApi):
            return await way.find(self._place, command.id, command.not_before - CLOCKS_S)
        if isinstance(way, DiscourseApi):
            topic = await way.topic_of(command.id)
            return topic if topic is None or isinstance(topic, Receipt) else Receipt("delivered", "found")
        return Receipt("failed", "unknown")

    async def check(self) -> Receipt:
        """Ask the platform, or the mail server, that leads to the place."""
        way = self._way
        return await (log_in(way[0], way[1]) if isinstance(way, tuple) else way.check())

    async def close(self) -> None:
        """Close connections."""
        if not isinstance(self._way, tuple):
            await self._way.close()
