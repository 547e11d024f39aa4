"""What was sent is followed: called back when nobody needs it any more, and its goal is noticed."""

import pytest

from processors.commands import recall_id
from processors.member.state import OPEN_MAX, UNWELCOME, WELCOME
from processors.member_partition import MemberPartition
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, HOUR, NOON, Story, catalog, event, playbook, resource

POST = event("post.created", 0, text="Good morning")
JOINED = event("channel.joined", 0)
ENDLESS = Policy(
    cooldown_resource=0.0,
    cooldown_theme=0.0,
    budget_day=20,
    budget_week=20,
    budget_week_new=20,
    quiet_from=0,
    quiet_to=0,
)


def sent(**changes: object) -> Story:
    """A message with the goal of a first post, sent when a channel was joined."""
    offered = playbook(trigger="channel.joined", **{"goal": ("post.created",), "goal_within": 3 * DAY, **changes})
    return Story(catalog(offered)).tell(JOINED)


def outcome(story: Story, kind: str, minute: float = 1) -> Story:
    """The story goes on with what became of its last command."""
    return story.tell(event(f"outcome.{kind}", minute, command=story.commands[-1].id))


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (event("post.created", 9, text="hello"), "exit_met"),
        (event("community.left", 9), "audience_excluded"),
        (event("preference.opted_out", 9, kind="all"), "opted_out"),
        (event("preference.snoozed", 9, kind="play"), "snoozed"),
        (event("consent.withdrawn", 9, kind="all"), "no_consent"),
    ],
)
def test_what_is_no_longer_needed_is_called_back(after: object, reason: str) -> None:
    """A record on the command's channel and target that names it, once."""
    story = sent(channels=("email",))
    story.tell(after, event("post.read", 20), event("post.replied", 21, text="and more"))  # type: ignore[arg-type]
    [recall], command = story.recalls, story.commands[0]
    assert (recall.id, recall.recalls, recall.reason) == (recall_id(command.id), command.id, reason)
    assert (recall.target, recall.channel, recall.member) == (command.target, "email", "town/ann")
    assert not recall.withdraw


@pytest.mark.parametrize("after", [event("post.read", 9), event("preference.opted_out", 9, kind="another")])
def test_other_events_call_nothing_back(after: object) -> None:
    """Reading, or a wish about something else."""
    assert sent().tell(after).recalls == []  # type: ignore[arg-type]


def test_a_message_that_was_delivered_stays_and_what_is_shown_in_the_app_goes() -> None:
    """Nobody takes back a mail that may be read; an item in the app vanishes when its goal is reached."""
    hello = event("post.created", 9, text="hello")
    assert outcome(sent(channels=("email",)), "delivered").tell(hello).recalls == []
    [recall] = outcome(sent(), "delivered").tell(hello).recalls
    assert recall.withdraw


@pytest.mark.parametrize("end", ["failed", "dismissed", "withdrawn", "recalled", "snoozed"])
def test_what_came_to_its_end_is_not_called_back(end: str) -> None:
    """It is not there any more."""
    assert outcome(sent(), end).tell(event("post.created", 9, text="hello")).recalls == []


def test_a_goal_after_its_time_is_none() -> None:
    """Later than the playbook says, and an older event that comes late."""
    late = event("post.created", 4 * 24 * 60, text="hello")
    assert sent(channels=("email",)).tell(late).recalls == []
    assert sent().tell(event("post.created", -5, text="hello")).recalls == []


def test_an_answered_question_calls_its_message_back() -> None:
    """The need is met."""
    story = Story(catalog(playbook(trigger="signal.asked")))
    story.tell(event("post.created", 0, thread="t", text="How do I mount the frobnicator?"))
    story.tell(event("post.replied", 5, "bob", thread="t", text="With the frob option."))
    assert [one.reason for one in story.recalls] == ["already_solved"]


def test_what_is_pinned_is_taken_down_when_its_time_is_over() -> None:
    """By a timer; of a place, whose members each leave it there."""
    pinned = playbook(trigger="signal.heated", channels=("pinned",), lane="staff", cheerful=False)
    ruling = catalog(pinned)
    partition = MemberPartition(0, {}, None, lambda _hash: ruling)
    partition.activate(ruling.hash)
    partition.tick(NOON - 1)
    heated = event("signal", 0, "#general", kind="heated", episode="e", score=1.0)
    partition.apply(heated)
    out = partition.take_outputs()
    assert [(one.channel, one.target) for one in out.commands] == [("pinned", "town/#general")]
    assert out.commands[0].shown_until == NOON - 1 + 7 * DAY
    partition.apply(event("outcome.delivered", 1, "#general", command=out.commands[0].id))
    partition.apply(event("outcome.dismissed", 2, "#general", command=out.commands[0].id))
    partition.tick(NOON + 7 * DAY - HOUR)
    assert partition.take_outputs().recalls == []
    partition.tick(NOON + 7 * DAY)
    [recall] = partition.take_outputs().recalls
    assert (recall.target, recall.withdraw, recall.reason) == ("town/#general", True, "event_stale")


def test_what_members_made_of_a_message_is_kept_with_it() -> None:
    """Opened or its goal reached: welcome; waved away: unwelcome."""
    ruling = catalog(playbook(goal=("post.replied",), goal_within=DAY))

    def response(*events: object) -> int:
        partition = MemberPartition(0, {}, None, lambda _hash: ruling)
        partition.activate(ruling.hash)
        partition.apply(POST)
        command = partition.take_outputs().commands[0].id
        for one in events:
            partition.apply(one(command) if callable(one) else one)  # type: ignore[arg-type]
        return partition.member("town/ann").sends[0].response

    assert response() == 0
    assert response(lambda command: event("outcome.clicked", 1, command=command)) == WELCOME
    assert response(lambda command: event("outcome.dismissed", 1, command=command)) == UNWELCOME
    assert response(lambda command: event("outcome.delivered", 1, command=command)) == 0
    assert response(event("post.replied", 3, text="Good morning to you")) == WELCOME


def test_what_is_followed_is_bounded() -> None:
    """The oldest goes first."""
    plays = tuple(playbook(f"p{number}", resource=f"r{number}", lane="answer") for number in range(12))
    ruling = catalog(*plays, policy=ENDLESS, resources=tuple(resource(f"r{number}") for number in range(12)))
    partition = MemberPartition(0, {}, None, lambda _hash: ruling)
    partition.activate(ruling.hash)
    partition.apply(POST)
    assert len(partition.take_outputs().commands) == 3
    for day in range(1, 6):
        partition.tick(NOON + day * DAY)
        partition.apply(event("post.created", day * 24 * 60, text="Good morning"))
    assert len(partition.member("town/ann").open) <= OPEN_MAX
