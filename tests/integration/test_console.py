"""The console on a running deployment: real Kafka, real Redis, a real worker; each command as a process."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis
from kafka import KafkaProducer

from processors.decisions import Decision, Reason, Verdict, write_decision
from processors.events import Event
from processors.vocabulary import VOCABULARY
from streams.topics import ACTIVITY, CATALOG, DECISIONS, dead_letters
from tests.support.deployment import Deployment
from tests.support.in_process import lotse
from tests.support.kafka import Broker, empty, read_all, wait_until

pytestmark = pytest.mark.integration
CANARY = "chrysanthemum"  # in what members write, and nowhere else


@pytest.fixture(scope="module")
def town(kept_kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A deployment after some life: decisions, a dead letter, a member in the safety lane; its worker has stopped."""
    empty(kept_kafka.bootstrap)
    deployment = Deployment(kept_kafka.bootstrap, "town")
    deployment.prepare()
    with deployment.worker(tmp_path_factory.mktemp("town")):
        deployment.write(200)
        with closing(KafkaProducer(bootstrap_servers=kept_kafka.bootstrap, acks="all")) as producer:
            joined = Event("j1", "community.joined", "town/ann", time.time(), VOCABULARY["community.joined"]())
            post = VOCABULARY["post.created"](text=f"How do I plant a {CANARY} in the garden?", thread="t0")
            deployment.send(producer, joined)
            deployment.send(producer, Event("p1", "post.created", "town/ann", time.time(), post))
            producer.send(ACTIVITY, key=b"town/ann", value=b"{" + CANARY.encode())
            producer.flush(30)
        deployment.caught_up()
        wait_until(lambda: read_all(kept_kafka.bootstrap, dead_letters(ACTIVITY)), 30, "the dead letter")
    write_decisions(deployment)
    return deployment


def write_decisions(deployment: Deployment) -> None:
    """Write decisions as a worker does: of the safety lane, and one that a cool-down stopped."""
    secret: dict[str, Any] = {"playbook": "crisis.support-offer", "resource": "crisis-support", "channel": "in_app"}
    decisions = [
        Decision("s1", "town/eve", 1e9, Verdict.SEND, Reason.SENT, lane="safety", **secret),
        Decision("c1", "town/eve", 1e9 + 86_400, Verdict.DROP, Reason.COOLDOWN_THEME, "values", resource="how-we-talk", needed="7200 s later"),
    ]  # fmt: skip
    with closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer:
        eve = {"key": b"town/eve", "partition": deployment.home("town/eve")}
        for one in decisions:
            producer.send(DECISIONS, value=write_decision(one), **eve)
        producer.send(DECISIONS, value=b'{"id":"n1","reason":"of a later version"}', **eve)
        producer.flush(30)


def test_explain_tells_a_story_in_words(town: Deployment) -> None:
    """Counted, drawn, told one by one; nothing of the safety lane but that it decided; no word of the member."""
    done = town.lotse("explain", "town/eve")
    assert done.returncode == 0
    assert done.stderr == "lotse: decisions about town/eve of another version, which cannot be read: 1\n"
    assert done.stdout.splitlines()[0] == "town/eve: 1 sent, 1 not sent. Times are UTC."
    assert "2001-09-09" in done.stdout
    assert "█" in done.stdout
    assert "2001-09-10 01:46:40  Did not send how-we-talk (values)." in done.stdout
    assert "It would have taken: 2 hours later." in done.stdout
    assert "A decision of the safety lane." in done.stdout
    assert "crisis" not in done.stdout
    first, second = orjson.loads(town.lotse("explain", "town/eve", "--json").stdout)
    assert first == {"id": "s1", "time": 1e9, "reason": "sent"}
    assert (second["reason"], second["headline"]) == ("cooldown_theme", "Did not send how-we-talk (values).")
    short = town.lotse("explain", "town/eve", "--max", "1").stdout
    assert "(1 earlier decisions are left out; --max shows more)" in short
    assert "safety lane" not in short
    ann = town.lotse("explain", "town/ann")
    assert ann.returncode == 0
    assert CANARY not in ann.stdout


