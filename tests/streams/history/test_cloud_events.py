"""A history may be the member log itself: CloudEvents are read as they are, what a replay makes itself is left out."""

from pathlib import Path

import orjson
import pytest

from processors.vocabulary import Item, OutcomeData, Search
from streams.history.lines import HistoryError
from streams.history.reader import read_history


def line(
    kind: str, subject: str = "town/ann", /, *, time: str = "2026-01-05T12:00:00+01:00", **data: object
) -> dict[str, object]:
    """A CloudEvent."""
    return {"specversion": "1.0", "id": f"{kind}/{time}", "type": kind, "subject": subject, "time": time, "data": data}


def read(tmp_path: Path, *lines: dict[str, object]) -> list[tuple[str, str, object]]:
    """Read lines as a history; return type, key and data of each event."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    return [(event.type, event.key, event.data) for event in read_history(path, "town")]


def test_events_outcomes_and_announcements_are_read_in_order_of_time(tmp_path: Path) -> None:
    """Ticks and signals would be made a second time; types outside the vocabulary say nothing."""
    found = read(
        tmp_path,
        line("outcome.dismissed", time="2026-01-05T12:05:00Z", command="c1"),
        line("search.performed", query="ferns", results=0),
        line("feature.announced", "town", time="2026-01-05T12:06:00Z", name="dark mode"),
        line("tick", "@0"),
        line("signal", kind="asked", episode="e"),
        line("somebody.elses"),
    )
    assert found == [
        ("search.performed", "town/ann", Search(query="ferns", results=0)),
        ("outcome.dismissed", "town/ann", OutcomeData(command="c1")),
        ("feature.announced", "town", Item(name="dark mode")),
    ]


def test_chat_lines_may_stand_beside_them(tmp_path: Path) -> None:
    """In one file; the order is that of time."""
    chat = {"ts": "2026-01-05T11:30:00Z", "author": "bob", "text": "hello"}
    found = read(tmp_path, chat, line("post.read"))
    assert [kind for kind, _, _ in found] == ["post.read", "community.joined", "post.created"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"time": "2026-01-05T12:00:00"}, "time with zone"),
        ({"subject": "ann"}, "<community>/<member>"),
        ({"specversion": "0.3"}, "0.3"),
        ({"data": {"results": "none"}}, "results"),
        ({"id": 5}, "id"),
    ],
)
def test_a_bad_one_is_told_with_file_and_line(tmp_path: Path, fields: dict[str, object], said: str) -> None:
    """And with what was expected."""
    with pytest.raises(HistoryError, match=r"log\.jsonl:2: no event") as caught:
        read(tmp_path, line("post.read"), {**line("search.performed"), **fields})
    assert said in str(caught.value)
