"""Nudges on an onboarding journey: none after the step was done, none twice, and in time for whoever is stuck."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from processors.decisions import Decision, Verdict
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.resources import Policy
from processors.vocabulary import Data, Item, Reply, Text
from resource_catalog.journey_file import read_journey
from resource_catalog.problems import Block, CatalogError, Problem
from resource_catalog.yaml_text import parse_yaml, read_text
from streams.errors import UserError
from streams.evaluation.figures import ratio
from streams.evaluation.reading import catalog_of, items
from streams.evaluation.task import Figures, Options
from streams.history.reader import time_of

NAME = "onboarding"
READS = "events {ts, member, event, badge?, ...}; event is registered, badge, question, answer or comment"
KEYS: tuple[str, ...] = ("nudges", "nudged_after_done", "duplicates", "nudges_per_member_max", "reach")
OVERDUE = 7 * 86400.0  # without any progress
TRIGGERS = frozenset({"signal.stuck", "signal.not_started"})
DONE = "task.completed"


def _badges(name: str, *badges: str) -> Step:
    return Step(name, (DONE,), badges, name)


DEFAULT = Journey(
    "first-badges",
    ("community.joined",),
    (
        _badges("informed", "Informed"),
        _badges("autobiographer", "Autobiographer"),
        _badges("supporter", "Supporter"),
        _badges("student or teacher", "Student", "Teacher"),
    ),
    title="Your first steps here",
)
TYPES: dict[str, tuple[str, type[Data]]] = {
    "registered": ("community.joined", Data),
    "badge": (DONE, Item),
    "question": ("question.asked", Text),
    "answer": ("question.answered", Reply),
    "comment": ("post.replied", Reply),
}


def evaluate(files: Sequence[Path], options: Options) -> Figures:
    """Return what the shipped catalog sends on this journey; each file is a community of its own."""
    journey = _journey(options.journey) if options.journey else DEFAULT
    bundle = catalog_of(options.catalog)
    policies = {
        name: msgspec.structs.replace(one, journeys=(journey,))
        for name, one in (bundle.policies or {"*": Policy()}).items()
    }
    catalog = Catalog(msgspec.structs.replace(bundle, policies=policies))
    nudging = {one.id for one in bundle.playbooks if one.trigger in TRIGGERS}
    nudges: list[Decision] = []
    stuck: dict[str, float] = {}
    done: dict[str, dict[str, float]] = {}
    for number, path in enumerate(files):
        events = _events(path, f"community{number}")
        nudges += [one for one in _sent(events, catalog) if one.playbook in nudging]
        stuck |= _stuck(events, journey, done)
    by_member = Counter(one.member for one in nudges)
    first = {one.member: one.time for one in reversed(nudges)}
    about = [(one.member, _step_of(one, journey), one.time) for one in nudges]
    return {
        "nudges": len(nudges),
        "nudged_after_done": sum(done.get(member, {}).get(step, time + 1) <= time for member, step, time in about),
        "duplicates": len(nudges) - len({(member, step) for member, step, _ in about}),
        "nudges_per_member_max": max(by_member.values(), default=0),
        "reach": ratio(sum(first.get(member, time + 1) <= time for member, time in stuck.items()), len(stuck)),
    }


def _sent(events: Sequence[Event], catalog: Catalog) -> list[Decision]:
    decisions: list[Decision] = []
    loop = Loop(catalog, decisions.append, lambda _command: None)
    for event in events:
        loop.feed(event)
    return [one for one in decisions if one.verdict is Verdict.SEND]


def _step_of(nudge: Decision, journey: Journey) -> str:
    """Return the step that a nudge is about: what stands in `journey/step/begun`; nothing where it is about joining."""
    own = nudge.episode.removeprefix(f"{journey.id}/")
    return own.rpartition("/")[0] if own != nudge.episode else ""


def _stuck(events: Sequence[Event], journey: Journey, done: dict[str, dict[str, float]]) -> Iterator[tuple[str, float]]:
    """Yield (member, time) where a begun journey first was without progress for seven days; fill in who did which step when."""
    progress: dict[str, tuple[int, float]] = {}  # steps done, time of the last
    found: dict[str, float] = {}
    everything = (1 << len(journey.steps)) - 1

    def look(member: str, now: float) -> None:
        bits, since = progress[member]
        if bits != everything and now - since > OVERDUE:
            found.setdefault(member, since + OVERDUE)

    for event in events:
        if event.key not in progress:
            if journey.is_begun_by(event):
                progress[event.key] = (0, event.time)
            continue
        bits = journey.done_by(event)
        if bits & ~progress[event.key][0]:
            look(event.key, event.time)
            for number, step in enumerate(journey.steps):
                if bits >> number & 1:
                    done.setdefault(event.key, {}).setdefault(step.id, event.time)
            progress[event.key] = (progress[event.key][0] | bits, event.time)
    for member in progress:
        look(member, events[-1].time)
    return iter(found.items())


def _events(path: Path, community: str) -> list[Event]:
    rows = items([path], _row, "ts, member and event (registered, badge, question, answer, comment)")
    rows.sort(key=lambda row: row[0])
    return [
        _event(number, time, f"{community}/{str(row['member']).replace('/', '_')}", row)
        for number, (time, row) in enumerate(rows)
    ]


def _row(row: dict[str, Any]) -> tuple[float, dict[str, Any]] | None:
    time = time_of(row)
    if time is None or not row.get("member") or not isinstance(row.get("event"), str) or row["event"] not in TYPES:
        return None
    return time, row


def _event(number: int, time: float, key: str, row: dict[str, Any]) -> Event:
    kind, data = TYPES[row["event"]]
    thread = str(row.get("parent") or row.get("post") or "") or None
    if data is Item:
        return Event(f"e{number}", kind, key, time, Item(name=str(row.get("badge") or "")), True)
    if data is Data:
        return Event(f"e{number}", kind, key, time, Data(), True)
    text = " ".join(str(row[name]) for name in ("title", "text") if row.get(name))
    return Event(f"e{number}", kind, key, time, data(text=text, thread=thread), True)  # type: ignore[call-arg]  # Text or Reply


def _journey(path: Path) -> Journey:
    """Read a journey as in resource_catalog/journeys; a step may be the name of a badge, or a list of names of which one will do."""
    problems: list[Problem] = []
    text = read_text(path, problems)
    data = None if text is None else parse_yaml(path, text, problems)
    if problems:
        raise UserError(str(CatalogError(problems)))
    if isinstance(data, list):
        data = {"steps": data}
    if isinstance(data, dict):
        data.setdefault("id", path.stem)
        data.setdefault("begins", list(DEFAULT.begins))
        data["steps"] = [_named(step) for step in data.get("steps") or []]
    journey = read_journey(Block(str(path), data, problems))
    if problems:
        raise UserError(str(CatalogError(problems)))
    return journey


def _named(step: Any) -> Any:
    if isinstance(step, str):
        return {"id": step, "done": DONE, "names": [step]}
    if isinstance(step, list):
        return {"id": " or ".join(map(str, step)), "done": DONE, "names": list(map(str, step))}
    return step
