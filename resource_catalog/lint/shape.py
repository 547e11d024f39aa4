"""What a playbook should say and does not: what success is, what ends it, how often at most, who looks after it, what proves it."""

from collections.abc import Iterator

from resource_catalog.approval import EYES, SENDING, approvers, concerns_safety
from resource_catalog.lint.hint import Hint, at
from resource_catalog.loader import Loaded
from resource_catalog.playbook_file import PlaybookFile

# Lanes whose messages come unasked; the others answer somebody, or go to staff.
UNASKED = ("proactive",)
MEASURED = ("proactive", "answer")


def check(loaded: Loaded) -> Iterator[Hint]:
    """Yield what is missing."""
    switched_on = any(policy.distress_support for policy in loaded.bundle.policies.values())
    for file in loaded.playbooks:
        if file.playbook.maturity == "off":
            continue
        yield from _says(file)
        yield from _scenarios(file)
        if switched_on:
            yield from _approved(file)


def _says(file: PlaybookFile) -> Iterator[Hint]:
    first = file.playbook
    if first.lane in MEASURED and not any(one.goal for one in file.playbooks):
        yield at(
            file,
            None,
            "no-goal",
            "no goal, so nobody can tell whether it helps; add goal: {event: post.created, within: 3 days}",
        )
    elif first.lane in MEASURED and any(one.goal and not one.goal_within for one in file.playbooks):
        yield at(
            file,
            "goal",
            "no-goal",
            "the goal has no time, so nothing is measured; say until when it counts: goal: {event: ..., within: 3 days}",
        )
    waits = first.wait or first.before or len(file.playbooks) > 1
    ends = any((*one.unless, *one.goal, *one.stop, *one.unless_if) for one in file.playbooks)
    if waits and not ends:
        yield at(
            file,
            None,
            "no-exit",
            "it waits and nothing ends the waiting; add unless: {event: ...} with what makes it needless",
        )
    if first.lane in UNASKED and first.once_per == "episode" and not first.cooldown:
        yield at(
            file,
            "limits",
            "no-limit",
            "no limit: each episode may send again; add limits: {once_per: member} or {cooldown: 14 days}",
        )
    if not first.owner:
        yield at(file, None, "no-owner", "nobody looks after it; add owner: with a team or a name")
    if first.maturity == "canary" and not 0 < first.canary < 1:
        yield at(
            file,
            "canary",
            "canary",
            f"canary lets {first.canary:.0%} of the members through; write a share such as canary: 0.1",
        )


def _scenarios(file: PlaybookFile) -> Iterator[Hint]:
    silent = sum(1 for one in file.scenarios if one.get("expect") == "nothing")
    if not file.scenarios:
        yield at(file, None, "no-scenarios", "no scenarios; add one that fires and one that expects nothing")
    elif silent < len(file.scenarios) - silent:
        fires = len(file.scenarios) - silent
        yield at(
            file,
            "scenarios",
            "no-scenarios",
            f"{fires} scenarios fire and {silent} expect nothing; add cases in which it must stay silent",
        )


def _approved(file: PlaybookFile) -> Iterator[Hint]:
    """Help in distress wants the eyes of two, as soon as a community has switched it on; publishing refuses it otherwise."""
    found = approvers(file.playbooks)
    if concerns_safety(*file.playbooks) and file.playbook.maturity in SENDING and len(found) < EYES:
        yield at(
            file, "approved_by", "second-approver",
            f"a safety playbook that sends wants two who approved it as it is, found {', '.join(found) or 'nobody'}; lotse playbooks approve {file.id} --by NAME",
        )  # fmt: skip
