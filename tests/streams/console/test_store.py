"""The store: all or nothing, each once, never text, nothing of the safety lane, sums as if counted anew, bounded."""

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import msgspec
import pytest

from processors.decisions import SAFETY, Reason
from processors.events import Event
from processors.vocabulary import ERASED, Erasure
from streams.console import lookups
from streams.console.store import Store, decisions_kept
from streams.console.sums import DAY
from streams.errors import UserError
from tests.support.consoles import KEY, NOW, decision, event


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty one."""
    return Store(tmp_path / "console.sqlite", 10_000, "deployment", KEY)


def test_a_decision_comes_back_as_it_was(store: Store) -> None:
    """With everything that explains it."""
    one = decision(
        1, reason=Reason.BUDGET_WEEK, needed="budget_week > 2", stages=("consent", "budget"), values={"week": 2, "zone": "UTC"},
        versions={"catalog": "abc"}, until=NOW + 9, attempt=2, probability=0.5,
    )  # fmt: skip
    store.take([one, decision(2)])
    found = lookups.stream(store.reader())
    assert [kept.decision for kept in found] == [decision(2), one]


def test_a_repeat_changes_nothing(store: Store) -> None:
    """Neither within a batch nor later: ids are deterministic."""
    ones = [decision(number) for number in range(5)]
    store.take([*ones, ones[0]], [event(1, "post.read"), event(1, "post.read")])
    store.take(ones, [event(1, "post.read")])
    file = store.reader()
    assert decisions_kept(file) == 5
    assert sum(count for *_, count in lookups.by_hour(file, NOW - DAY, NOW + DAY)) == 5
    assert lookups.sends_of_week(file, NOW) == [(5, 1)]
    assert len(lookups.events_of(file, 1)) == 1


def test_questions_that_piled_up_are_counted_once_and_in_a_file_of_before_too(store: Store, tmp_path: Path) -> None:
    """By day, place and kind; a file that was made before they were counted counts from then on."""
    told = [event(n, "signal", kind="unanswered", episode="e", evidence={"channel": "help"}) for n in range(3)]
    store.take(events=told)
    store.take(events=told[:2])
    assert lookups.needs(store.reader(), NOW - DAY, NOW + DAY) == [("town", "help", "unanswered", 3)]
    store.take(events=[event(9, "signal", at=NOW + 100 * DAY, kind="asked_again", episode="e")])
    assert lookups.needs(store.reader(), NOW - DAY, NOW + DAY) == []
    with closing(store._write) as file:
        file.execute("DROP TABLE need")
    again = Store(tmp_path / "console.sqlite", 10_000, "deployment", KEY)
    again.take(events=[event(20, "signal", kind="unanswered", episode="e")])
    assert lookups.needs(again.reader(), NOW - DAY, NOW + DAY) == [("town", "", "unanswered", 1)]


def test_offsets_are_kept_with_what_was_read_or_not_at_all(store: Store) -> None:
    """A batch that cannot be taken leaves no trace."""
    store.take([decision(1)], offsets={("t", 0): 7})

    def breaking():  # type: ignore[no-untyped-def]
        yield decision(2, "town/new", playbook="never seen")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.take(breaking(), offsets={("t", 0): 8})
    assert store.offsets() == {("t", 0): 7}
    assert decisions_kept(store.reader()) == 1
    store.take([decision(2, "town/new", playbook="never seen")], offsets={("t", 0): 8})
    assert lookups.stream(store.reader())[0].decision.playbook == "never seen"


def test_of_the_safety_lane_id_time_and_reason_alone(store: Store) -> None:
    """Whatever else such a decision might hold; and no outcome tells that there was a message."""
    store.take([decision(1, lane=SAFETY, playbook="distress.offer", resource="helpline", command="ab" * 16)])
    store.take(events=[event(1, "outcome.delivered", command="ab" * 16, playbook="distress.offer")])
    store.take(
        events=[event(2, "signal", kind="distress", episode="p1"), event(3, "signal", kind="concern", episode="p1")]
    )
    content = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert b"distress" not in content
    assert b"helpline" not in content
    assert lookups.events_of(store.reader(), 1) == []


def test_no_text_is_kept(store: Store) -> None:
    """Neither what members write nor what they look for."""
    store.take(
        events=[event(1, "post.created", text="chrysanthemum"), event(2, "search.performed", query="chrysanthemum")]
    )
    assert [one.kind for one in lookups.events_of(store.reader(), 1)] == ["search.performed", "post.created"]
    assert b"chrysanthemum" not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def test_sums_are_as_if_counted_anew(store: Store) -> None:
    """Of a thousand decisions in random batches."""
    chance = Random(5)
    made = [
        decision(number * 977, f"town/m{chance.randrange(40)}", chance.choice([Reason.SENT, Reason.WAIT, Reason.HOLDOUT]),
                 playbook=chance.choice(["one", "two"]), theme="")
        for number in range(1000)
    ]  # fmt: skip
    at = 0
    while at < len(made):
        size = chance.randrange(1, 200)
        store.take(made[at : at + size])
        at += size
    file = store.reader()
    wanted = Counter((int(one.time) // 3600, one.playbook, str(one.reason)) for one in made)
    assert {tuple(row[:3]): row[3] for row in lookups.by_hour(file, NOW - DAY, NOW + 30 * DAY)} == wanted
    for week in (NOW, NOW + 7 * DAY):
        times = Counter(
            one.member
            for one in made
            if one.reason is Reason.SENT and week_by_calendar(one.time) == week_by_calendar(week)
        )
        assert times
        assert dict(lookups.sends_of_week(file, week)) == Counter(times.values())


def week_by_calendar(time: float) -> tuple[int, int]:
    """Year and week as calendars count them (ISO 8601), in UTC."""
    return datetime.fromtimestamp(time, UTC).isocalendar()[:2]


def test_faults_are_counted_by_playbook(store: Store) -> None:
    """The same theme within a week, what members waved away, and how soon."""
    sent = [decision(1), decision(2, playbook="other"), decision(3, "town/ben", theme="faq")]
    store.take(sent)
    store.take(events=[
        event(1, "outcome.dismissed", at=NOW + 60, command=sent[0].command), event(2, "outcome.dismissed", "town/ben", NOW + 9999, command=sent[2].command),
        event(3, "outcome.helpful", "town/ben", NOW + 9999, command=sent[2].command),
    ])  # fmt: skip
    assert set(lookups.faults(store.reader(), NOW, NOW + DAY)) == {
        ("other", "repeated", 1), ("welcome", "dismissed", 2), ("welcome", "waved_away", 1), ("welcome", "helpful", 1),
    }  # fmt: skip


def test_a_part_with_another_name_now_goes_on(tmp_path: Path) -> None:
    """What a file counted under the name of before is not lost."""
    sent = decision(1)
    before = Store(tmp_path / "console.sqlite", 100, "one", KEY)
    before.take([sent], [event(1, "outcome.dismissed", at=NOW + 60, command=sent.command)])
    before._write.execute("UPDATE name SET text = 'regretted' WHERE text = 'waved_away'")
    before.close()
    after = Store(tmp_path / "console.sqlite", 100, "one", KEY)
    after.take(events=[event(2, "outcome.snoozed", at=NOW + 90, command=sent.command)])
    assert ("welcome", "waved_away", 2) in lookups.faults(after.reader(), NOW, NOW + DAY)


def test_what_came_after_the_answer_is_a_fault(store: Store) -> None:
    """Of that question alone, as the worker's metric counts it; a message before the answer is none, and a repeat counts once."""
    late, before, other = decision(100, episode="q1"), decision(10, episode="q1"), decision(110, episode="q2")
    store.take([late, before, other, decision(120, reason=Reason.HOLDOUT, episode="q1")])
    answered = event(1, "signal", at=NOW + 50, kind="answered", episode="q1")
    for _ in range(2):
        store.take(events=[answered])
    assert ("welcome", "already_solved", 1) in lookups.faults(store.reader(), NOW, NOW + DAY)


