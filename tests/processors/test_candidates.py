"""Sequences, reminders before a start, variants, the best of several, once a day or a thread: from the event to the command."""

from processors.playbooks.resources import Localised, Playbook, Policy, Variant
from tests.support.stories import DAY, HOUR, MINUTE, NOON, Story, catalog, event, playbook, resource

A_DAY, AN_HOUR = DAY / MINUTE, HOUR / MINUTE
ROOMY = Policy(budget_day=9, budget_week=9, budget_week_new=9, quiet_from=0, quiet_to=0)


def course(**changes: object) -> tuple[Playbook, ...]:
    """Three steps, two days apart; the whole stops at a post, the second is skipped by a reaction."""
    kind = {
        "theme": "course",
        "sequence": "course",
        "stop": ("post.created",),
        "once_per": "member",
        "expires": DAY,
        **changes,
    }
    return (
        playbook("course:one", "community.joined", resource="r1", following="course:two", **kind),
        playbook(
            "course:two", "", resource="r2", following="course:three", after=2 * DAY, unless=("reaction.added",), **kind
        ),
        playbook("course:three", "", resource="r3", after=2 * DAY, **kind),
    )


def course_story(policy: Policy = ROOMY) -> Story:
    """A story of the course alone."""
    return Story(catalog(*course(), policy=policy, resources=tuple(resource(name) for name in ("r1", "r2", "r3"))))


def sent(one: Story) -> list[tuple[str, float]]:
    """Resource and days after noon of each command."""
    return [(command.resource, round((command.not_before - NOON) / DAY, 1)) for command in one.commands]


def test_steps_follow_each_other_over_days() -> None:
    """Each at its time, of one theme all, and once."""
    one = course_story().tell(event("community.joined", 0)).wait(20 * A_DAY)
    assert sent(one) == [("r1", 0.0), ("r2", 2.0), ("r3", 4.0)]
    one.tell(event("community.joined", 21 * A_DAY)).wait(40 * A_DAY)
    assert len(one.commands) == 3


def test_the_goal_ends_the_whole() -> None:
    """Whatever step waits then."""
    one = course_story().tell(event("community.joined", 0), event("post.created", A_DAY, text="Hi")).wait(20 * A_DAY)
    assert sent(one) == [("r1", 0.0)]
    assert "exit_met" in one.reasons


def test_what_ends_one_step_lets_the_next_come() -> None:
    """The second is skipped; the third comes two days after that."""
    one = course_story().tell(event("community.joined", 0), event("reaction.added", A_DAY)).wait(20 * A_DAY)
    assert sent(one) == [("r1", 0.0), ("r3", 3.0)]


def test_a_step_that_a_cap_drops_does_not_end_the_sequence() -> None:
    """One a week: the first and, after that week, none of the others, each with its reason."""
    policy = Policy(budget_day=1, budget_week=1, budget_week_new=1, quiet_from=0, quiet_to=0)
    one = course_story(policy).tell(event("community.joined", 0)).wait(20 * A_DAY)
    assert sent(one) == [("r1", 0.0)]
    assert one.reasons.count("budget_week") == 2


def test_a_step_held_over_night_is_followed_once() -> None:
    """Quiet hours move a step; the next is not begun twice."""
    one = Story(
        catalog(
            *course(),
            policy=Policy(budget_day=9, budget_week=9, budget_week_new=9),
            resources=tuple(map(resource, ("r1", "r2", "r3"))),
        )
    )
    one.tell(event("community.joined", 10 * AN_HOUR)).wait(20 * A_DAY)
    assert [name for name, _ in sent(one)] == ["r1", "r2", "r3"]


def test_a_reminder_comes_before_the_start_and_moves_with_it() -> None:
    """Three hours before; announced anew for another time, it is for that one; begun already, it is none."""
    remind = playbook(
        "remind", "event.registered", before=3 * HOUR, because="{event.title} begins at {event.starts}", expires=HOUR
    )
    told = Story(catalog(remind)).tell(
        event("event.registered", 0, name="meet", title="The meeting", starts=NOON + 2 * DAY)
    )
    told.wait(3 * A_DAY)
    assert sent(told) == [("guide", 1.9)]
    assert told.commands[0].because == "The meeting begins at 2026-01-07 12:00"
    moved = Story(catalog(remind)).tell(
        event("event.registered", 0, name="meet", starts=NOON + 2 * DAY),
        event("event.registered", 60, name="meet", starts=NOON + 4 * DAY),
        event("event.registered", 61, name="past", starts=NOON - DAY),
    )
    moved.wait(9 * A_DAY)
    assert sent(moved) == [("guide", 3.9)]


