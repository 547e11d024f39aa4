"""Digests: several messages as one, best first."""

from processors.playbooks.resources import Policy
from tests.support.stories import Story, catalog, event, playbook, resource

POST = event("post.created", 0, text="Good morning")


def test_what_waits_for_a_digest_goes_in_one_message_best_first() -> None:
    """One command with the others as items; each is told that it was merged, and counts for cool-downs."""
    plays = (
        playbook("a", priority="low"),
        playbook("b", resource="other"),
        playbook("c", priority="low", resource="third"),
    )
    there = tuple(resource(name) for name in ("guide", "other", "third"))
    story = Story(catalog(*plays, resources=there))
    story.tell(event("preference.time_chosen", -1, when="daily", hour=9), POST).wait(22 * 60)
    assert story.reasons == ["chosen_time_hold"] * 3 + ["sent", "merged_into_digest", "merged_into_digest"]
    [command] = story.commands
    assert (command.playbook, [one.playbook for one in command.items]) == ("b", ["a", "c"])
    assert {one.command for one in story.decisions[3:]} == {command.id}
    assert story.tell(event("post.created", 22 * 60 + 1, text="more")).wait(50 * 60).reasons[-1] != "sent"


def test_low_ones_of_one_moment_go_together_and_higher_ones_alone() -> None:
    """Several low ones merge; beside something better they are outranked; of one theme only one is in a message."""
    plays = [playbook(name, priority="low", resource=name) for name in ("a", "b", "c")]
    there = tuple(resource(name) for name in ("a", "b", "c", "guide"))
    together = Story(catalog(*plays, resources=there)).tell(POST)
    assert together.reasons == ["sent", "merged_into_digest", "merged_into_digest"]
    beside = Story(catalog(*plays, playbook("better"), resources=there)).tell(POST)
    assert beside.reasons == ["sent", "outranked", "outranked", "outranked"]
    lost = beside.decisions[1].values
    assert (lost["lost_to"], lost["value"], lost["value_of_that"]) == ("better", 0.3, 0.6)
    alike = [playbook(name, priority="low", resource=name, theme="one") for name in ("a", "b")]
    assert Story(catalog(*alike, resources=there)).tell(POST).reasons == ["sent", "outranked"]


def test_what_a_digest_joined_counts_for_cool_downs_not_for_budgets() -> None:
    """The member got one message; and yet they have read of each theme."""
    plays = [playbook(name, priority="low", resource=name) for name in ("a", "b")]
    policy = Policy(budget_day=2, cooldown_resource=0.0)
    story = Story(catalog(*plays, policy=policy, resources=(resource("a"), resource("b"))))
    story.tell(POST, event("post.created", 60, text="again"))
    assert story.reasons == ["sent", "merged_into_digest", "cooldown_theme", "cooldown_theme"]
