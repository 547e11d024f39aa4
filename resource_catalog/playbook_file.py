"""One YAML file to one playbook: every field checked, with the nearest right word."""

from difflib import get_close_matches
from typing import Any, NamedTuple, cast

from processors.commands import CHANNELS
from processors.conditions import MEMBER_FIELDS, ConditionError, compile_condition
from processors.resources import Lane, Maturity, Playbook, Priority
from processors.signals import KINDS as SIGNALS
from processors.vocabulary import COMMUNITY
from resource_catalog.problems import Block

MATURITIES = ("off", "shadow", "suggest", "canary", "live")
LANES = ("proactive", "answer", "request", "safety", "staff")
PRIORITIES = ("low", "normal", "high", "urgent")
FIELDS = (
    "id", "describe", "lifecycle", "theme", "when", "if", "wait", "unless", "offer", "because", "goal", "limits", "lane", "cheerful",
    "maturity", "canary", "holdout", "owner", "scenarios",
)  # fmt: skip
SAY_MAX = 400
MATCHING = "matching"  # the resource that answers the question of the trigger
KNOW_A_QUESTION = ("asked", "asked_again", "asked_by_many", "help_requested", "helped")


class PlaybookFile(NamedTuple):
    """A playbook with what only its file knows: its path, the line of its resource, its scenarios."""

    path: str
    playbook: Playbook
    resource_line: int
    scenarios: list[dict[str, Any]]


def read_playbook(block: Block, version: str) -> PlaybookFile:
    """Read one playbook; problems are noted in the block."""
    block.allow(*FIELDS)
    when, offer, limits, goal = (block.block(name) for name in ("when", "offer", "limits", "goal"))
    for name, part in (("when", when), ("offer", offer)):
        if part is None:
            block.problem(None, f"{name}: missing")
    identifier = block.text("id")
    say = offer.text("say", "") if offer else ""
    if offer:
        offer.allow("resource", "otherwise", "channels", "say")
        if len(say) > SAY_MAX:
            offer.problem("say", f"say: at most {SAY_MAX} characters, found {len(say)}")
    if limits:
        limits.allow("once_per", "expires", "cooldown", "priority")
    playbook = Playbook(
        id=identifier,
        trigger=_trigger(when) if when else "",
        resource=_resource(offer) if offer else "",
        theme=block.text("theme", identifier.partition(".")[0]),
        describe=block.text("describe", ""),
        kind=block.text("lifecycle", identifier.partition(".")[0]),
        conditions=_conditions(block),
        wait=block.duration("wait"),
        unless=_events(block, "unless"),
        channels=_channels(offer) if offer else (),
        say=say,
        because=block.text("because"),
        goal=_events(block, "goal"),
        goal_within=goal.duration("within") if goal else 0.0,
        once_per=cast("Any", limits.choice("once_per", ("member", "episode"), "episode")) if limits else "episode",
        expires=limits.duration("expires", 86400.0) if limits else 86400.0,
        cooldown=limits.duration("cooldown") if limits else 0.0,
        priority=cast("Priority", limits.choice("priority", PRIORITIES, "normal")) if limits else "normal",
        lane=cast("Lane", block.choice("lane", LANES, "proactive")),
        cheerful=block.truth("cheerful", default=True),
        maturity=cast("Maturity", block.choice("maturity", MATURITIES, "shadow")),
        canary=block.number("canary", 0.0, 0.0, 1.0),
        holdout=block.number("holdout", 0.0, 0.0, 0.5),
        version=version,
        owner=block.text("owner", ""),
        matching=_matches(offer, when) if offer else False,
    )
    named = "otherwise" if playbook.matching and offer and "otherwise" in offer.data else "resource"
    line = offer.data.lc.value(named)[0] + 1 if offer and named in offer.data else 1  # type: ignore[attr-defined]  # ruamel's map
    return PlaybookFile(block.path, playbook, line, _scenarios(block))