def test_explain_decides_again_with_another_number(town: Deployment) -> None:
    """What was recorded comes out the same where nothing is changed; a decision that the log does not lead to is not claimed."""
    found = orjson.loads(town.lotse("explain", "town/ann", "--if", "budget_week=0", "--json").stdout)
    assert found["same"] == found["recorded"] > 0
    assert found["whole"]
    for before, after in found["changes"]:
        assert (before and before["reason"]) != (after and after["reason"])
    eve = town.lotse("explain", "town/eve", "--if", "cooldown_theme=0.5")
    assert "0 of 1 recorded decisions come out the same" in eve.stdout, eve.stderr
    for wrong, said in (
        ("budget_week", "NUMBER=VALUE"),
        ("salt=3", "expected one of budget_day"),
        ("budget_week=x", "NUMBER=VALUE"),
    ):
        done = town.lotse("explain", "town/ann", "--if", wrong)
        assert done.returncode == 2
        assert said in done.stderr


@pytest.mark.parametrize("command", ["explain", "state show"])
def test_a_member_whom_nobody_knows_is_said(town: Deployment, command: str) -> None:
    """One line, exit code 1."""
    done = town.lotse(*command.split(), "town/nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert "town/nobody" in done.stderr
    assert done.stderr.count("\n") == 1


def test_state_show_is_what_the_log_says(town: Deployment) -> None:
    """As of the last cut; without marks, words, and what the safety lane knows."""
    done = town.lotse("state", "show", "town/ann")
    assert done.returncode == 0, done.stderr
    shown = orjson.loads(done.stdout)
    assert shown["offset"] == town.committed()[shown["partition"]]
    assert (shown["state"]["posts"], shown["state"]["questions"]) == (1, 1)
    assert not {"seen", "done", "solved", "distress", "inhibited_until"} & set(shown["state"])
    assert CANARY not in done.stdout


def test_tail_shows_the_last_records_without_words(town: Deployment) -> None:
    """In order of time, at most so many, of one member if asked; words only with --text."""
    lines = [orjson.loads(line) for line in town.lotse("topics", "tail", ACTIVITY, "--max", "7").stdout.splitlines()]
    assert len(lines) == 7
    assert [line["timestamp"] for line in lines] == sorted(line["timestamp"] for line in lines)
    hers = town.lotse("topics", "tail", ACTIVITY, "--member", "town/ann")
    assert [orjson.loads(line)["key"] for line in hers.stdout.splitlines()] == ["town/ann"] * 3
    assert CANARY not in hers.stdout
    asked = town.lotse("topics", "tail", ACTIVITY, "--member", "town/ann", "--text")
    assert asked.stdout.count(CANARY) == 2


def test_dead_letters_are_counted_and_shown(town: Deployment) -> None:
    """By topic and reason; one with its raw bytes; one that is not there is said."""
    topic = dead_letters(ACTIVITY)
    assert orjson.loads(town.lotse("dlq", "ls", "--json").stdout) == [
        {"topic": topic, "reason": "json", "count": 1, "newest": 0}
    ]
    assert town.lotse("dlq", "ls").stdout == f"{topic}  json  1, the newest at offset 0\n"
    shown = town.lotse("dlq", "show", topic, "0").stdout
    assert f"lotse-topic: {ACTIVITY}\n" in shown
    assert "lotse-reason: json\n" in shown
    assert f"value: b'{{{CANARY}'\n" in shown
    none = town.lotse("dlq", "show", topic, "1")
    assert (none.returncode, none.stdout) == (1, "")
    assert f"no dead letter at {topic} offset 1" in none.stderr


def found_by(done: Any) -> dict[str, tuple[bool, str, str]]:
    """Return what a doctor found, by what was looked at."""
    return {one["what"]: (one["well"], one["found"], one["advice"]) for one in orjson.loads(done.stdout)}


def test_the_doctor_finds_what_is_not_well(town: Deployment, redis_url: str, tmp_path: Path) -> None:
    """All well; then Redis that may evict, another catalog, a directory that is a file, a short key, no Redis."""
    well = town.lotse("doctor", "--json", LOTSE_REDIS=redis_url)
    found = found_by(well)
    assert set(found) == {"broker", "topics", "catalog", "store", "state", "control key", "channels", "clock", "python"}
    assert [what for what, (good, _, _) in found.items() if not good] == [
        "catalog"
    ]  # without quiet hours, in these tests
    assert found["channels"][1] == "none named: each process takes what its --channel says"
    assert found["catalog"][1:] == ("sound, but another was published last", "run: lotse catalog publish")
    assert "writes nothing to disk" in found["store"][1]
    assert "if it is ever flushed: commands that are read again go out twice" in found["store"][2]
    assert well.returncode == 1
    assert town.lotse("catalog", "publish").returncode == 0
    published = town.lotse("doctor", LOTSE_REDIS=redis_url)
    assert (published.returncode, published.stdout.count("not well")) == (0, 0)
    assert "clock: held against Redis and the newest record of the log" in published.stdout

    (tmp_path / "file").write_text("")
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            bad = town.lotse(
                "doctor", "--json", LOTSE_REDIS=redis_url, LOTSE_STORE="rocksdb", LOTSE_STORE_DIR=str(tmp_path / "file"),
                LOTSE_CONTROL_KEY="short", LOTSE_PARTITIONS="3",
            )  # fmt: skip
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    found = found_by(bad)
    assert bad.returncode == 1
    assert {what for what, (good, _, _) in found.items() if not good} == {"topics", "store", "state", "control key"}
    assert found["topics"][2] == "run: lotse topics plan"
    assert "may evict" in found["store"][1]
    gone = found_by(town.lotse("doctor", "--json", LOTSE_REDIS="redis://127.0.0.1:9/0"))
    assert gone["store"] == (
        False, "no store answers at 127.0.0.1:9 (ConnectionError); is Redis running, is LOTSE_REDIS right?", "",
    )  # fmt: skip


def test_a_catalog_is_published_whole_or_refused(town: Deployment, tmp_path: Path) -> None:
    """A hash for a machine; a broken catalog, or another number of partitions, publishes nothing."""
    first = orjson.loads(town.lotse("catalog", "publish", "--json").stdout)
    assert read_all(town.settings.bootstrap, CATALOG)[-1].key.decode() == first["hash"]
    before = len(read_all(town.settings.bootstrap, ACTIVITY))
    wrong = town.lotse("catalog", "publish", LOTSE_PARTITIONS="5")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "has 2 partitions, LOTSE_PARTITIONS says 5: nothing was published" in wrong.stderr
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "broken.yaml").write_text("id: [")
    broken = town.lotse("catalog", "publish", "--catalog", str(tmp_path))
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "broken.yaml:" in broken.stderr
    assert len(read_all(town.settings.bootstrap, ACTIVITY)) == before


def test_a_topic_that_is_not_there_is_said(town: Deployment, tmp_path: Path) -> None:
    """The wrong app has no changelogs and has read nothing: one line, and no file."""
    done = town.lotse("state", "snapshot", str(tmp_path / "s.gz"), LOTSE_APP="nobody")
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (3, "", [])
    assert "nobody-members-changelog does not exist" in done.stderr
    unread = town.lotse("verify", LOTSE_APP="nobody")
    assert (unread.returncode, unread.stderr.count("\n")) == (1, 1)
    assert "no worker of nobody has read" in unread.stderr
    assert lotse("explain", "a/b", **town.environment(LOTSE_BOOTSTRAP="no.such.host.invalid:9092")).returncode == 3
