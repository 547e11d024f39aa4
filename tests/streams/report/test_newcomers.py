"""Whether onboarding help brings newcomers to first words is told by the coin, once their days are over."""

from streams.report.newcomers import ONBOARDED_WITHIN
from streams.report.words import of_community
from tests.support.reports import FREE, D, reported
from tests.support.stories import DAY, MINUTE, Story, catalog, event, playbook


def test_onboarding_is_told_as_the_lift_of_first_words() -> None:
    """By the coin, among newcomers whose 14 days are over; without a coin that it is not known."""
    spec = playbook("start", "channel.joined", kind="onboarding", holdout=0.5, goal=("post.created",), goal_within=DAY)
    told, members = Story(catalog(spec, policy=FREE)), [f"m{number}" for number in range(200)]
    events = []
    for number, member in enumerate(members):
        events += [event("community.joined", number, member), event("channel.joined", number + 0.5, member)]
    told.tell(*events).wait(400)
    helped = {one.member.removeprefix("town/") for one in told.decisions if one.command}
    events += [event("post.created", 5 * D, member, text="hello") for member in members if member in helped]
    early = reported(told, spec, events, 6 * D).communities[0]
    assert early.onboarding.units == 0
    assert "no coin was thrown for a newcomer whose 14 days are over" in " ".join(of_community(early))
    (late,) = reported(told, spec, events, ONBOARDED_WITHIN / MINUTE + 300).communities
    assert (late.onboarding.units, late.onboarding.with_help, late.onboarding.without_help) == (200, 1.0, 0.0)
    assert late.onboarding.says == "helps"
    assert any(
        said.startswith("newcomers' first words within 14 days, with help against without: helps: with help ")
        for said in of_community(late)
    )