def _resource(offer: Block) -> str:
    """Return the resource that is named; of those that match the question, what stands in where there is none."""
    name = offer.text("resource")
    if name == MATCHING:
        return offer.text("otherwise", "")
    if "otherwise" in offer.data:
        near = get_close_matches(name, (MATCHING,), 1)
        offer.problem(
            "otherwise",
            f"otherwise: goes with resource: {MATCHING} only" + (f"; did you mean {near[0]}?" if near else ""),
        )
    return name


def _matches(offer: Block, when: Block | None) -> bool:
    """Tell whether the resource is to match the question of the trigger, which must be a signal that knows one."""
    if offer.data.get("resource") != MATCHING:
        return False
    if when is None or when.data.get("signal") not in KNOW_A_QUESTION:
        offer.problem("resource", f"resource: {MATCHING} goes with one of the signals {', '.join(KNOW_A_QUESTION)}")
    return True


def _trigger(when: Block) -> str:
    when.allow("event", "signal")
    if ("event" in when.data) == ("signal" in when.data):
        when.problem(None, "when: expected either event or signal")
        return ""
    if "event" in when.data:
        return when.choice("event", tuple(COMMUNITY))
    return f"signal.{when.choice('signal', SIGNALS)}"


def _conditions(block: Block) -> dict[str, Any]:
    part = block.block("if")
    if part is None:
        return {}
    conditions = {}
    for path, wanted in part.data.items():
        name = "event.channel" if path == "channel.name" else str(path)
        scope = name.partition(".")[0]
        if scope not in ("member", "event", "signal") or (scope == "member" and name not in MEMBER_FIELDS):
            near = get_close_matches(name, (*MEMBER_FIELDS, "channel.name", "event.channel", "signal.score"), 1)
            part.problem(path, f"{path}: unknown fact" + (f"; did you mean {near[0]}?" if near else ""))
            continue
        plain = _plain(wanted)
        try:
            compile_condition(name, plain)
        except ConditionError as error:
            part.problem(path, f"{path}: {error}")
            continue
        conditions[name] = plain
    return conditions


def _plain(value: Any) -> Any:
    """Return ruamel's maps and lists as plain ones, its numbers and texts too, for the bundle."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return next(
        (kind(value) for kind in (str, int, float) if isinstance(value, kind) and not isinstance(value, bool)), value
    )


def _events(block: Block, field: str) -> tuple[str, ...]:
    part = block.block(field)
    if part is None:
        return ()
    part.allow("event", "within")
    events = part.texts("event")
    for event in events:
        if event not in COMMUNITY:
            near = get_close_matches(event, COMMUNITY, 1)
            part.problem("event", f"{field}: unknown event {event}" + (f"; did you mean {near[0]}?" if near else ""))
    return events


def _channels(offer: Block) -> tuple[str, ...]:
    channels = offer.texts("channels")
    for channel in channels:
        if channel not in CHANNELS:
            near = get_close_matches(channel, CHANNELS, 1)
            offer.problem(
                "channels",
                f"channels: expected {', '.join(CHANNELS)}, found {channel}"
                + (f"; did you mean {near[0]}?" if near else ""),
            )
    if not channels:
        offer.problem("channels", "channels: expected at least one")
    return channels


def _scenarios(block: Block) -> list[dict[str, Any]]:
    scenarios = block.data.get("scenarios", [])
    if not isinstance(scenarios, list):
        block.problem("scenarios", "scenarios: expected a list")
        return []
    for scenario in scenarios:
        part = Block(block.path, scenario, block.problems, block.offset, "scenario")
        part.allow("name", "given", "expect", "settle", "beside")
        part.texts("beside")
        part.text("name")
        for field in ("given", "expect"):
            if field not in part.data:
                part.problem(None, f"{field}: missing in the scenario")
    return [_plain(scenario) for scenario in scenarios if isinstance(scenario, dict)]
