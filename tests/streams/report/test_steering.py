"""What held a playbook back by itself is told: the volume controller, rests and returns, from decisions of the real core."""

from processors.events import Event
from streams.report.words import of_playbook
from tests.support.reports import FREE, D, reported
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook


def test_the_volume_controller_and_what_it_held_back_are_told() -> None:
    """From when, how much, and whether it still does."""
    spec = playbook(goal=("post.replied",), goal_within=DAY)
    told = Story(catalog(spec, policy=FREE))
    events: list[Event] = []

    def post(first: int, day: int, *, dismissed: bool) -> None:
        for number in range(first, first + 30):
            minute = day * D + number
            told.tell(one := event("post.created", minute, f"m{number}", text="hello")).wait(minute + 0.2)
            events.append(one)
            if dismissed and told.commands and told.commands[-1].member == f"town/m{number}":
                outcome = event(
                    "outcome.dismissed", minute + 0.5, f"m{number}", command=told.commands[-1].id, playbook="play"
                )
                told.tell(outcome)
                events.append(outcome)

    post(0, 0, dismissed=True)
    post(100, 1, dismissed=False)
    held = sum(reason == "volume_controlled" for reason in told.reasons)
    assert held
    (one,) = reported(told, spec, events, 3 * D).playbooks
    assert one.volume is not None
    assert (one.volume.held, one.volume.still) == (held, True)
    said = " ".join(of_playbook(one, "topics"))
    assert (
        f"the volume controller keeps some of it back since 2026-01-0{5 if one.volume.begins < NOON + DAY / 2 else 6}"
        in said
    )
    assert f"{held} were held back" in said
    for number, day in enumerate((120, 130, 140, 150)):  # a level each week at most
        post(200 + 30 * number, day, dismissed=False)
    (later,) = reported(told, spec, events, 152 * D).playbooks
    assert later.volume is not None
    assert not later.volume.still
    assert "it sends in full again" in " ".join(of_playbook(later, "topics"))


def test_rest_and_return_are_told() -> None:
    """Three messages that led to nothing, a rest of thirty days, one more that was opened."""
    spec = playbook(goal=("post.replied",), goal_within=DAY)
    told = Story(catalog(spec, policy=FREE))
    events = [event("post.created", day * D, "ann", text="hello") for day in (0, 2, 4, 6, 8, 50)]
    told.tell(*events).wait(51 * D)
    assert told.reasons.count("resting") == 2
    opened = event("outcome.clicked", 50 * D + 5, "ann", command=told.commands[-1].id, playbook="play")
    (one,) = reported(told, spec, [*events, opened], 52 * D).playbooks
    assert one.rests == (1, 1, 1)
    assert "it rested 1 times for a member whom it had stopped helping; 1 got it again" in " ".join(
        of_playbook(one, "topics")
    )