def test_the_newest_are_kept(tmp_path: Path) -> None:
    """As many as the bound says; sums stay."""
    store = Store(tmp_path / "bounded.sqlite", 100, "deployment", KEY)
    store.take([decision(number) for number in range(250)], [event(number, "post.read") for number in range(250)])
    file = store.reader()
    assert decisions_kept(file) == 100
    assert lookups.stream(file, limit=1)[0].decision.id == decision(249).id
    assert file.execute("SELECT count(*) FROM event").fetchone() == (100,)
    assert sum(count for *_, count in lookups.by_hour(file, NOW - DAY, NOW + DAY)) == 250


def test_the_file_of_another_deployment_is_refused(tmp_path: Path) -> None:
    """And one of another version; the message says what to do."""
    store = Store(tmp_path / "console.sqlite", 100, "one", KEY)
    with pytest.raises(UserError, match="another deployment"):
        Store(tmp_path / "console.sqlite", 100, "two", KEY)
    store._write.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="another version"):
        Store(tmp_path / "console.sqlite", 100, "one", KEY)
    with pytest.raises(UserError, match="LOTSE_CONSOLE_DB"):
        Store(Path("/proc/nowhere/console.sqlite"), 100, "one", KEY)


def test_filters_and_places_in_the_stream(store: Store) -> None:
    """By playbook, reason or both, and on from a place; a word never seen finds nothing."""
    store.take(
        [
            decision(n, reason=Reason.SENT if n % 2 else Reason.WAIT, playbook="one" if n % 3 else "two")
            for n in range(60)
        ]
    )
    file = store.reader()
    for playbook in ("", "one", "two"):
        for reason in ("", "sent", "wait"):
            found = [kept.decision for kept in lookups.stream(file, playbook, reason, limit=100)]
            assert len(found) == len(
                [
                    n
                    for n in range(60)
                    if playbook in ("", "one" if n % 3 else "two") and reason in ("", "sent" if n % 2 else "wait")
                ]
            )
            assert all(playbook in ("", one.playbook) and reason in ("", one.reason) for one in found)
    first = lookups.stream(file, limit=10)
    assert lookups.stream(file, before=first[-1].seq, limit=1)[0].seq == first[-1].seq - 1
    assert lookups.stream(file, "never") == []