def test_a_variant_is_chosen_by_what_the_member_is() -> None:
    """The first that holds, in words of its own; else what the playbook names."""
    one = playbook(
        "p",
        lane="request",
        say_in={"en": {"plain": "For all"}},
        variants=(
            Variant({"member.role": {"named": "head-coach"}}, "coaches", {"en": {"plain": "For coaches"}}),
            Variant({"member.region": "north"}, say={"en": {"plain": "For the north"}}),
        ),
    )
    told = Story(catalog(one, resources=(resource(), resource("coaches"))))
    told.tell(
        event("post.created", 0, "ann", text="x"),
        event("profile.changed", 1, "ben", role="Head coach"),
        event("post.created", 2, "ben", text="x"),
        event("profile.changed", 3, "eve", region="north"),
        event("post.created", 4, "eve", text="x"),
    )
    assert [(one.resource, one.text) for one in told.commands] == [
        ("guide", "For all"),
        ("coaches", "For coaches"),
        ("guide", "For the north"),
    ]


def test_the_best_of_several_is_learnt_from_outcomes() -> None:
    """What others called helpful is offered first; who had it gets the next."""
    one = playbook("p", lane="request", best_of=("r1", "r2"))
    told = Story(catalog(one, resources=(resource("r1"), resource("r2"))))
    told.tell(event("post.created", 0, "ann", text="x"))
    (first,) = told.commands
    assert first.resource == "r1"
    told.tell(
        *(
            event(f"outcome.{kind}", 1 + number, "ann", command=first.id)
            for number, kind in enumerate(("delivered", "not_helpful"))
        )
    )
    told.tell(event("post.created", 9, "ben", text="x"))
    assert told.commands[1].resource == "r1"  # a request is not remembered, so nothing was learnt of it


def test_usefulness_is_counted_of_what_is_remembered() -> None:
    """Of an ordinary send an outcome is known by the command."""
    one = playbook("p", best_of=("r1", "r2"))
    told = Story(catalog(one, resources=(resource("r1"), resource("r2"))))
    told.tell(event("post.created", 0, "ann", text="x"))
    (first,) = told.commands
    told.tell(
        event("outcome.delivered", 1, "ann", command=first.id), event("outcome.not_helpful", 2, "ann", command=first.id)
    )
    told.tell(event("post.created", 9, "ben", text="x"))
    assert [command.resource for command in told.commands] == ["r1", "r2"]


def test_once_a_day_a_channel_a_thread() -> None:
    """Served once for each."""
    for per, events, times in (
        (
            "day",
            [
                event("post.created", 0, text="a"),
                event("post.created", 1, text="b"),
                event("post.created", A_DAY, text="c"),
            ],
            2,
        ),
        ("channel", [event("post.created", number, channel=name, text="a") for number, name in enumerate("aab")], 2),
        ("thread", [event("post.created", number, thread=name, text="a") for number, name in enumerate("aab")], 2),
    ):
        told = Story(catalog(playbook("p", lane="request", once_per=per)))
        assert len(told.tell(*events).commands) == times


def test_a_condition_may_end_the_waiting() -> None:
    """Asked again when the time has come."""
    one = playbook("p", wait=HOUR, unless_if={"member.posts": {"gte": 2}})
    told = (
        Story(catalog(one))
        .tell(event("post.created", 0, text="a"), event("post.created", 5, text="b"))
        .wait(2 * AN_HOUR)
    )
    assert told.commands == []
    assert "condition_gone" in told.reasons


def test_the_language_of_the_reason_is_that_of_the_text() -> None:
    """German where the resource has German and the member wishes it."""
    german = {"en": Localised("A guide", "It helps."), "de": Localised("Ein Leitfaden", "Er hilft.")}
    one = playbook(
        "p", because="you posted", because_in={"en": {"plain": "you posted"}, "de": {"plain": "du hast geschrieben"}}
    )
    told = Story(catalog(one, resources=(resource(locales=german),)))
    told.tell(event("profile.changed", 0, locale="de-AT"), event("post.created", 1, text="x"))
    assert (told.commands[0].locale, told.commands[0].because) == ("de", "du hast geschrieben")
