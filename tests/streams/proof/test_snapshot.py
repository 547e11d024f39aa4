"""Snapshots: restored by the engine's own rule, written whole or not at all, refused where they do not fit."""

import gzip
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer

from processors.events import Event
from processors.version import VERSION
from processors.vocabulary import Tick
from streams.codec import Codec
from streams.errors import UserError
from streams.proof.snapshot import STAGES, End, Head, Part, Snapshot, State, cluster_of, restore, take
from streams.runtime.changelog import Closing, Stamp, encode_closing
from streams.runtime.stage import CUT_KEY
from streams.topics import ACTIVITY
from tests.support.deployment import KEY, Deployment
from tests.support.kafka import Broker, create_topics

CODEC = Codec(KEY.encode())
HEAD = Head(1, CODEC.deployment(), "cluster", "console", 1, VERSION)
WHOLE = [
    HEAD, Part("members", 0, 7, b"shared", 1), State("town/ann", b"\x00state"), Part("communities", 0, 3, None, 1),
    State("h/town", b"head"), End(2, 2),
]  # fmt: skip


def written(path: Path, lines: list[Head | Part | State | End]) -> Path:
    """Write a snapshot by hand."""
    path.write_bytes(gzip.compress(b"".join(msgspec.json.encode(line) + b"\n" for line in lines)))
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Head, parts of both stages, and the member stage's states."""
    found = Snapshot(written(tmp_path / "s.gz", WHOLE))
    assert found.head == HEAD
    assert [(part.stage, part.next) for part in found.parts] == [("members", 7), ("communities", 3)]
    assert list(found.members()) == [(WHOLE[1], {b"town/ann": b"\x00state"})]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (WHOLE[:-1], "is not whole"),
        ([*WHOLE[:2], *WHOLE[3:]], "is not whole"),
        ([HEAD, *WHOLE[1:3], *WHOLE[1:3], End(2, 2)], "is not whole"),
        (WHOLE[1:], "is no snapshot"),
        ([msgspec.structs.replace(HEAD, format=2), *WHOLE[1:]], "has format 2"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, lines: list[Head | Part | State | End], said: str) -> None:
    """A line is missing, or it is of a later format."""
    with pytest.raises(UserError, match=said):
        Snapshot(written(tmp_path / "s.gz", lines))


def test_what_is_no_snapshot_is_one_message(tmp_path: Path) -> None:
    """Nothing there, a folder, plain text, a file cut off, a flipped bit."""
    path = written(tmp_path / "s.gz", WHOLE)
    good = path.read_bytes()
    with pytest.raises(UserError, match="does not exist"):
        Snapshot(tmp_path / "none")
    for content in (
        b"",
        b"text",
        good[:-20],
        good[:40] + bytes([good[40] ^ 1]) + good[41:],
        gzip.compress(b'{"type":"x"}'),
    ):
        path.write_bytes(content)
        with pytest.raises(UserError, match="snapshot"):
            Snapshot(path)
    with pytest.raises(UserError, match="no snapshot"):
        Snapshot(tmp_path)


@pytest.mark.integration
def test_a_snapshot_that_does_not_fit_is_refused(kafka: str, tmp_path: Path) -> None:
    """Another key, app, cluster, partition count or version of the core: each says which."""
    deployment = Deployment(kafka, "console", partitions=1)
    right = msgspec.structs.replace(HEAD, cluster=cluster_of(kafka))
    Snapshot(written(tmp_path / "s.gz", [right, *WHOLE[1:]])).check(deployment.settings, CODEC, 1)
    for changes, said in (
        ({"deployment": "other"}, "another LOTSE_CONTROL_KEY"),
        ({"app": "other"}, "LOTSE_APP is console, it was taken of other"),
        ({"cluster": "other"}, "another Kafka cluster"),
        ({"code": "0.0.9"}, "is of version 0.0.9"),
    ):
        snapshot = Snapshot(written(tmp_path / "s.gz", [msgspec.structs.replace(right, **changes), *WHOLE[1:]]))
        with pytest.raises(UserError, match=said):
            snapshot.check(deployment.settings, CODEC, 1)
    fitting = Snapshot(written(tmp_path / "s.gz", [right, *WHOLE[1:]]))
    with pytest.raises(UserError, match=r"has 1 partitions, .* has 3: members lie elsewhere"):
        fitting.check(deployment.settings, CODEC, 3)


def write_changelogs(deployment: Deployment, after: int) -> None:
    """Leave what a worker leaves: a closed cut, a state of a later cut that was never closed, a deletion."""
    first, second = Stamp(1, 1).encode(), Stamp(1, 2).encode()
    closing_record = encode_closing(Stamp(1, 1), Closing(after, b"\x93\x00\xa0\x00"))
    records = (
        (b"town/ann", first + b"ann", []), (b"town/bob", first + b"bob", []), (b"town/bob", None, [("cut", first)]),
        (CUT_KEY, closing_record, []), (b"town/ann", second + b"open", []),
    )  # fmt: skip
    app = deployment.settings.app
    with closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer:
        for stage in STAGES:
            for key, value, headers in records:
                producer.send(f"{app}-{stage}-changelog", key=key, value=value, headers=headers, partition=0)
        producer.flush(30)


@pytest.mark.integration
def test_only_closed_states_are_taken_and_only_whole_files_kept(empty_kafka: Broker, tmp_path: Path) -> None:
    """A failure leaves the old file as it was; states of other code are refused; what an open cut wrote is left out."""
    deployment, path = Deployment(empty_kafka.bootstrap, "console", partitions=1), tmp_path / "s.gz"
    path.write_bytes(b"old")
    create_topics(empty_kafka.bootstrap, {ACTIVITY: 1})
    with pytest.raises(UserError, match=r"console-members-changelog does not exist .* has lotse worker run"):
        take(deployment.settings, CODEC, path)
    create_topics(empty_kafka.bootstrap, {f"console-{stage}-changelog": 1 for stage in STAGES})
    with closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer:
        for code in (VERSION, "0.0.9", VERSION):
            now = time.time()
            deployment.send(producer, Event(f"tick/0/{now}", "tick", "@0", now, Tick(code=code)))
        producer.flush(30)
    write_changelogs(deployment, after=2)
    with pytest.raises(UserError, match=r"core has version 0\.0\.9"):
        take(deployment.settings, CODEC, path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])

    write_changelogs(deployment, after=3)
    assert restore(empty_kafka.bootstrap, "console", "members", 0) == (
        Part("members", 0, 3, b"\x93\x00\xa0\x00", 1), {b"town/ann": b"ann"},
    )  # fmt: skip
    reports: list[tuple[int, int]] = []
    take(deployment.settings, CODEC, path, lambda done, total: reports.append((done, total)))
    found = Snapshot(path)
    found.check(deployment.settings, CODEC, 1)
    assert [(part.stage, part.next, part.states) for part in found.parts] == [("members", 3, 1), ("communities", 3, 1)]
    assert reports == [(1, 2), (2, 2)]
    assert list(tmp_path.iterdir()) == [path]
    for nowhere in (tmp_path, tmp_path / "no" / "s.gz"):
        with pytest.raises(UserError, match="expected the name of a file"):
            take(deployment.settings, CODEC, nowhere)