def test_members_are_found_by_how_they_begin(store: Store) -> None:
    """With and without their community."""
    store.take(
        [decision(n, key) for n, key in enumerate(("town/ann", "town/anna", "city/ann", "town/ben", "town-b/zoe"))]
    )
    file = store.reader()
    assert lookups.communities(file) == ["city", "town-b", "town"]
    assert [one.key for one in lookups.members_like(file, "ann")] == ["city/ann", "town/ann", "town/anna"]
    assert [one.key for one in lookups.members_like(file, "town/b")] == ["town/ben"]
    assert lookups.member(file, store.ref("town/ben")).key == "town/ben"  # type: ignore[union-attr]


def test_an_erased_member_is_nowhere_in_the_file(tmp_path: Path) -> None:
    """Decisions and events up to then; sums stay; what they do later begins anew; nobody else is touched."""
    store = Store(tmp_path / "console.sqlite", 10_000, "deployment", KEY)
    store.take([decision(1, "town/ann"), decision(2, "town/eve")], [event(1, "post.read", "town/ann")])
    gone = Event("gone", ERASED, "town/ann", NOW + DAY, Erasure())
    store.take(events=[gone])
    file = store.reader()
    assert [kept.decision.member for kept in lookups.stream(file)] == ["town/eve"]
    assert file.execute("SELECT key FROM member").fetchall() == [("town/eve",)]
    assert sum(count for *_, count in lookups.by_hour(file, NOW - DAY, NOW + DAY)) == 2
    store.take([msgspec.structs.replace(decision(3, "town/ann"), time=NOW + 2 * DAY)], [gone])
    assert {kept.decision.member for kept in lookups.stream(file)} == {"town/ann", "town/eve"}
