"""The community stage from bytes to bytes: a content gap is a record under its own key, and needs no signal beside it."""

from dataclasses import dataclass

import msgspec

from processors.content_gaps import Gap
from processors.outputs import Outputs
from processors.text.word_vectors import SHIPPED
from processors.threads import ThreadPost
from streams.agents.community import CommunityStagePartition
from streams.codec import Codec
from streams.topics import ACTIVITY, GAPS, THREADS

NOON, DAY = 1_767_614_400.0, 86400.0


@dataclass
class Record:
    """A record of the threads."""

    value: bytes
    offset: int
    key: bytes = b"town"
    topic: str = THREADS
    partition: int = 0
    timestamp: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


class Counted:
    """A tally that counts nothing."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Nothing."""

    def dead(self, topic: str, reason: str) -> None:
        """Nothing."""


def test_gaps_are_written_as_they_open_and_close() -> None:
    """Opened by the third asker, with the signal; closed by time alone, without one."""
    stage = CommunityStagePartition(0, 1, {}, None, Codec(b"key"), Counted(), SHIPPED)
    posts = [
        ThreadPost(f"p{number}", "post", f"town/m{number}", "help", f"t{number}",
                   "How do I mount the frobnicator partition under gentoo?", NOON + number * DAY, question=True)
        for number in range(3)
    ]  # fmt: skip
    posts += [
        ThreadPost(f"a{number}", "post", "town/hal", "help", f"t{number}", "Like this.", NOON + 2.5 * DAY)
        for number in range(3)
    ]
    stage.fold([Record(msgspec.json.encode(post), offset) for offset, post in enumerate(posts)])
    opened = stage.take_outputs()
    (record,) = (one for one in opened if one.topic == GAPS)
    assert (record.key, record.partition) == (b"town/asked-1", None)
    assert not msgspec.json.decode(record.value, type=Gap).closed
    assert any(one.topic == ACTIVITY for one in opened)
    stage.fold([Record(msgspec.json.encode(ThreadPost("w", "watermark", time=NOON + 30 * DAY)), 9)])
    (closed,) = stage.take_outputs()
    assert (closed.topic, closed.key) == (GAPS, b"town/asked-1")
    assert msgspec.json.decode(closed.value, type=Gap).closed
