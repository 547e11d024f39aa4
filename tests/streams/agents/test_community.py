"""The community stage as bytes in, bytes out: only what the member stage has sealed is folded."""

from typing import Any

import msgspec
import pytest

from processors.community.content_gaps import Gap
from processors.text.word_vectors import SHIPPED
from processors.threads import ThreadPost
from streams.agents.community import CommunityStagePartition
from streams.codec import SEAL, Codec
from streams.proof.verify import Silent
from streams.topics import ACTIVITY, GAPS, THREADS, dead_letters
from tests.support.stories import NOON

DAY = 86400.0
CODEC = Codec(b"a secret of the deployment")
POST = msgspec.json.encode(
    ThreadPost("q1", "post", "town/ann", "help", "t1", "How do I mount the frobnicator?", NOON, True)
)
WATERMARK = msgspec.json.encode(ThreadPost("w", "watermark", time=NOON + 1e6, source=0))


class Record:
    """A record of partition 0."""

    topic, partition, timestamp, offset = THREADS, 0, 0, 7

    def __init__(self, key: bytes | None, value: bytes | None, seal: bytes | None, headers: Any = ()) -> None:
        self.key, self.value = key, value
        self.headers = headers if seal is None else ((SEAL, seal),)


def folded(*records: Record) -> CommunityStagePartition:
    """Fold records into an empty partition, the only one."""
    stage = CommunityStagePartition(0, 1, {}, None, CODEC, Silent(), SHIPPED)
    stage.fold(records)
    return stage


def sealed(key: bytes, value: bytes, codec: Codec = CODEC) -> Record:
    """A record as the member stage of a deployment writes it."""
    return Record(key, value, codec.seal_of(key, value))


def test_what_the_member_stage_hands_over_is_folded() -> None:
    """A question, and time enough to see that nobody answered."""
    stage = folded(sealed(b"town", POST), sealed(b"@0", WATERMARK))
    assert [one.topic for one in stage.take_outputs()] == ["community.activity.v1"]
    assert len(stage.take_touched()) > 1


@pytest.mark.parametrize(
    ("reason", "record"),
    [
        (b"forged", Record(b"town", POST, None)),
        (b"forged", Record(b"@0", WATERMARK, None)),
        (b"forged", sealed(b"@0", WATERMARK, Codec(b"the secret of others"))),
        (b"forged", Record(b"@0", WATERMARK.replace(b'"w"', b'"x"'), CODEC.seal_of(b"@0", WATERMARK))),
        (b"forged", Record(b"city", POST, CODEC.seal_of(b"town", POST))),
        (b"forged", Record(b"tow", b"n" + POST, CODEC.seal_of(b"town", POST))),
        (b"forged", Record(None, None, None)),
        (b"forged", Record(b"town", POST, None, ((SEAL, None),))),
        (b"forged", Record(b"town", b'{"x":' + b"[" * 100_000, b"")),
        (b"schema", sealed(b"town", b'{"id":"q1","kind":"a later kind"}')),
    ],
)
def test_what_it_has_not_written_is_a_dead_letter(reason: bytes, record: Record) -> None:
    """Its bytes are kept, with the reason; no state and no time is touched."""
    stage = folded(sealed(b"town", POST), record)
    (letter,) = stage.take_outputs()
    assert (letter.topic, letter.key, letter.value) == (dead_letters(THREADS), record.key or b"", record.value or b"")
    assert dict(letter.headers)["lotse-reason"] == reason
    alone = folded(sealed(b"town", POST))
    assert (stage.take_touched(), stage.shared()) == (alone.take_touched(), alone.shared())


def test_gaps_are_written_as_they_open_and_close() -> None:
    """Opened by the third asker, with the signal; closed by time alone, without one."""
    question = "How do I mount the frobnicator partition under gentoo?"
    posts = [
        ThreadPost(f"p{day}", "post", f"town/m{day}", "help", f"t{day}", question, NOON + day * DAY, True)
        for day in range(3)
    ]
    posts += [
        ThreadPost(f"a{day}", "post", "town/hal", "help", f"t{day}", "Like this.", NOON + 2.5 * DAY) for day in range(3)
    ]
    stage = folded(*(sealed(b"town", msgspec.json.encode(post)) for post in posts))
    opened = stage.take_outputs()
    records = [one for one in opened if one.topic == GAPS]
    assert {(one.key, one.partition) for one in records} == {(b"town/asked-1", None)}
    told = [msgspec.json.decode(one.value, type=Gap) for one in records]
    assert [(one.closed, one.answered_by) for one in told] == [(False, ""), *[(False, "somebody")] * 3]
    assert any(one.topic == ACTIVITY for one in opened)
    later = msgspec.json.encode(ThreadPost("w", "watermark", time=NOON + 30 * DAY, source=0))
    stage.fold([sealed(b"@0", later)])
    (closed,) = stage.take_outputs()
    assert (closed.topic, closed.key) == (GAPS, b"town/asked-1")
    assert msgspec.json.decode(closed.value, type=Gap).closed
