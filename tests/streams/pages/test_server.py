"""`lotse pages` as a process on a real Kafka: what is published is shown, what is pressed is in the log, before it is said."""

import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from kafka import KafkaProducer

from processors.commands import Recall, recall_id
from processors.playbooks.resources import Bundle
from sinks.action_tokens import ActionTokens
from streams.settings import child_environment
from streams.topics import ACTIVITY, DELIVERY
from tests.support.commands import command
from tests.support.delivering import delivering, fetch, send
from tests.support.deployment import KEY, Deployment
from tests.support.inbox_town import SECRET, member_token
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.member_pages import RESOURCES
from tests.support.observing import log_lines
from tests.support.pages_process import running_pages
from tests.support.processes import free_port

pytestmark = pytest.mark.integration
TOKENS = ActionTokens([KEY.encode()])


def presses(bootstrap: str) -> list[dict[str, Any]]:
    """Outcomes, wishes and answers in the member log."""
    events = [json.loads(record.value) for record in read_all(bootstrap, ACTIVITY)]
    return [one for one in events if one["type"].startswith(("outcome.", "preference.", "survey."))]


def test_members_read_press_and_choose(empty_kafka: Broker, tmp_path: Path) -> None:
    """Guides come from the published catalog; presses are sealed records on the member's partition; it stops when it is told to."""
    deployment = Deployment(empty_kafka.bootstrap, "pages")
    deployment.prepare(Bundle(RESOURCES[:1]))
    now = time.time()
    ann = command(id="6f" * 16, kind="onboarding", not_before=now, resource="first-day")
    token = {name: TOKENS.offer(ann, name) for name in ("open", "stop_all", "preferences", "survey")}
    with running_pages(empty_kafka.bootstrap, 2, tmp_path / "log") as pages:
        assert "Your first day" in pages.ask("/guide")[1]
        assert pages.ask("/guide/slow")[0] == 404
        deployment.publish(Bundle(RESOURCES[:2]))
        wait_until(lambda: pages.ask("/guide/slow")[0] == 200, 30, "the new catalog is shown")
        assert pages.ask(f"/a/{token['stop_all']}")[0] == 200
        assert presses(empty_kafka.bootstrap) == []
        assert pages.ask(f"/a/{token['stop_all']}", {"List-Unsubscribe": "One-Click"})[0] == 200
        assert pages.ask(f"/preferences/{token['preferences']}", {"choice": "pause", "days": "7"})[0] == 200
        assert pages.ask(f"/survey/{token['survey']}", {"score": "4"})[0] == 200
        assert "Your first day" in pages.ask(f"/r/{token['open']}")[1]
        found = presses(empty_kafka.bootstrap)
        assert [one["type"] for one in found] == [
            "outcome.opted_out",
            "preference.snoozed",
            "survey.answered",
            "outcome.clicked",
        ]
        records = [one for one in read_all(empty_kafka.bootstrap, ACTIVITY) if one.key == b"town/ann"]
        assert {one.partition for one in records} == {deployment.home("town/ann")}
        for record in records:
            deployment.codec.decode(record.key, record.value)  # raises where the seal is wrong
        metrics = fetch(pages.health, "metrics")[1]
        assert 'lotse_presses_total{action="stop_all",result="done"} 1.0' in metrics
        pages.process.send_signal(signal.SIGTERM)
        assert pages.process.wait(60) == 0
    pressed = [one for one in log_lines(tmp_path / "log", "lotse.pages") if one["message"] == "pressed"]
    assert [one["type"] for one in pressed] == [one["type"] for one in found]
    assert pressed[0]["command"] == ann.id
    assert "town/ann" not in (tmp_path / "log").read_text(encoding="utf-8")
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "town/ann" not in log
    assert token["stop_all"] not in log


def test_a_broker_that_is_away_is_told_and_guides_go_on(own_kafka: Broker, tmp_path: Path) -> None:
    """503 until it is back; then a press is done again, in the same process."""
    deployment = Deployment(own_kafka.bootstrap, "pages-away")
    deployment.prepare(Bundle(RESOURCES[:1]))
    path = f"/a/{TOKENS.offer(command(not_before=time.time()), 'helpful')}"
    with running_pages(own_kafka.bootstrap, 2, tmp_path / "log") as pages:
        own_kafka.stop()
        status, text = pages.ask(path, {})
        assert status == 503
        assert "Nothing was changed" in text
        assert pages.ask("/guide/first-day")[0] == 200
        wait_until(lambda: fetch(pages.health, "ready")[0] == 503, 40, "it says that it is not ready")
        assert fetch(pages.health, "live")[0] == 200
        own_kafka.start()
        wait_until(lambda: pages.ask(path, {})[0] == 200, 60, "a press is done", 1.0)
    assert {one["type"] for one in presses(own_kafka.bootstrap)} == {"outcome.helpful"}
    assert len({one["id"] for one in presses(own_kafka.bootstrap)}) == 1


