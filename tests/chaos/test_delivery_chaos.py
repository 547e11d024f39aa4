"""The dispatcher killed at random under load: nothing lost, nothing twice where the platform lets one look, and what else is listed."""

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import redis

from processors.commands import Command
from streams.settings import Settings
from streams.topic_plan import compare, create_missing
from tests.support.commands import command
from tests.support.delivering import delivering, outcomes, send
from tests.support.fake_platform import in_a_thread
from tests.support.fake_slack import TOKEN, FakeSlack
from tests.support.kafka import Broker, wait_until
from tests.support.mail_server import PASSWORD, USER, MailServer, running_mail_server
from tests.support.processes import free_port
from tests.support.receiver import Receiver, running_receiver

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
KEY = "a control key for tests"
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
EACH = 8  # commands a round and channel
END_S = 240


def portion(round_: int) -> list[Command]:
    """One round's commands: a reply in a thread of its own (Slack), a webhook, a mail each."""
    made = []
    for number in range(round_ * EACH, (round_ + 1) * EACH):
        made += [
            command(number, id=f"slack-{number}", target=f"town/#C7:{number}.5", member="town/slack:U1", channel="thread", thread=f"C7:{number}.5"),
            command(number, id=f"hook-{number}", target=f"town/h{number}", member=f"town/h{number}", channel="in_app"),
            command(number, id=f"mail-{number}", target=f"town/m{number}", member=f"town/mail:m{number}", channel="email"),
        ]  # fmt: skip
    return made


def reached(slack: FakeSlack, receiver: Receiver, mail: MailServer) -> int:
    """How many messages have come anywhere."""
    return len(slack.seen) + len(receiver.received) + len(mail.taken)


def test_kills_under_load_lose_nothing_and_repeat_only_what_nobody_can_tell(
    empty_kafka: Broker, redis_url: str, tmp_path: Path
) -> None:
    """Slack: once each. Webhook: at least once, a repetition bears the same id. Mail: at most once, else an outcome says unknown."""
    seed = int(os.environ.get("CHAOS_SEED", str(random.randrange(10**6))))
    print(f"CHAOS_SEED={seed} CHAOS_KILLS={KILLS}")
    chance = random.Random(seed)
    sent: list[Command] = []
    with in_a_thread(FakeSlack()) as slack, running_receiver() as receiver, running_mail_server() as mail:
        settings = Settings(
            bootstrap=empty_kafka.bootstrap, redis=redis_url, app="chaos", control_key=KEY, partitions=1, worker="d1", lease_s=3.0,
            health_address=f"127.0.0.1:{free_port()}", webhook_url=receiver.url, webhook_secret="a secret of the tests",
        )  # fmt: skip
        broker = settings.bootstrap
        create_missing(settings)
        wait_until(lambda: not compare(settings), 20, "all topics")
        slack.takes_s = mail.takes_s = 0.1
        receiver.answer = lambda _command: time.sleep(0.1) or 200  # type: ignore[func-returns-value]
        given: dict[str, Any] = {
            "LOTSE_CHANNELS": "slack,email,webhook", "LOTSE_SLACK_TOKEN": TOKEN, "LOTSE_SLACK_URL": slack.url,
            "LOTSE_EMAIL_HOST": "127.0.0.1", "LOTSE_EMAIL_PORT": str(mail.port),
            "LOTSE_EMAIL_TLS": "none", "LOTSE_EMAIL_USER": USER, "LOTSE_EMAIL_PASSWORD": PASSWORD, "LOTSE_EMAIL_FROM": "pilot@town.example",
        }  # fmt: skip
        note_addresses(redis_url, KILLS + 1)
        for round_ in range(KILLS):
            sent += portion(round_)
            send(broker, *portion(round_))
            before = reached(slack, receiver, mail)
            with delivering(settings, tmp_path / "log", ready=False, **given) as running:
                wait_until(lambda: reached(slack, receiver, mail) > before, 60, f"a message in round {round_}", 0.02)  # noqa: B023
                time.sleep(chance.uniform(0.0, 1.2))  # the moment of the kill, not a wait for anything
                running.process.kill()
                running.process.wait(60)
        sent += portion(KILLS)
        send(broker, *portion(KILLS))
        with delivering(settings, tmp_path / "log", **given):
            wait_until(lambda: {one.id for one in sent} <= outcomes(broker).keys(), END_S, "an outcome for each", 1.0)
        told = outcomes(broker)
        check(sent, told, slack, receiver, mail)


def check(sent: list[Command], told: dict[str, Any], slack: FakeSlack, receiver: Receiver, mail: MailServer) -> None:
    """Compare what came with what was sent and told."""
    ids = {kind: {one.id for one in sent if one.id.startswith(kind)} for kind in ("slack", "hook", "mail")}
    replies = Counter(one["metadata"]["event_payload"]["command_id"] for one in slack.seen)
    assert replies == Counter(ids["slack"]), "Slack: each once"
    hooks = Counter(receiver.received)
    assert set(hooks) == ids["hook"], "webhook: none lost"
    mails = Counter(str(one["Message-ID"]).strip("<>").partition("@")[0] for one in mail.taken)
    assert set(mails) <= ids["mail"]
    assert not mails or max(mails.values()) == 1, "mail: none twice"
    unknown = {one for one in ids["mail"] if told[one]["type"] == "outcome.failed"}
    assert ids["mail"] - set(mails) <= unknown, "mail: what did not come is told as unknown"
    assert {told[one]["reason"] for one in unknown} <= {"unknown"}
    delivered = {one for one, outcome in told.items() if outcome["type"] == "outcome.delivered"}
    assert ids["slack"] | ids["hook"] <= delivered
    print(f"{len(sent)} commands: hooks repeated {sum(hooks.values()) - len(hooks)}, mails unknown {len(unknown)}")


def note_addresses(redis_url: str, rounds: int) -> None:
    """Give every member of the mail its address."""
    with redis.Redis.from_url(redis_url) as store:
        for number in range(rounds * EACH):
            store.hset(f"chaos:address:town/mail:m{number}", "email", f"m{number}@example.org")
