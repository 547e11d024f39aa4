"""One YAML file to one playbook, or to one for each step of a sequence: every field checked, with the nearest right word."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

from processors.member.lifecycle import STAGES
from processors.playbooks.conditions import Definitions
from processors.playbooks.resources import Lane, Maturity, OncePer, Playbook, Priority
from processors.vocabulary import COMMUNITY
from resource_catalog.condition_fields import read_conditions
from resource_catalog.offer_fields import MATCHING, Offer, Shelf, read_offer
from resource_catalog.problems import Block
from resource_catalog.scenario_fields import read_scenarios
from resource_catalog.trigger_fields import Known, Trigger, read_trigger
from resource_catalog.wording_fields import read_because

__all__ = ["MATCHING", "Context", "PlaybookFile", "read_playbook"]

MATURITIES = ("off", "shadow", "suggest", "canary", "live")
LANES = ("proactive", "answer", "request", "safety", "staff")
PRIORITIES = ("low", "normal", "high", "urgent")
ONCE_PER = ("member", "episode", "day", "week", "month", "channel", "thread")
FIELDS = (
    "id", "describe", "lifecycle", "theme", "when", "if", "wait", "unless", "exit", "offer", "steps", "because", "goal", "limits", "lane",
    "cheerful", "maturity", "canary", "holdout", "randomised", "owner", "approved_by", "approved", "scenarios",
)  # fmt: skip
STEP_FIELDS = ("id", "after", "if", "unless", "goal", "offer", "because")
LIMITS = ("once_per", "expires", "cooldown", "priority")
ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
STEPS_MAX = 8


@dataclass(frozen=True)
class Context:
    """What a playbook may name: resources, segments and stages, journeys with their steps."""

    shelf: Shelf
    definitions: Definitions
    journeys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """What a trigger may name."""
        return Known(self.definitions.stage_names or STAGES, self.definitions.segment_names, self.journeys)


class PlaybookFile(NamedTuple):
    """A playbook with what only its file knows: its block (for places), its steps, its scenarios, who approved it."""

    path: str
    playbooks: tuple[Playbook, ...]
    scenarios: list[dict[str, Any]]
    block: Block
    approved_by: tuple[str, ...] = ()

    @property
    def playbook(self) -> Playbook:
        """The playbook, the first step of a sequence."""
        return self.playbooks[0]

    @property
    def id(self) -> str:
        """The id of the file: of a sequence that of the whole."""
        return self.playbook.sequence or self.playbook.id


def read_playbook(block: Block, version: str, context: Context) -> PlaybookFile:
    """Read one playbook; problems are noted in the block."""
    block.allow(*FIELDS)
    when = block.block("when")
    if when is None:
        block.problem(None, "when: missing")
    trigger = read_trigger(when, context.known) if when else Trigger()
    whole = _whole(block, trigger, version, context)
    if "steps" in block.data:
        playbooks = _steps(block, whole, trigger, context)
    else:
        offer = block.block("offer")
        if offer is None:
            block.problem(None, "offer: missing")
        because, because_in = read_because(block, trigger.sources)
        offered = read_offer(offer, when, trigger.sources, context.shelf, context.definitions) if offer else Offer()
        playbooks = (_with(whole, offered, because=because, because_in=because_in),)
    return PlaybookFile(block.path, playbooks, read_scenarios(block), block, block.texts("approved_by"))


def _whole(block: Block, trigger: Trigger, version: str, context: Context) -> Playbook:
    """Return the playbook without its offer."""
    identifier = block.text("id")
    if identifier and not ID.fullmatch(identifier):
        block.problem(
            "id",
            f"id: expected lower-case words with dots or hyphens between, such as onboarding.how-to-start; found {identifier}",
        )
    limits, goal = block.block("limits"), block.block("goal")
    if limits:
        limits.allow(*LIMITS)
    first, *others = trigger.triggers or ("",)
    unless, unless_if = _unless(block, trigger, context)
    return Playbook(
        id=identifier,
        trigger=first,
        also=tuple(others),
        words=trigger.words,
        before=trigger.before,
        schedule=trigger.schedule,
        resource="",
        theme=block.text("theme", identifier.partition(".")[0]),
        describe=block.text("describe", ""),
        kind=block.text("lifecycle", identifier.partition(".")[0]),
        conditions={**trigger.conditions, **read_conditions(block, context.definitions, trigger.sources)},
        wait=block.duration("wait"),
        unless=unless,
        unless_if=unless_if,
        stop=_events(block, "exit"),
        goal=_events(block, "goal"),
        goal_within=goal.duration("within") if goal else 0.0,
        once_per=cast("OncePer", limits.choice("once_per", ONCE_PER, "episode")) if limits else "episode",
        expires=limits.duration("expires", 86400.0) if limits else 86400.0,
        cooldown=limits.duration("cooldown") if limits else 0.0,
        priority=cast("Priority", limits.choice("priority", PRIORITIES, "normal")) if limits else "normal",
        lane=cast("Lane", block.choice("lane", LANES, "proactive")),
        cheerful=block.truth("cheerful", default=True),
        maturity=cast("Maturity", block.choice("maturity", MATURITIES, "shadow")),
        canary=block.number("canary", 0.0, 0.0, 1.0),
        holdout=block.number("holdout", 0.0, 0.0, 0.5),
        randomised=block.number("randomised", 0.0, 0.0, 0.9),
        version=version,
        owner=block.text("owner", ""),
        approved_by=block.texts("approved_by"),
        approved=block.text("approved", ""),
    )  # fmt: skip


def _with(playbook: Playbook, offer: Offer, **fields: Any) -> Playbook:
    """Return a playbook with an offer."""
    given = {name: getattr(playbook, name) for name in Playbook.__struct_fields__}
    return Playbook(**{**given, **vars(offer), **fields})


def _steps(block: Block, whole: Playbook, trigger: Trigger, context: Context) -> tuple[Playbook, ...]:
    """Return a playbook for each step; the first has the trigger, each names the next."""
    written = block.data["steps"]
    if "offer" in block.data:
        block.problem("offer", "offer: each step has its own; expected either offer or steps")
    if not isinstance(written, list) or not 1 <= len(written) <= STEPS_MAX:
        block.problem("steps", f"steps: expected a list of 1 to {STEPS_MAX} steps")
        return (whole,)
    parts = [Block(block.path, one, block.problems, block.offset, "steps") for one in written]
    names = [f"{whole.id}:{part.text('id')}" for part in parts]
    if len(set(names)) < len(names):
        block.problem("steps", "steps: expected an id of its own for each step")
    following = (*names[1:], "")
    return tuple(
        _step(part, name, nxt, block, whole, trigger, context, first=number == 0)
        for number, (part, name, nxt) in enumerate(zip(parts, names, following, strict=True))
    )


def _step(
    part: Block,
    name: str,
    following: str,
    block: Block,
    whole: Playbook,
    trigger: Trigger,
    context: Context,
    *,
    first: bool,
) -> Playbook:
    part.allow(*STEP_FIELDS)
    offer, goal = part.block("offer"), part.block("goal")
    if offer is None:
        part.problem(None, "offer: missing in the step")
    unless, unless_if = _unless(part, trigger, context)
    because, because_in = read_because(part if "because" in part.data else block, trigger.sources)
    after = part.duration("after")
    own_goal = _events(part, "goal")
    return _with(
        whole,
        read_offer(offer, block.block("when"), trigger.sources, context.shelf, context.definitions)
        if offer
        else Offer(),
        id=name,
        sequence=whole.id,
        following=following,
        stop=tuple(dict.fromkeys((*whole.stop, *whole.goal))),
        trigger=whole.trigger if first else "",
        also=whole.also if first else (),
        wait=whole.wait + after if first else 0.0,
        after=after,
        conditions={**whole.conditions, **read_conditions(part, context.definitions, trigger.sources)},
        unless=(*whole.unless, *unless),
        unless_if=unless_if or whole.unless_if,
        goal=own_goal or whole.goal,
        goal_within=goal.duration("within") if goal else whole.goal_within,
        because=because,
        because_in=because_in,
    )


def _unless(block: Block, trigger: Trigger, context: Context) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return what ends the waiting: events, and a condition."""
    part = block.block("unless")
    if part is None:
        return (), {}
    part.allow("event", "if")
    if not part.data:
        block.problem("unless", "unless: expected event or if")
    return _named_events(part, "unless"), read_conditions(part, context.definitions, trigger.sources)


def _events(block: Block, field: str) -> tuple[str, ...]:
    part = block.block(field)
    if part is None:
        return ()
    part.allow("event", "within")
    return _named_events(part, field)


def _named_events(part: Block, field: str) -> tuple[str, ...]:
    events = part.texts("event")
    for event in events:
        if event not in COMMUNITY:
            near = get_close_matches(event, COMMUNITY, 1)
            part.problem("event", f"{field}: unknown event {event}" + (f"; did you mean {near[0]}?" if near else ""))
    return events
