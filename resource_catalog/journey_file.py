"""One YAML file to one journey: what sets out on it, its steps, and the time each usually takes."""

from difflib import get_close_matches

from processors.playbooks.journeys import Journey, Step
from processors.vocabulary import COMMUNITY
from resource_catalog.problems import Block

STEPS_MAX, JOURNEYS_MAX = 16, 8  # each is looked at for every event


def read_journey(block: Block) -> Journey:
    """Read one journey; problems are noted in the block."""
    block.allow("id", "title", "theme", "begins", "names", "steps")
    identifier = block.text("id")
    steps = block.data.get("steps")
    if not isinstance(steps, list) or not 1 <= len(steps) <= STEPS_MAX:
        block.problem("steps", f"steps: expected a list of 1 to {STEPS_MAX} steps")
        steps = []
    return Journey(
        id=identifier,
        begins=_events(block, "begins"),
        steps=tuple(_step(Block(block.path, one, block.problems, block.offset, "steps")) for one in steps),
        names=block.texts("names"),
        title=block.text("title", identifier),
        theme=block.text("theme", "onboarding"),
    )


def _step(block: Block) -> Step:
    block.allow("id", "title", "done", "names", "usual")
    identifier = block.text("id")
    return Step(
        id=identifier,
        done=_events(block, "done"),
        names=block.texts("names"),
        title=block.text("title", identifier),
        usual=block.duration("usual", 3 * 86400.0),
    )


def _events(block: Block, field: str) -> tuple[str, ...]:
    events = block.texts(field)
    if not events:
        block.problem(field if field in block.data else None, f"{field}: expected at least one event")
    for event in events:
        if event not in COMMUNITY:
            near = get_close_matches(event, COMMUNITY, 1)
            block.problem(field, f"{field}: unknown event {event}" + (f"; did you mean {near[0]}?" if near else ""))
    return events
