"""Playbooks that can never fire, or whose message can never arrive."""

from collections.abc import Iterator

from processors.playbooks.hours import SCHEDULE
from processors.playbooks.resources import Playbook
from processors.playbooks.watches import ABSENCE, ENTERED, LEFT, LIFECYCLE
from processors.policy.stages.channel import PRIVATE
from resource_catalog.lint.hint import Hint, at
from resource_catalog.lint.ranges import impossible
from resource_catalog.loader import Loaded
from resource_catalog.playbook_file import PlaybookFile

# Triggers that come about by time: no event is there to be asked.
WITHOUT_EVENT = (ABSENCE, SCHEDULE)
OF_TIME = (ABSENCE, SCHEDULE, LIFECYCLE, ENTERED, LEFT)


def check(loaded: Loaded) -> Iterator[Hint]:
    """Yield what stands in the way, once a file and reason."""
    for file in loaded.playbooks:
        if file.playbook.maturity != "off":
            yield from dict.fromkeys(hint for one in file.playbooks for hint in _of(file, one, loaded))


def _of(file: PlaybookFile, playbook: Playbook, loaded: Loaded) -> Iterator[Hint]:
    path = impossible(playbook.conditions)
    if path:
        said = (
            f"no value of {path} fits; widen it"
            if path != "any"
            else "none of any can hold beside the other lines; widen them"
        )
        yield at(file, "if", "unreachable", f"if: {said}, or it never fires")
    if playbook.trigger.startswith(WITHOUT_EVENT):
        asked = next((path for path in playbook.conditions if path.startswith(("event.", "channel."))), "")
        if asked:
            yield at(
                file,
                "if",
                "unreachable",
                f"if: {asked} is asked, and no event is there when time alone is the trigger; ask member. or time.",
            )
    if not playbook.trigger.startswith(("signal.", *OF_TIME)) and playbook.trigger:
        asked = next((path for path in playbook.conditions if path.startswith("signal.")), "")
        if asked:
            yield at(
                file,
                "if",
                "unreachable",
                f"if: {asked} is asked, and {playbook.trigger} brings no signal; use event. or when: {{signal: ...}}",
            )
    if playbook.wait and playbook.trigger in playbook.unless:
        yield at(
            file,
            "unless",
            "unreachable",
            f"unless: a second {playbook.trigger} ends it, as its trigger is what ends it; name what makes it needless",
        )
    if playbook.lane == "safety" and not PRIVATE & {*playbook.channels}:
        yield at(
            file,
            "offer",
            "unreachable",
            f"channels: help in distress goes over private ones alone; name one of {', '.join(sorted(PRIVATE))}",
        )
    closed = [name for name, policy in loaded.bundle.policies.items() if not {*policy.channels} & {*playbook.channels}]
    if closed:
        yield at(
            file,
            "offer",
            "unreachable",
            f"channels: the policy of {', '.join(closed)} allows none of {', '.join(playbook.channels)}",
        )
