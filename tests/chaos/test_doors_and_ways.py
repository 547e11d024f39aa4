"""Doors in and ways out, all processes at once: what a platform tells leads to a message there, and what a member says there holds."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from processors.decisions import Reason
from streams.settings import child_environment
from streams.topics import ACTIVITY, THREADS
from tests.support.collector import Collector, running_collector
from tests.support.delivering import fetch, outcomes
from tests.support.kafka import running_kafka, wait_until
from tests.support.processes import free_port
from tests.support.redis import running_redis
from tests.support.searching import all_topics, everything, in_files, in_redis
from tests.support.whole_town import APP, WITHIN_S, WholeTown, seen, whole_town

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
ANN, BOB = "town/discourse:17", "town/discourse:18"
ANNS_ID = re.compile(
    rb"discourse:17(?![0-9a-f])"
)  # a request that was seen is kept as "discourse:" and hexadecimal digits


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Who gets the spans of all processes."""
    with running_collector() as running:
        yield running


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all processes log."""
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def town(logs: Path, collector: Collector) -> Iterator[WholeTown]:
    """All processes, for all tests here; each test has members of its own. They log all they can, and send spans."""
    with running_kafka() as broker, running_redis() as store, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOTSE_OTLP_ENDPOINT", collector.url)
        patch.setenv("LOTSE_LOG_LEVEL", "debug")
        with redis.Redis.from_url(store.url) as client:
            for member, address in ((ANN, "ann@example.org"), (BOB, "bob@example.org")):
                client.hset(f"{APP}:address:{member}", "email", address)
        with whole_town(broker.bootstrap, store.url, logs) as running:
            yield running
        for log in logs.glob("*.log"):
            assert "Traceback" not in log.read_text(encoding="utf-8"), log.name


def conversation(town: WholeTown, user: str) -> list[dict[str, Any]]:
    """What a member of Slack got as direct messages."""
    return [one for one in town.slack.seen if one["channel"] == f"D{user}"]


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The buttons of a message by action."""
    rows = [one["elements"] for one in message["blocks"] if one["type"] == "actions"]
    return {one["action_id"].removeprefix("lotse:"): one for row in rows for one in row}


def told(town: WholeTown, command: str) -> str:
    """Wait for the outcome of a command; return its type."""
    bootstrap = town.deployment.settings.bootstrap
    kind: str = wait_until(lambda: outcomes(bootstrap).get(command), WITHIN_S, f"an outcome of {command}")["type"]
    return kind


def mails(town: WholeTown, address: str) -> list[Any]:
    """What came to an address."""
    return [one for one in town.mail.taken if one["To"] == address]


def test_a_question_on_discourse_is_answered_in_its_topic_once(town: WholeTown) -> None:
    """A webhook that Discourse repeats is still one reply; a question that no page answers gets none."""
    body = town.posts(17, 7, "How can I report a spam post?", "Spam in the archive")
    town.from_discourse("post_created", "post", {**body, "reads": 1})  # told again, signed anew
    (reply,) = seen(lambda: town.discourse.seen)
    assert reply["topic_id"] == 7
    assert "How to report something" in reply["raw"]
    (decision,) = town.decisions(ANN, "questions.answer-at-once")
    assert told(town, decision.command) == "outcome.delivered"
    town.posts(18, 7, "How do I mount the frobnicator partition under gentoo?", "Gentoo")
    town.posts(18, 7, "/help report spam", "Help")  # answered after the post before it
    (first, second) = seen(lambda: town.discourse.seen, 2)
    assert (first, second["target_recipients"]) == (reply, "bob")
    assert town.decisions(BOB, "questions.answer-at-once") == []


def test_who_joins_slack_gets_one_message_and_its_snooze_stops_the_next(town: WholeTown) -> None:
    """Two join; one presses Snooze, then both enter a room: only the other hears of it. A stranger's press counts for nothing."""
    for user in ("U1", "U2"):
        town.from_slack("team_join", {"id": user, "profile": {}})  # type: ignore[arg-type]  # a user, in this event
    (mine,), (other,) = (seen(lambda user=user: conversation(town, user)) for user in ("U1", "U2"))  # type: ignore[misc]
    assert [one["type"] for one in mine["blocks"]] == ["header", "section", "actions", "context"]
    snooze = buttons(mine)["snooze_7d"]
    town.press("U2", snooze)
    town.press("U1", snooze)
    town.press("U1", snooze)
    for user in ("U1", "U2"):
        town.from_slack("member_joined_channel", user, channel="C1", channel_type="C", team="T1")
    assert town.decided("town/slack:U1", "rooms") == [Reason.SNOOZED]
    assert town.decided("town/slack:U2", "rooms") == [Reason.SENT]
    seen(lambda: conversation(town, "U2"), 2)
    assert (len(conversation(town, "U1")), len(conversation(town, "U2"))) == (1, 2)
    assert other["metadata"] != mine["metadata"]


def test_help_is_answered_after_stop_all(town: WholeTown) -> None:
    """A slash command says what it does, stops all, and a question to the bot is answered as a message all the same."""
    assert "report spam" in town.slash("U3", "").json()["text"]
    assert "No more messages" in town.slash("U3", "stop").json()["text"]
    assert "comes to you" in town.slash("U3", "report spam").json()["text"]
    (answer,) = seen(lambda: conversation(town, "U3"))
    assert "How to report something" in answer["text"]
    town.from_slack("member_joined_channel", "U3", channel="C1", channel_type="C", team="T1")
    assert town.decided("town/slack:U3", "rooms") == [Reason.OPTED_OUT]


