"""The follower on a real broker: everything once, outcomes find their decisions, on from where it was, a topic made anew."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from kafka import KafkaProducer

from processors.community.content_gaps import Gap
from processors.decisions import Reason, write_decision
from processors.member_partition import MemberPartition
from processors.outputs import Alert
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from processors.reviews import Review
from processors.vocabulary import ERASED, Tick
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.console import lookups
from streams.console.accounts import Role
from streams.console.counting import Counting
from streams.console.followed import Asked, Story
from streams.console.follower import Follower
from streams.console.store import Store, decisions_kept
from streams.errors import UserError
from streams.servers.log_reader import connect
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS, GAPS, REVIEW, SAFETY
from tests.support import stories
from tests.support.consoles import KEY, NOW, Operators, decision, event
from tests.support.kafka import wait_until
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
CODEC = Codec(KEY)


@pytest.fixture
def producer(broker: str) -> Iterator[KafkaProducer]:
    """Writes to it."""
    with closing(KafkaProducer(bootstrap_servers=broker, acks="all")) as made:
        yield made


def followed(broker: str, store: Store) -> Follower:
    """A round of a follower."""
    follower = Follower(broker, Story(store, CODEC))
    with closing(connect(broker)) as consumer:
        follower.round(consumer)
    return follower


def test_rounds(broker: str, producer: KafkaProducer, tmp_path: Path) -> None:
    """What is no decision and no event is passed over; a second follower goes on where the first one was."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    sent = [decision(number) for number in range(20)] + [decision(20, reason=Reason.WAIT)]
    outcome = event(1, "outcome.dismissed", command=sent[3].command)
    tick = event(2, "tick", "@0")
    assert isinstance(tick.data, Tick)
    for one in (event(3, "post.created", text="words"), outcome, tick):
        producer.send(ACTIVITY, key=one.key.encode(), value=CODEC.encode(one))
    for one in [*sent, sent[0]]:
        producer.send(DECISIONS, key=one.member.encode(), value=write_decision(one))
    producer.send(DECISIONS, key=b"town/ann", value=b"{")
    producer.send(ACTIVITY, key=b"town/ann", value=b"{")
    producer.flush(20)
    follower = followed(broker, store)
    assert (follower.behind, follower.fault) == (0, "")
    assert store.offsets() == {(DECISIONS, 0): 23, (ACTIVITY, 0): 4}
    file = store.reader()
    assert decisions_kept(file) == 21
    assert sorted(one.kind for one in lookups.events_of(file, 1)) == ["outcome.dismissed", "post.created"]
    producer.send(DECISIONS, key=b"town/ann", value=write_decision(decision(30))).get(20)
    followed(broker, store)
    assert decisions_kept(file) == 22


def test_a_topic_made_anew_is_read_from_its_beginning(broker: str, tmp_path: Path) -> None:
    """Offsets beyond its end are of another one."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    store.take(offsets={(DECISIONS, 0): 10_000})
    followed(broker, store)
    assert decisions_kept(store.reader()) == 22


def test_a_missing_topic_is_said(tmp_path: Path, own_kafka: object) -> None:
    """With what to do."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    with pytest.raises(UserError, match="lotse topics apply"):
        followed(own_kafka.bootstrap, store)  # type: ignore[attr-defined]


def test_what_people_are_asked_to_look_at(broker: str, producer: KafkaProducer, tmp_path: Path) -> None:
    """Each topic by itself; words come from the log alone, for a reason; a tombstone, and an erasure, take an item away."""
    operators = Operators(tmp_path)
    operators.desk.settings = msgspec.structs.replace(
        operators.desk.settings, bootstrap=broker, control_key=KEY.decode()
    )
    reviews = operators.desk.reviews
    wrote = event(100, "post.created", "town/zoe", text="words that only one may read <img src=x onerror=alert(1)>")
    told = producer.send(ACTIVITY, key=wrote.key.encode(), value=CODEC.encode(wrote)).get(20)
    at = [("lotse-at", b"%d:%d" % (told.partition, told.offset))]
    alert = Alert("a" * 32, "town/zoe", NOW, 3, ("wish",))
    flags = [
        Review(name * 32, "moderation", "reported", "conflict", "town/ben", NOW, f"flag/{name}", event="e")
        for name in "bcd"
    ]
    producer.send(SAFETY, key=b"town/zoe", value=msgspec.json.encode(alert), headers=at)
    for one in flags:
        producer.send(REVIEW, key=one.id.encode(), value=msgspec.json.encode(one))
    producer.send(REVIEW, key=flags[0].id.encode(), value=None)
    producer.send(REVIEW, key=b"x", value=b"{")
    producer.flush(20)
    for topic in (SAFETY, REVIEW):
        with closing(connect(broker)) as consumer:
            Follower(broker, Asked(reviews, topic)).round(consumer)
    assert [one.id[0] for one in reviews.open(("safety", "moderation"))] == ["a", "c", "d"]
    operators.sign_in(Role.SAFETY_REVIEWER)
    operators.post(f"/review/{alert.id}/take")
    assert "words that only" not in operators.get(f"/review/{alert.id}").text
    shown = operators.post(f"/review/{alert.id}/reveal", f"/review/{alert.id}", reason="on duty").text
    assert "words that only one may read &lt;img src=x onerror=alert(1)&gt;" in shown
    assert "town/zoe" in shown
    Story(operators.store, CODEC, reviews.forget).take(ACTIVITY, [_erasure("town/zoe")], {})
    assert [one.id[0] for one in reviews.open(("safety", "moderation"))] == ["c", "d"]


