"""Reports of stories, for tests."""

from processors.events import Event
from processors.playbooks.resources import Bundle, Playbook, Policy
from streams.report.build import Report, from_records
from tests.support.stories import DAY, MINUTE, Story, event

D = DAY / MINUTE  # minutes of a day
FREE = Policy(budget_day=50, budget_week=350, budget_week_new=350, quiet_from=0, quiet_to=0, cooldown_theme=0.0, cooldown_resource=0.0)  # fmt: skip


def reported(told: Story, spec: Playbook, events: list[Event], until: float) -> Report:
    """The report of a story, as of a minute."""
    events = [*events, event("presence.seen", until, "last")]
    return from_records(events, told.decisions, Bundle((), (spec,), {}), None)