def test_a_silence_takes_away_what_is_shown_in_the_app(town: WholeTown) -> None:
    """Seconds after the order the item is gone from the inbox, and told as withdrawn; nothing new is shown."""
    group = {"id": 1, "group_id": 41, "user_id": 18}
    town.from_discourse("user_removed_from_group", "group_user", group)
    wait_until(lambda: town.shown(BOB), WITHIN_S, "an item in the app")
    (command,) = [one.command for one in town.decisions(BOB, "shown")]
    done = town.deployment.lotse(
        "silence", "add", "--playbook", "shown", "--for", "1h", "--author", "ann", "--reason", "a typo"
    )
    assert done.returncode == 0, done.stderr
    wait_until(lambda: not town.shown(BOB), WITHIN_S, "the item is gone")
    bootstrap = town.deployment.settings.bootstrap
    wait_until(
        lambda: outcomes(bootstrap).get(command, {}).get("type") == "outcome.withdrawn",
        WITHIN_S,
        "the withdrawal is told",
    )


def test_one_click_on_a_mail_stops_mail(town: WholeTown) -> None:
    """RFC 8058: the address in List-Unsubscribe takes the POST; looking at it changes nothing; others still get theirs."""
    for user in (17, 18):
        town.from_discourse("user_promoted", "user_promoted", {"id": user, "username": "x", "trust_level": 2})
    (mail,), _ = (seen(lambda to=to: mails(town, to)) for to in ("ann@example.org", "bob@example.org"))  # type: ignore[misc]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(f"http://{town.pages.pages}")
    assert path.startswith("/a/")
    assert town.pages.ask(path)[0] == 200  # a scanner looks
    group = {"id": 1, "group_id": 41}
    town.from_discourse("user_added_to_group", "group_user", {**group, "user_id": 17})
    seen(lambda: mails(town, "ann@example.org"), 2)
    assert town.pages.ask(path, {"List-Unsubscribe": "One-Click"})[0] == 200
    for user in (17, 18):
        town.from_discourse("user_added_to_group", "group_user", {**group, "group_id": 42, "user_id": user})
    wait_until(lambda: len(town.decisions(ANN, "group")) > 1, WITHIN_S, "the second decision")
    assert town.decided(ANN, "group") == [Reason.SENT, Reason.OPTED_OUT]
    assert town.decided(BOB, "group") == [Reason.SENT]
    seen(lambda: mails(town, "bob@example.org"), 2)
    assert (len(mails(town, "ann@example.org")), len(mails(town, "bob@example.org"))) == (2, 2)


@pytest.fixture(scope="module")
def console_folder(town: WholeTown, logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running console's files."""
    folder = tmp_path_factory.mktemp("console")
    given = child_environment(
        **town.deployment.environment(),
        LOTSE_CONSOLE_ADDRESS=f"127.0.0.1:{free_port()}",
        LOTSE_HEALTH_ADDRESS="127.0.0.1:0",
        LOTSE_CONSOLE_DB=str(folder / "c.sqlite"),
    )
    with (logs / "console.log").open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "streams.cli", "console"], stdout=out, stderr=out, env=given)
    try:
        for user in (17, 18):
            town.posts(user, 8, "Good morning.", "Morning")
        wait_until(
            lambda: b"discourse:17" in (read := in_files(folder)) and b"discourse:18" in read,
            60,
            "it has followed the log",
        )
        yield folder
    finally:
        process.kill()
        process.wait(60)


def test_what_members_write_is_in_raw_topics_and_nowhere_else(
    town: WholeTown, console_folder: Path, logs: Path, collector: Collector
) -> None:
    """Through a door, past an answer, to the console: not in its files, not in Redis, logs, metrics, spans, decisions, commands or states."""
    canary, bootstrap = "xanthoceras", town.deployment.settings.bootstrap
    town.slack.members.add("U5")
    town.posts(17, 9, f"How can I report a spam post about {canary}?", f"Spam in the {canary} archive")
    town.slash("U5", f"report spam {canary}")
    seen(lambda: conversation(town, "U5"))
    wait_until(lambda: canary.encode() in everything(bootstrap, THREADS), WITHIN_S, "her words at the community stage")
    town.deployment.caught_up()
    wait_until(lambda: b"slack:U5" in in_files(console_folder), WITHIN_S, "the console has followed the log")
    holding = {name for name in all_topics(bootstrap) if canary.encode() in everything(bootstrap, name)}
    # The community stage keeps stems of questions, to find those alike: single words in no order, never a sentence.
    assert holding - {f"{APP}-communities-changelog"} == {ACTIVITY, THREADS}
    assert canary.encode() not in in_redis(town.redis)
    assert canary.encode() not in in_files(console_folder)
    assert canary.encode() not in in_files(logs)
    for address in town.answers:
        status, page = fetch(address, "metrics")
        assert (status, canary in page) == (200, False), address
    spans = wait_until(lambda: [one for one in collector.spans if one.service == "lotse-deliver"], WITHIN_S, "spans")
    assert spans
    assert canary not in repr(collector.spans)


def test_who_is_erased_is_in_no_store_of_the_running_town(town: WholeTown, console_folder: Path) -> None:
    """The console's file, Redis, states: no byte of the id; what raw topics hold has a date; others stay."""
    environment = {"LOTSE_REDIS": town.redis, "LOTSE_CONSOLE_DB": str(console_folder / "c.sqlite")}
    done = town.deployment.lotse("erase", ANN, "--json", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    town.deployment.caught_up()
    assert ANNS_ID.findall(in_redis(town.redis)) == []
    wait_until(lambda: not ANNS_ID.search(in_files(console_folder)), WITHIN_S, "the console has forgotten her")
    assert b"discourse:18" in in_files(console_folder)
    assert town.deployment.lotse("state", "show", ANN).returncode == 1
    again = town.deployment.lotse("erase", ANN, **environment)
    assert "nothing was there to erase" in again.stdout
