"""The figures of onboarding, on members whose steps are known; journeys from a file in three notations."""

from pathlib import Path

import orjson
import pytest

from streams.errors import UserError
from streams.evaluation.task import Options
from streams.evaluation.tasks.onboarding import KEYS, evaluate

EVENTS = [
    ("2026-01-05T10:00", "ann", "registered", None),
    ("2026-01-06T10:00", "ann", "badge", "Informed"),
    ("2026-01-07T10:00", "ann", "badge", "Autobiographer"),
    ("2026-01-07T11:00", "ann", "badge", "Supporter"),
    ("2026-01-07T12:00", "ann", "badge", "Teacher"),
    ("2026-01-05T10:00", "bob", "registered", None),
    ("2026-02-10T10:00", "bob", "badge", "Informed"),
    ("2026-02-20T10:00", "eve", "registered", None),
    ("2026-02-20T11:00", "bob", "comment", None),
]
OWN = """
id: own
begins: community.joined
steps:
  - {id: informed, done: task.completed, names: Informed}
  - {id: write, done: [question.asked, task.completed], names: [Teacher]}
"""


def write(path: Path) -> Path:
    """The events as lines, with one that is none of ours."""
    rows = [
        {"ts": ts, "member": member, "event": kind, "badge": badge, "text": "hm"} for ts, member, kind, badge in EVENTS
    ]
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in [*rows, {"ts": "2026-01-05T10:00", "event": "badge"}]))
    return path


def test_only_the_stuck_are_nudged_and_in_time(tmp_path: Path) -> None:
    """Ann did all in time; Bob was stuck twice, and told so before the seventh day; Eve is too new to be stuck."""
    figures = evaluate([write(tmp_path / "events.jsonl")], Options())
    assert set(figures) == set(KEYS)
    assert figures == {"nudges": 2, "nudged_after_done": 0, "duplicates": 0, "nudges_per_member_max": 2, "reach": 1.0}


@pytest.mark.parametrize(
    "text",
    [
        "[Informed, [Student, Teacher]]",
        "steps: [Informed, [Student, Teacher]]",
        OWN,
    ],
)
def test_a_journey_of_ones_own(tmp_path: Path, text: str) -> None:
    """Names only, or the notation of the catalog's journeys: Ann waits for nothing, Bob for both steps."""
    path = tmp_path / "journey.yaml"
    path.write_text(text)
    figures = evaluate([write(tmp_path / "events.jsonl")], Options(journey=path))
    assert (figures["nudges"], figures["reach"], figures["nudged_after_done"]) == (2, 1.0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps: []", "expected a list of 1 to 16 steps"),
        ("steps: [{id: a, done: task.complete}]", "did you mean task.completed"),
    ],
)
def test_a_wrong_journey_is_one_message(tmp_path: Path, text: str, expected: str) -> None:
    """With file, line and what was expected."""
    path = tmp_path / "journey.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=expected):
        evaluate([write(tmp_path / "events.jsonl")], Options(journey=path))