def _erasure(member: str) -> object:
    erased = event(999, ERASED, member)
    return SimpleNamespace(key=member.encode(), value=CODEC.encode(erased))


def test_gaps_are_kept_while_they_are_open(broker: str, producer: KafkaProducer, tmp_path: Path) -> None:
    """The last record of each says how it stands."""
    store = Store(tmp_path / "console.sqlite", 1000, CODEC.deployment(), KEY)
    for number, closed in ((1, False), (2, False), (1, True)):
        gap = Gap(f"town/asked-{number}", "town", "asked", NOW, int(NOW), closed=closed)
        producer.send(GAPS, key=gap.id.encode(), value=msgspec.json.encode(gap))
    producer.flush(20)
    followed(broker, store)
    assert [one.id for one in lookups.open_gaps(store.reader())] == ["town/asked-2"]


def test_a_count_is_made_by_a_process_of_its_own(broker: str, tmp_path: Path) -> None:
    """Once, when somebody looks; without a published catalog it says what to do, then it counts what the log holds."""
    settings = Settings(bootstrap=broker, control_key=KEY.decode(), partitions=1, console_db=tmp_path / "c.sqlite")
    now = [1000.0]
    counting = Counting(settings, lambda: now[0])
    assert counting.latest() is None
    assert counting.busy
    wait_until(lambda: not counting.busy, 60, "the first count ends")
    assert "lotse catalog publish" in counting.fault
    publish(broker, Bundle((resource(),), (playbook(),)), CODEC, 1, NOW)
    now[0] += 60
    counting.latest()
    wait_until(lambda: not counting.busy, 60, "the second count ends")
    counted = counting.latest()
    assert counting.fault == ""
    assert counted
    assert counted.report.decisions == 22, "a repeat has the same id, and is one"
    assert not counting.busy, "it is fresh"
    counting.stop()


def test_what_if_on_the_recorded_log(broker: str, producer: KafkaProducer, tmp_path: Path) -> None:
    """The page decides again with another number; the address can be shared; what is asked wrongly is said."""
    ruling = Bundle(
        (resource(), resource("other")), (playbook("ask", "question.asked"), playbook("look", "search.performed", resource="other")),
        {"*": Policy(quiet_from=0, quiet_to=0, budget_day=1)},
    )  # fmt: skip
    begin = stories.NOON + 400 * stories.DAY
    publish(broker, ruling, CODEC, 1, begin)
    lived = [
        ("tick", 0.0, {}),
        ("question.asked", 60.0, {"text": "How do I print labels?"}),
        ("tick", 600.0, {}),
        ("search.performed", 660.0, {"query": "x"}),
    ]
    part = MemberPartition(0, {}, None, lambda _hash: Catalog(ruling))
    part.activate(ruling.hash())
    for kind, after, data in lived:
        key = "@0" if kind == "tick" else "town/what-if"
        one = event(5000 + int(after), kind, key, at=begin + after, **data)
        part.apply(one)
        producer.send(ACTIVITY, key=key.encode(), value=CODEC.encode(one)).get(20)
    decisions = part.take_outputs().decisions
    operators = Operators(tmp_path, ruling)
    operators.desk.settings = msgspec.structs.replace(
        operators.desk.settings, bootstrap=broker, control_key=KEY.decode()
    )
    operators.store.take(decisions)
    operators.sign_in(Role.VIEWER)
    (held,) = [one for one in decisions if one.reason is Reason.BUDGET_DAY]
    member = f"/members/{operators.store.ref('town/what-if')}"
    page = f"{member}/what-if/{held.id}"
    assert page in operators.get(member).text
    asked = operators.get(page).text
    assert '<option value="budget_day" selected>' in asked
    assert 'value="2"' in asked, "what the decision says it would have taken"
    assert "It would have been sent." in operators.get(f"{page}?field=budget_day&value=2").text
    assert "still not have been sent" in operators.get(f"{page}?field=budget_week&value=20").text
    assert "expected a number" in operators.get(f"{page}?field=budget_day&value=many").text
    assert "expected one of budget_day" in operators.get(f"{page}?field=salt&value=2").text
    rows = operators.get(f"{page}?field=budget_day&value=2&format=json").json()
    assert [(row["was_verdict"], row["then_verdict"]) for row in rows] == [("drop", "send")]
    assert operators.get(f"{member}/what-if/{'0' * 32}").status_code == 404
