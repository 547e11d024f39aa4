"""An imported history in the member log of a real Kafka: marked as a replay, under its members' keys, the old part left out."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.codec import Codec
from streams.topics import ACTIVITY
from tests.support.deployment import KEY, Deployment
from tests.support.in_process import lotse
from tests.support.kafka import Broker, read_all

pytestmark = pytest.mark.integration


def test_the_last_weeks_go_into_the_log_marked_as_a_replay(empty_kafka: Broker, tmp_path: Path) -> None:
    """Through the command; what a deployment would refuse as too old is counted, and written to the file only."""
    place = Deployment(empty_kafka.bootstrap)
    place.prepare()
    now = datetime.fromtimestamp(time.time(), UTC)
    lines = [
        {"ts": (now - timedelta(days=days)).isoformat(), "author": f"m{days}", "text": "hello", "id": str(days)}
        for days in (1, 2, 40)
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = lotse(
        "import",
        "jsonl",
        str(source),
        "--to-log",
        "--out",
        str(tmp_path / "out.jsonl"),
        "--community",
        "town",
        "--json",
        **place.environment(),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["written"], told["log"]) == (3, {"written": 4, "too_old": 2, "announcements": 0})
    codec = Codec(KEY.encode())
    events = [
        codec.decode(one.key, one.value)
        for one in read_all(empty_kafka.bootstrap, ACTIVITY)
        if one.key.startswith(b"town/")
    ]
    assert sorted((one.key, one.type) for one in events) == [
        ("town/m1", "community.joined"), ("town/m1", "post.created"), ("town/m2", "community.joined"), ("town/m2", "post.created"),
    ]  # fmt: skip
    assert all(one.replay for one in events)
