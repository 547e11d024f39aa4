"""A whole deployment: gateway, worker, delivery and member pages as processes, and the platforms around them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import orjson
from redis.asyncio import Redis

from processors.decisions import Decision, read_decision
from processors.playbooks.resources import Bundle, Playbook, Policy
from resource_catalog.loader import SHIPPED, load
from sinks.inbox import Inbox
from streams.settings import Settings
from streams.topics import DECISIONS
from tests.support.delivering import delivering
from tests.support.deployment import Deployment
from tests.support.fake_discourse import BOT, FakeDiscourse
from tests.support.fake_discourse import KEY as DISCOURSE_KEY
from tests.support.fake_platform import in_a_thread
from tests.support.fake_slack import TOKEN, FakeSlack
from tests.support.gateways import SECRET, RunningGateway, gateway_settings, running_gateway
from tests.support.kafka import read_all, wait_until
from tests.support.mail_server import PASSWORD, USER, MailServer, running_mail_server
from tests.support.pages_process import RunningPages, running_pages
from tests.support.processes import free_port
from tests.support.signing import signature

APP = "whole"
WITHIN_S = 30.0  # from a request to what a platform sees; two cores may be shared with much else
FORM = {"content-type": "application/x-www-form-urlencoded"}
SHIPPED_USED = ("questions.answer-at-once", "help.on-request")
# Each of another theme and kind, so that a stop of one is no stop of another.
OWN = (
    Playbook("hello", "community.joined", "getting-started", "hello", kind="hello", channels=("direct_message",), because="you joined"),
    Playbook("rooms", "channel.joined", "how-we-talk", "rooms", kind="rooms", channels=("direct_message",), because="you came into a room"),
    Playbook("badge", "milestone.reached", "thank-you", "badge", kind="badge", channels=("email",), because="you were promoted"),
    Playbook("group", "group.joined", "finding-things", "group", kind="group", channels=("email",), because="you joined a group"),
    Playbook("shown", "group.left", "asking-well", "shown", kind="shown", channels=("in_app",), because="you left a group", expires=86400.0),
)  # fmt: skip


def bundle() -> Bundle:
    """The shipped resources, two shipped playbooks and our own, all live; budgets that one minute does not fill."""
    shipped = load(SHIPPED).bundle
    used = [one for one in shipped.playbooks if one.id in SHIPPED_USED]
    policy = Policy(
        quiet_from=0, quiet_to=0, budget_day=20, budget_week=20, budget_week_new=20, answers_day=20, cooldown_theme=0,
        cooldown_resource=0, tone="warm",
    )  # fmt: skip
    live = tuple(msgspec.structs.replace(one, maturity="live") for one in (*used, *OWN))
    return msgspec.structs.replace(shipped, playbooks=live, policies={"*": policy})


class WholeTown:
    """Its platforms, and what they send."""

    def __init__(
        self, deployment: Deployment, gateway: RunningGateway, pages: RunningPages, slack: FakeSlack, discourse: FakeDiscourse, mail: MailServer,
        redis: str, answers: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.deployment, self.gateway, self.pages = deployment, gateway, pages
        self.slack, self.discourse, self.mail = slack, discourse, mail
        self._numbers, self.redis = iter(range(1, 10_000)), redis
        self.answers = answers  # where its processes answer /metrics
        slack.members.add("U3")

    def from_slack(self, kind: str, user: str, **more: Any) -> None:
        """Send an event of Slack's Events API, signed."""
        number, now = next(self._numbers), time.time()
        event = {"type": kind, "user": user, "event_ts": f"{now:.6f}", **more}
        body = {
            "type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event_time": int(now), "event": event,
        }  # fmt: skip
        self._sent("slack", orjson.dumps(body), {"content-type": "application/json"})

    def slash(self, user: str, words: str) -> httpx.Response:
        """Send `/help` with these words, as Slack does."""
        form = {
            "command": "/help", "text": words, "user_id": user, "channel_id": "C1", "trigger_id": f"t{next(self._numbers)}",
        }  # fmt: skip
        return self._sent("slack", urlencode(form).encode(), FORM)

    def press(self, user: str, button: dict[str, Any]) -> None:
        """Press a button of a message, as Slack tells of it."""
        action = {
            "type": "button",
            "action_id": button["action_id"],
            "value": button["value"],
            "action_ts": f"{time.time():.6f}",
        }
        payload = {
            "type": "block_actions", "user": {"id": user}, "trigger_id": f"t{next(self._numbers)}", "actions": [action],
        }  # fmt: skip
        self._sent("slack", urlencode({"payload": orjson.dumps(payload).decode()}).encode(), FORM)

    def from_discourse(self, event: str, kind: str, body: dict[str, Any]) -> None:
        """Send a webhook of Discourse, signed."""
        headers = {
            "content-type": "application/json", "x-discourse-event": event, "x-discourse-event-type": kind,
            "x-discourse-event-id": str(next(self._numbers)),
        }  # fmt: skip
        self._sent("discourse", orjson.dumps({kind: body}), headers)

    def posts(self, user: int, topic: int, words: str, title: str) -> dict[str, Any]:
        """Tell of the first post of a topic; return what was told."""
        number = next(self._numbers)
        body = {
            "id": 5000 + number, "user_id": user, "username": self.discourse.users[str(user)], "topic_id": topic, "topic_title": title,
            "post_number": 1, "post_type": 1, "category_id": 4, "raw": words, "cooked": f"<p>{words}</p>", "created_at": _iso(),
            "updated_at": _iso(), "version": 1, "topic_archetype": "regular",
        }  # fmt: skip
        self.from_discourse("post_created", "post", body)
        return body

    def decisions(self, member: str, playbook: str) -> list[Decision]:
        """Return what was decided about a playbook for a member, in order."""
        read = [read_decision(one.key, one.value) for one in read_all(self.deployment.settings.bootstrap, DECISIONS)]
        return [one for one in read if (one.member, one.playbook) == (member, playbook)]

    def shown(self, member: str) -> list[str]:
        """Return the playbooks of what a member is shown in the app."""

        async def look() -> list[str]:
            async with Redis.from_url(self.redis) as redis:
                return [one.playbook for one in await Inbox(redis, APP).items(member, time.time())]

        return asyncio.run(look())

    def decided(self, member: str, playbook: str) -> list[str]:
        """Wait for a decision; return the reasons of all."""
        found = wait_until(
            lambda: self.decisions(member, playbook), WITHIN_S, f"a decision about {playbook} for {member}"
        )
        return [str(one.reason) for one in found]

    def _sent(self, door: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        signed = {**headers, **signature(door, body, time.time())}
        answer = self.gateway.client.post(f"/in/{door}", content=body, headers=signed)
        assert answer.status_code == 200, answer.text
        return answer


def seen(what: Callable[[], list[Any]], count: int = 1) -> list[Any]:
    """Wait until so many are there; return all."""
    wait_until(lambda: len(what()) >= count, WITHIN_S, f"{count} of what was waited for")
    return what()


def _iso() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


@contextmanager
def whole_town(bootstrap: str, redis: str, logs: Path) -> Iterator[WholeTown]:
    """Run all processes, with Slack, Discourse and a mail server around them."""
    with ExitStack() as stack:
        slack, discourse = (
            stack.enter_context(in_a_thread(FakeSlack())),
            stack.enter_context(in_a_thread(FakeDiscourse())),
        )
        mail = stack.enter_context(running_mail_server())
        deployment = Deployment(bootstrap, APP)
        deployment.prepare(bundle())
        secrets = f"slack={SECRET} discourse={SECRET}"
        given = gateway_settings(bootstrap, redis, app=APP, gateway_secrets=secrets)
        gateway = stack.enter_context(running_gateway(given, logs / "gateway.log"))
        pages = stack.enter_context(running_pages(bootstrap, 2, logs / "pages.log", LOTSE_APP=APP))
        worker = f"127.0.0.1:{free_port()}"
        stack.enter_context(deployment.worker(logs, health=worker))
        settings = Settings(
            bootstrap=bootstrap, redis=redis, app=APP, control_key=deployment.settings.control_key, partitions=2, worker="d1",
            health_address=f"127.0.0.1:{free_port()}",
        )  # fmt: skip
        stack.enter_context(delivering(settings, logs / "deliver.log", **_ways(slack, discourse, mail, pages)))
        answers = (worker, settings.health_address, given.health_address, pages.health)
        yield WholeTown(deployment, gateway, pages, slack, discourse, mail, redis, answers)


def _ways(slack: FakeSlack, discourse: FakeDiscourse, mail: MailServer, pages: RunningPages) -> dict[str, str]:
    return {
        "LOTSE_CHANNELS": "slack,discourse,email,in_app", "LOTSE_PAGES_URL": f"http://{pages.pages}",
        "LOTSE_SLACK_TOKEN": TOKEN, "LOTSE_SLACK_URL": slack.url,
        "LOTSE_DISCOURSE_URL": discourse.url, "LOTSE_DISCOURSE_KEY": DISCOURSE_KEY, "LOTSE_DISCOURSE_USER": BOT,
        "LOTSE_EMAIL_HOST": "127.0.0.1", "LOTSE_EMAIL_PORT": str(mail.port), "LOTSE_EMAIL_TLS": "none", "LOTSE_EMAIL_USER": USER,
        "LOTSE_EMAIL_PASSWORD": PASSWORD, "LOTSE_EMAIL_FROM": "pilot@town.example",
    }  # fmt: skip
