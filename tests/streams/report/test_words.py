"""What cannot be known is said in plain words."""

from streams.report.page import markdown
from streams.report.words import of_all
from tests.support.reports import FREE, D, reported
from tests.support.stories import DAY, Story, catalog, event, playbook


def test_a_small_community_hears_what_it_cannot_know() -> None:
    """How long it would take, and what to do meanwhile."""
    spec = playbook(goal=("post.replied",), goal_within=DAY, randomised=0.5)
    told = Story(catalog(spec, policy=FREE))
    events = [event("post.created", day * D, f"m{day}", text="hello") for day in range(0, 90, 3)]
    told.tell(*events).wait(95 * D)
    report = reported(told, spec, events, 100 * D)
    assert report.together.units == 30
    assert "would not be seen within two years" in " ".join(of_all(report))
    assert "lotse weekly" in markdown(report)
