"""What cannot be known is said in plain words."""

import re

from streams.report.page import markdown
from streams.report.words import _SAID, of_all, of_playbook
from tests.support.reports import FREE, D, reported
from tests.support.stories import DAY, Story, catalog, event, playbook
from tests.support.tree import ROOT


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


def test_where_nobody_is_left_without_help_no_holdout_is_asked_for() -> None:
    """Who asks for something gets it; a coin there would do nothing."""
    for lane, said in (("request", "nobody who asks"), ("proactive", "set a holdout")):
        spec = playbook(lane=lane, goal=("post.replied",), goal_within=DAY)
        told = Story(catalog(spec, policy=FREE))
        events = [event("post.created", 0, "ann", text="hello")]
        told.tell(*events).wait(10)
        (one,) = reported(told, spec, events, 3 * D).playbooks
        assert said in of_playbook(one, "topics")[0]


def test_the_page_explains_what_a_report_says() -> None:
    """Each line of its first table begins as a sentence of the report does."""
    page = (ROOT / "streams" / "report" / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"\| it says \| it means \|\n\|---\|---\|\n((?:\|.*\n)+)", page)
    said = " ".join(english for english, _ in _SAID.values())
    for row in table.splitlines():
        for part in re.split(r"…(?: or)?|\d+(?: more)?|\(.*", row.split("|")[1]):
            assert part.strip(" )") in said, part
