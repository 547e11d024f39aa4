"""Scenarios of playbooks, played through both stages: what is given, what must come of it."""

from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

import msgspec

from processors.commands import Command
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY
from resource_catalog.journey_file import read_journey
from resource_catalog.playbook_file import PlaybookFile
from resource_catalog.problems import Block, parse_duration

# A Monday morning, so that quiet hours are far away.
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp()
SETTLE = 2 * 86400.0


class Played(NamedTuple):
    """A scenario and what went wrong with it; no faults means that it holds."""

    playbook: str
    name: str
    faults: tuple[str, ...]
    expects_nothing: bool = False


def play(file: PlaybookFile, bundle: Bundle) -> list[Played]:
    """Play each scenario of a playbook, alone and live, under a policy with distress support on.

    `beside` names playbooks that are live too, whose commands an event `outcome.*` may be about (`of`: the resource).
    """
    return [
        Played(file.id, str(one.get("name")), tuple(_faults(one, file, bundle)), one["expect"] == "nothing")
        for one in file.scenarios
    ]


def _catalog(file: PlaybookFile, bundle: Bundle, beside: list[str], scenario: dict[str, Any]) -> Catalog:
    """Return the catalog of a scenario: this playbook and those beside it, all live, every helpline verified."""
    plays = (*file.playbooks, *(one for one in bundle.playbooks if one.id in beside))
    journeys, ruling = bundle.policies.get("*", Policy()).journeys, scenario.get("policy", {})
    if "journey" in scenario:  # one of its own, as journeys/ holds them
        journeys = (*journeys, read_journey(Block(file.path, scenario["journey"], [])))
    alone = msgspec.structs.replace(
        bundle,
        playbooks=tuple(msgspec.structs.replace(one, maturity="live", holdout=0.0, randomised=0.0) for one in plays),
        resources=tuple(msgspec.structs.replace(one, verified=True) for one in bundle.resources),
        policies={
            "*": Policy(distress_support=True, safety_owner="scenario", journeys=journeys, **cast("Any", ruling))
        },
    )
    return Catalog(alone)


def _faults(scenario: dict[str, Any], file: PlaybookFile, bundle: Bundle) -> list[str]:
    beside = list(scenario.get("beside", []))
    if missing := set(beside) - {one.id for one in bundle.playbooks}:
        return [f"beside: no playbook {', '.join(sorted(missing))} in the catalog"]
    commands: list[Command] = []
    gone: dict[str, float] = {}
    loop = Loop(
        _catalog(file, bundle, beside, scenario), lambda _decision: None, commands.append,
        recalled=lambda recall: gone.update({recall.recalls: recall.time} if recall.withdraw else {}),
    )  # fmt: skip
    loop.advance(BEGIN)
    last = BEGIN
    for number, given in enumerate(scenario["given"]):
        if "of" in given:
            loop.advance(BEGIN + (parse_duration(given.get("at", 0)) or 0.0))
        event = _event(number, given, commands)
        if isinstance(event, str):
            return [event]
        loop.feed(event)
        last = event.time
    loop.advance(last + (parse_duration(scenario.get("settle", 0)) or _latest(scenario["expect"]) or SETTLE))
    return _compare(scenario["expect"], [one for one in commands if one.playbook.partition(":")[0] == file.id], gone)


def _event(number: int, given: dict[str, Any], commands: list[Command]) -> Event | str:
    kind, at = str(given.get("event")), parse_duration(given.get("at", 0))
    if kind not in VOCABULARY or at is None:
        return f"given {number + 1}: expected `at` (a duration) and a known `event`, found {given}"
    fields = {key: value for key, value in given.items() if key not in ("at", "event", "member", "of")}
    if "of" in given:
        about = next((one for one in reversed(commands) if one.resource == given["of"]), None)
        if about is None:
            return f"given {number + 1}: {given['of']} was not sent before then"
        fields |= {"command": about.id, "playbook": about.playbook}
        fields |= {"resource": about.resource} if kind == "outcome.helpful" else {}  # as the button says
    try:
        data = msgspec.convert(fields, VOCABULARY[kind])
    except msgspec.ValidationError as error:
        return f"given {number + 1}: {error}"
    return Event(f"scenario-{number}", kind, f"scenario/{given.get('member', 'member')}", BEGIN + at, data)


def _latest(expect: Any) -> float:
    return (
        0.0
        if expect == "nothing"
        else SETTLE + max((parse_duration(one.get("by", 0)) or 0.0 for one in expect), default=0.0)
    )


def _compare(expect: Any, commands: list[Command], gone: dict[str, float]) -> list[str]:
    if expect == "nothing":
        return [f"expected nothing, sent {one.resource} over {one.channel} after {_after(one)}" for one in commands]
    faults = []
    if len(commands) != len(expect):
        faults.append(f"expected {len(expect)} sent, found {len(commands)}")
    for wanted, command in zip(expect, commands, strict=False):
        faults += _compare_one(wanted, command)
        until = parse_duration(wanted.get("gone_by", 0))
        if until and not BEGIN <= gone.get(command.id, BEGIN + until + 1) <= BEGIN + until:
            faults.append(f"expected that {command.resource} is gone by {wanted['gone_by']}, and it stands")
    return faults


def _compare_one(wanted: dict[str, Any], command: Command) -> list[str]:
    by, after = parse_duration(wanted.get("by", 0)), parse_duration(wanted.get("after", 0))
    found = {
        "resource": command.resource, "channel": command.channel, "locale": command.locale, "member": command.member.partition("/")[2],
    }  # fmt: skip
    differing = [name for name, value in found.items() if wanted.get(name, value) != value]
    if differing:
        return [f"expected {wanted}, sent " + ", ".join(f"{name} {found[name]}" for name in found)]
    faults = []
    if by and command.not_before - BEGIN > by:
        faults.append(f"expected by {wanted['by']}, sent after {_after(command)}")
    if after and command.not_before - BEGIN < after:
        faults.append(f"expected after {wanted['after']}, sent after {_after(command)}")
    for name, said in (("says", command.text), ("because", command.because)):
        if wanted.get(name, "") not in said:
            faults.append(
                f"expected that it {'says' if name == 'says' else 'gives as the reason'} {wanted[name]!r}, found {said!r}"
            )
    return faults


def _after(command: Command) -> str:
    return f"{(command.not_before - BEGIN) / 60:.0f} minutes"
