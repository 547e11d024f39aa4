"""A community before and after: rates do not hang on how long a period is, and surveys are told by touchpoint."""

from processors.playbooks.resources import Bundle
from streams.report.build import Reporter
from streams.report.page import html, markdown
from streams.report.words import of_community
from tests.support.reports import FREE, D, reported
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook


def test_surveys_are_told_by_touchpoint_once_there_are_enough() -> None:
    """The last answer to a message counts; of a few answers only that there are some, and nothing of a message that is not known."""
    spec = playbook(goal=("post.replied",), goal_within=DAY)
    told = Story(catalog(spec, policy=FREE))
    events = [event("post.created", number, f"m{number}", text="hello") for number in range(12)]
    told.tell(*events).wait(60)
    answers = [
        event("survey.answered", 70 + number, one.member.removeprefix("town/"), score=1 + number % 5, command=one.id)
        for number, one in enumerate(told.commands)
    ]
    first = told.commands[0]
    again = event("survey.answered", 90, first.member.removeprefix("town/"), score=5, command=first.id)
    strange = event("survey.answered", 91, "m1", score=1, command="of the safety lane")
    (few,) = reported(told, spec, [*events, *answers[:9]], 100).communities
    assert (few.survey, few.survey_few) == ({}, 9)
    assert "9 answers to surveys are not told" in " ".join(of_community(few))
    report = reported(told, spec, [*events, *answers, again, strange], 100)
    scores = [5, *(1 + number % 5 for number in range(1, 12))]
    assert report.communities[0].survey == {"play": (sum(scores) / 12, 12)}
    for page in (html(report), markdown(report)):
        assert f"whether play helped: {sum(scores) / 12:.1f} of 5 (12 answers)" in page


def test_a_long_period_can_be_held_against_a_short_one() -> None:
    """Everybody asks once a week, in the two weeks before as in the eight after: nothing has changed."""
    reporter = Reporter(Bundle((), (), {}), "topics")
    for week in range(10):
        for number in range(20):
            at = (week * 7 + 1) * D + number
            reporter.event(event("question.asked", at, f"m{number}", text="how does it work?"))
            reporter.event(event("help.requested", at + 0.1, f"m{number}", text="how"))
            if number < 5:
                reporter.event(event("feature.used", at + 0.2, f"m{number}", name="polls"))
    (one,) = reporter.report(NOON + 14.5 * DAY).communities
    assert one.before is not None
    assert one.after is not None
    assert one.after.days > 3 * one.before.days
    for period in (one.before, one.after):
        assert (period.questions_per_100, period.requests_per_100, period.adoption) == (100.0, 100.0, 0.25)