def test_what_is_delivered_in_app_is_seen_pressed_and_recalled(
    empty_kafka: Broker, redis_url: str, tmp_path: Path
) -> None:
    """From the delivery topic through `lotse deliver` into the inbox, and from a press into the log; a recall takes it away."""
    deployment = Deployment(empty_kafka.bootstrap, "pages-inbox")
    deployment.prepare(Bundle(RESOURCES[:1]))
    settings = msgspec.structs.replace(
        deployment.settings, redis=redis_url, worker="d1", health_address=f"127.0.0.1:{free_port()}"
    )
    now = time.time()
    ann = command(id="6f" * 16, kind="onboarding", not_before=now, expires=now + 600, resource="first-day")
    given = {
        "LOTSE_REDIS": redis_url,
        "LOTSE_APP": settings.app,
        "LOTSE_INBOX_SECRET": SECRET,
        "LOTSE_INBOX_ORIGINS": "https://town.example",
    }
    headers = {"authorization": f"Bearer {member_token(now=now)}"}

    def shown() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"http://{pages.pages}/inbox/items", headers=headers).json()["items"]
        return found

    with (
        running_pages(empty_kafka.bootstrap, 2, tmp_path / "pages", **given) as pages,
        delivering(settings, tmp_path / "deliver", "--channel", "in_app"),
    ):
        send(empty_kafka.bootstrap, ann)
        [item] = wait_until(shown, 60, "the item is shown")
        assert item["because"] == "you asked"
        press = {"token": item["tokens"]["helpful"]}
        assert httpx.post(f"http://{pages.pages}/inbox/act", json=press, headers=headers).json() == {"done": "helpful"}
        wait_until(lambda: len(presses(empty_kafka.bootstrap)) == 2, 30, "delivered and helpful are told")
        recall = Recall(
            recall_id(ann.id),
            ann.id,
            ann.target,
            ann.member,
            "town",
            "in_app",
            ann.playbook,
            "already_solved",
            now,
            withdraw=True,
        )
        with closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer:
            producer.send(DELIVERY["in_app"], key=ann.target.encode(), value=msgspec.json.encode(recall)).get(20)
        wait_until(lambda: not shown(), 30, "it is taken away")
    assert {one["type"] for one in presses(empty_kafka.bootstrap)} == {
        "outcome.delivered",
        "outcome.helpful",
        "outcome.withdrawn",
    }


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"LOTSE_INBOX_SECRET": "short"},
            "LOTSE_INBOX_SECRET, LOTSE_INBOX_SECRET_OLD: expected secrets of at least 32",
        ),
        ({"LOTSE_INBOX_SECRET": SECRET}, "the in-app inbox needs LOTSE_REDIS"),
    ],
)
def test_an_inbox_that_cannot_work_is_told(empty_kafka: Broker, settings: dict[str, str], said: str) -> None:
    """Before anything is served."""
    Deployment(empty_kafka.bootstrap, "pages-wrong").prepare()
    given = child_environment(
        LOTSE_BOOTSTRAP=empty_kafka.bootstrap, LOTSE_CONTROL_KEY=KEY, LOTSE_PAGES_ADDRESS=f"127.0.0.1:{free_port()}",
        LOTSE_HEALTH_ADDRESS=f"127.0.0.1:{free_port()}", **settings,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "pages"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=given,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert SECRET not in done.stderr


def test_an_address_that_is_taken_is_told(empty_kafka: Broker) -> None:
    """In one line, with what to do."""
    address = empty_kafka.bootstrap  # somebody listens there
    given = child_environment(LOTSE_BOOTSTRAP=empty_kafka.bootstrap, LOTSE_CONTROL_KEY=KEY, LOTSE_PAGES_ADDRESS=address)
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "pages"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=given,
    )
    assert done.returncode == 2
    last = json.loads(done.stderr.splitlines()[-1])
    assert last["message"].startswith(f"LOTSE_PAGES_ADDRESS {address}:")
    assert "Traceback" not in done.stderr
