"""From the announcements topic to the member log: a copy for each partition, sealed; anything else is a dead letter."""

from collections import Counter
from typing import NamedTuple

import pytest

from processors.events import Event
from processors.outputs import Outputs
from processors.vocabulary import Announcement, Item, Text
from streams.agents.announcements import AnnouncementStagePartition
from streams.codec import Codec, UndecodableError
from streams.topics import ACTIVITY, ANNOUNCEMENTS, dead_letters

CODEC = Codec(b"a control key for tests")
NEWS = Event("f1", "feature.announced", "town", 1_767_614_400.0, Item(name="dark mode", roles=("guide",)))


class Log(NamedTuple):
    """A record as the consumer gives it."""

    key: bytes | None
    value: bytes | None
    offset: int = 0
    topic: str = ANNOUNCEMENTS
    partition: int = 0
    timestamp: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


class Count:
    """A tally of dead letters."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int = 0) -> None:
        """Nothing is concluded here."""

    def dead(self, topic: str, reason: str) -> None:
        """Count."""
        assert topic == ANNOUNCEMENTS
        self.reasons[reason] += 1


def record(event: Event) -> Log:
    """The record that a producer writes."""
    return Log(event.key.encode(), CODEC.encode(event))


def test_one_copy_for_each_partition_of_the_member_log() -> None:
    """Sealed, so that the member stage takes it, and addressed to the partition it lies in."""
    stage = AnnouncementStagePartition(3, None, CODEC, Count())
    stage.fold([record(NEWS), record(NEWS)])
    outputs = stage.take_outputs()
    assert [(one.topic, one.key, one.partition) for one in outputs] == [
        (ACTIVITY, b"@0", 0), (ACTIVITY, b"@1", 1), (ACTIVITY, b"@2", 2)
    ]  # fmt: skip
    copy = CODEC.decode(outputs[1].key, outputs[1].value)
    assert copy.data == Announcement(community="town", kind="feature.announced", item=NEWS.data)  # type: ignore[arg-type]
    assert (copy.id, copy.time) == (NEWS.id, NEWS.time)


def test_a_repeat_after_a_restart_is_known() -> None:
    """What was copied is remembered with the cut."""
    before = AnnouncementStagePartition(2, None, CODEC, Count())
    before.fold([record(NEWS)])
    after = AnnouncementStagePartition(2, before.shared(), CODEC, Count())
    after.fold([record(NEWS)])
    assert after.take_outputs() == []
    assert after.take_touched() == []


def test_what_is_no_announcement_is_a_dead_letter_with_its_reason() -> None:
    """A member's key, a member's words, no JSON: none of it stops the good one behind."""
    count = Count()
    stage = AnnouncementStagePartition(1, None, CODEC, count)
    words = Event("p", "post.created", "town", NEWS.time, Text(text="hello"))
    stage.fold(
        [Log(b"town/ann", CODEC.encode(NEWS)), record(words), Log(b"town", b"no json"), Log(None, b"{}"), record(NEWS)]
    )
    outputs = stage.take_outputs()
    assert Counter(one.topic for one in outputs) == {dead_letters(ANNOUNCEMENTS): 4, ACTIVITY: 1}
    assert count.reasons == {"key": 2, "no_announcement": 1, "json": 1}


def test_a_producer_cannot_write_a_copy_itself() -> None:
    """Into the member log it is a control record, and needs the seal of the deployment."""
    copy = Event(
        "f1", "announcement", "@0", NEWS.time, Announcement(community="town", kind="feature.announced", item=Item())
    )
    with pytest.raises(UndecodableError, match="forged"):
        CODEC.decode(b"@0", Codec(b"another deployment").encode(copy))
