"""Stages of a membership, each from a state that has it, and the order in which they are asked."""

import pytest

from processors.member.lifecycle import lifecycle
from processors.member.rhythm import Rhythm
from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from resource_catalog.loader import SHIPPED, load

SHIPPED_RULES = Catalog(load(SHIPPED).bundle).definitions
DAY = 86400
TODAY = 20000


def member(*days_ago: int, joined: int = 200, **fields: object) -> MemberState:
    """A member who was there so many days ago (the farthest first) and joined before that."""
    rhythm = Rhythm()
    for ago in days_ago:
        rhythm.visit(TODAY - ago, 0)
    return MemberState(joined=(TODAY - joined) * DAY, rhythm=rhythm if days_ago else None, **fields)  # type: ignore[arg-type]


def returned() -> MemberState:
    """A member who came back three days ago."""
    state = member(100, 3)
    assert state.rhythm
    state.rhythm.back = TODAY - 3
    return state


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("left", member(1, left=True)),
        ("dormant", member(61)),
        ("returned", returned()),
        ("new", member(1, joined=13)),
        ("fading", member(*range(88, 32, -7), 3)),
        ("helper", member(3, 1, answers=5)),
        ("regular", member(20, 10, 5, 1)),
        ("activated", member(20, posts=1)),
        ("visitor", member(20)),
        ("visitor", member()),
    ],
)
def test_each_stage(stage: str, state: MemberState) -> None:
    """As the rules say, those of the shipped lifecycle.yaml too, which states them for communities to change."""
    assert lifecycle(state, float(TODAY * DAY + 3600)) == stage
    assert SHIPPED_RULES.stage(state, {}, float(TODAY * DAY + 3600)) == stage


def test_a_regular_reader_is_regular() -> None:
    """Somebody who never posts is no less a member."""
    assert lifecycle(member(8, 6, 4, 2, posts=0), float(TODAY * DAY)) == "regular"
