"""Over-triggering as the log tells it: by part, playbook and channel, of commands that the member was given."""

import pytest

from processors.member_partition import MemberPartition
from processors.outputs import Outputs, OverTrigger
from processors.over_trigger import PARTS
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Playbook
from tests.support.reports import FREE
from tests.support.stories import catalog, event, playbook, resource


def given(spec: Playbook, *events: object) -> tuple[MemberPartition, Outputs]:
    """A partition after these events, and what arose."""
    ruling = catalog(spec)
    partition = MemberPartition(0, {}, None, lambda _hash: ruling)
    partition.activate(ruling.hash)
    for one in events:
        assert partition.apply(one) is None  # type: ignore[arg-type]
    return partition, partition.take_outputs()


def sent() -> tuple[MemberPartition, str]:
    """A partition in which a command went by e-mail, and the command's id."""
    partition, out = given(playbook(channels=("email",)), event("post.created", 0, text="Good morning"))
    return partition, out.commands[0].id


@pytest.mark.parametrize("kind", PARTS)
def test_each_part_is_counted_for_its_command(kind: str) -> None:
    """With the playbook and channel that were sent, whatever the outcome says; a repeat of the record counts once."""
    partition, identifier = sent()
    for _ in range(2):
        partition.apply(event(kind, 1, command=identifier, playbook="another"))
    assert partition.take_outputs().over_triggers == {OverTrigger(PARTS[kind], "play", "email"): 1}


def test_a_command_that_is_not_remembered_is_counted_as_unknown() -> None:
    """So that a label never holds what came from outside."""
    partition, _ = sent()
    partition.apply(event("outcome.dismissed", 1, command="x", playbook="forged"))
    assert partition.take_outputs().over_triggers == {OverTrigger("dismissed", "unknown", "unknown"): 1}


@pytest.mark.parametrize(
    "kind", ["outcome.delivered", "outcome.seen", "outcome.clicked", "outcome.helpful", "outcome.failed"]
)
def test_what_is_no_fault_is_not_counted(kind: str) -> None:
    """Seen, clicked, helpful; nor what failed, which nobody saw."""
    partition, identifier = sent()
    partition.apply(event(kind, 1, command=identifier))
    assert partition.take_outputs().over_triggers == {}


@pytest.mark.parametrize(("answered_at", "counted"), [(-5, 1), (5, 0)])
def test_a_need_that_was_met_before_the_command_is_counted_when_that_comes_out(answered_at: int, counted: int) -> None:
    """An answer that reached the log late; one after the command is what the command was for."""
    partition, out = given(playbook(trigger="signal.asked"), event("question.asked", 0, text="How do I begin?"))
    partition.apply(event("signal", answered_at, kind="answered", episode=out.decisions[0].episode))
    assert partition.take_outputs().over_triggers == (
        {OverTrigger("already_solved", "play", "in_app"): 1} if counted else {}
    )


@pytest.mark.parametrize(
    ("minutes", "theme", "parts"),
    [
        (30, "topic", {"repeated", "collided"}),
        (30, "other", {"collided"}),
        (2 * 1440, "topic", {"repeated"}),
        (2 * 1440, "other", set()),
        (8 * 1440, "topic", set()),
    ],
)
def test_what_comes_on_top_of_an_earlier_command_is_counted(minutes: int, theme: str, parts: set[str]) -> None:
    """The same theme within a week, another playbook's within the hour; by playbook and channel, once."""
    first = playbook("first", "post.created", resource="a", theme="topic")
    second = playbook("second", "draft.abandoned", resource="b", theme=theme, channels=("email",))
    ruling = Catalog(Bundle((resource("a"), resource("b")), (first, second), {"*": FREE}))
    partition = MemberPartition(0, {}, None, lambda _hash: ruling)
    partition.activate(ruling.hash)
    partition.apply(event("post.created", 0, text="Good morning"))
    assert partition.take_outputs().over_triggers == {}
    partition.apply(event("draft.abandoned", minutes))
    out = partition.take_outputs()
    assert [one.playbook for one in out.commands] == ["second"]
    assert out.over_triggers == {OverTrigger(part, "second", "email"): 1 for part in parts}
