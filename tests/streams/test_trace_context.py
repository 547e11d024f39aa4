"""Trace context is taken as W3C writes it, goes on to all that a record led to, and changes nothing else."""

from typing import NamedTuple

import msgspec
import pytest

from processors.commands import Command
from processors.playbooks.catalog import Catalog
from processors.text.word_vectors import SHIPPED
from processors.threads import ThreadPost
from streams.agents.announcements import AnnouncementStagePartition
from streams.agents.community import CommunityStagePartition
from streams.agents.member import MemberStagePartition
from streams.codec import SEAL, Codec
from streams.proof.verify import Silent
from streams.runtime.stage import Output
from streams.topics import ACTIVITY, ANNOUNCEMENTS, DECISIONS, DELIVERY, THREADS
from streams.trace_context import TRACEPARENT, Headers, as_headers, checked, made, taken
from tests.support.stories import NOON, catalog, event

CODEC = Codec(b"a secret of the deployment")
TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CARRIED = as_headers(TRACE)


class Record(NamedTuple):
    """A record of partition 0."""

    key: bytes
    value: bytes
    headers: Headers = ()
    topic: str = ACTIVITY
    partition: int = 0
    offset: int = 0
    timestamp: int = int(NOON * 1000)


class One:
    """A catalog under any hash."""

    def get(self, _hash: str) -> Catalog:
        """Return it."""
        return CATALOG


CATALOG = catalog()


def folded(headers: Headers) -> list[Output]:
    """What the member stage makes of a question in a thread."""
    stage = MemberStagePartition(0, 1, {}, None, One(), CODEC, Silent())
    stage.core.activate(CATALOG.hash)
    asked = event("post.created", 1, "ann", "e1", text="How do I print labels from a sheet?", thread="t1", post="p1")
    stage.fold([Record(asked.key.encode(), CODEC.encode(asked), headers)])
    return stage.take_outputs()


@pytest.mark.parametrize(
    "value",
    [
        b"", b"00", TRACE.upper(), TRACE[:-1], TRACE + b"0", TRACE + b"-more", b"ff" + TRACE[2:], b" " + TRACE, TRACE + b"\n",
        b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"00-0af7651916cd43dd8448eb211c80319c-" + b"0" * 16 + b"-01",
        b"01" + TRACE[2:] + b"more", b"\xff" * 55,
    ],
)  # fmt: skip
def test_what_is_no_traceparent_counts_for_nothing(value: bytes) -> None:
    assert checked(value) == b""


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert checked(b"cc" + TRACE[2:] + b"-what-the-future-adds") == TRACE


def test_one_header_of_a_request_is_taken_and_two_are_none() -> None:
    assert taken([(b"host", b"here"), (b"traceparent", TRACE)]) == TRACE
    assert taken([(b"traceparent", TRACE), (b"traceparent", TRACE)]) == b""
    assert taken([]) == b""


def test_one_that_is_made_is_one_and_new() -> None:
    one = made()
    assert checked(one) == one
    assert one != made()


def test_all_that_a_record_led_to_carries_its_trace() -> None:
    outputs = folded(CARRIED)
    assert {one.topic for one in outputs} >= {THREADS, DECISIONS, DELIVERY["in_app"]}
    assert all(dict(one.headers)[TRACEPARENT] == TRACE for one in outputs)
    (command,) = [msgspec.json.decode(one.value, type=Command) for one in outputs if one.topic == DELIVERY["in_app"]]
    assert command.trace == TRACE.decode()


@pytest.mark.parametrize("headers", [(), as_headers(b"no trace"), (("else", TRACE),)])
def test_without_a_trace_nothing_is_carried(headers: Headers) -> None:
    outputs = folded(headers)
    assert all(TRACEPARENT not in dict(one.headers) for one in outputs)
    (command,) = [msgspec.json.decode(one.value, type=Command) for one in outputs if one.topic == DELIVERY["in_app"]]
    assert command.trace == ""


def test_a_trace_changes_no_id_and_no_decision() -> None:
    """Byte for byte the same, but for the command's own `trace`."""
    for plain, traced in zip(folded(()), folded(CARRIED), strict=True):
        if plain.topic == DELIVERY["in_app"]:
            command = msgspec.structs.replace(msgspec.json.decode(traced.value, type=Command), trace="")
            assert command == msgspec.json.decode(plain.value, type=Command)
        else:
            assert (plain.topic, plain.key, plain.value) == (traced.topic, traced.key, traced.value)


def test_a_signal_of_the_community_stage_carries_the_trace_of_the_answer_that_caused_it() -> None:
    stage = CommunityStagePartition(0, 1, {}, None, CODEC, Silent(), SHIPPED)
    posts = [
        ThreadPost("q", "post", "town/ann", "help", "t", "How do I mount the frobnicator?", NOON, True),
        ThreadPost("a", "post", "town/bob", "help", "t", "Like this.", NOON + 600),
    ]
    traces = [TRACE, TRACE.replace(b"0af7", b"0bf7")]
    for post, trace in zip(posts, traces, strict=True):
        value = msgspec.json.encode(post)
        headers = ((SEAL, CODEC.seal_of(b"town", value)), *as_headers(trace))
        stage.fold([Record(b"town", value, headers, THREADS)])
    assert [(one.topic, one.key, one.headers) for one in stage.take_outputs()] == [
        (ACTIVITY, b"town/ann", as_headers(traces[1]))
    ]


def test_copies_of_an_announcement_carry_its_trace() -> None:
    told = event("guideline.changed", 0, "", "g1")
    stage = AnnouncementStagePartition(2, None, CODEC, Silent())
    value = CODEC.encode(msgspec.structs.replace(told, key="town"))
    stage.fold([Record(b"town", value, CARRIED, ANNOUNCEMENTS)])
    assert [one.headers for one in stage.take_outputs()] == [CARRIED, CARRIED]
