"""The field `when`: what a playbook waits for, in one of several forms."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from processors.local_time import WEEKDAYS, Schedule
from processors.playbooks.hours import SCHEDULE
from processors.playbooks.watches import ABSENCE, ENTERED, LEFT, LIFECYCLE
from processors.signals import KINDS as SIGNALS
from processors.text.normalise import tokens
from processors.vocabulary import COMMUNITY, Item
from resource_catalog.problems import Block

# What the community stage concludes; any of these may stand behind `community` instead of `signal`.
OF_THE_COMMUNITY = (
    "heated", "quarrelled", "moderated", "targeted", "unanswered", "asked_by_many", "explained_again", "answered", "peer_wanted",
    "missed", "calmed",
)  # fmt: skip
FORMS = {
    "event": ("words", "before"),
    "signal": (),
    "community": (),
    "search": (),
    "absence": (),
    "every": ("at",),
    "lifecycle": ("from",),
    "segment": ("is",),
    "stuck": ("step",),
}
WORDS_MAX, WORD_CHARS_MAX = 64, 80
WITH_WORDS = tuple(
    kind for kind, data in COMMUNITY.items() if {"text", "query", "title", "name"} & {*data.__struct_fields__}
)
WITH_START = tuple(kind for kind, data in COMMUNITY.items() if issubclass(data, Item))
ABSENCE_MIN, ABSENCE_MAX = 3600.0, 365 * 86400.0


@dataclass(frozen=True)
class Trigger:
    """What `when` says: the triggers of the core, and what else must hold.

    `sources` are what facts come from: types of events, and kinds of signals as `signal.<kind>`.
    """

    triggers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    before: float = 0.0
    schedule: Schedule | None = None
    conditions: dict[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What there is for a trigger to name."""

    stages: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    journeys: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_trigger(when: Block, known: Known) -> Trigger:
    """Read `when`; problems are noted in the block."""
    forms = [name for name in FORMS if name in when.data]
    if len(forms) != 1:
        when.allow(*FORMS, *(one for ones in FORMS.values() for one in ones))
        found = " and ".join(forms) or "none"
        when.problem(None, f"when: expected exactly one of {', '.join(FORMS)}; found {found}")
        return Trigger()
    (form,) = forms
    when.allow(form, *FORMS[form])
    readers = {
        "event": _event, "signal": _signal, "community": _community, "search": _search, "absence": _absence, "every": _every,
        "lifecycle": _lifecycle, "segment": _segment, "stuck": _stuck,
    }  # fmt: skip
    return readers[form](when, known)


def _event(when: Block, _known: Known) -> Trigger:
    events = when.texts("event")
    if not events and isinstance(when.data["event"], list):
        when.problem("event", "event: expected at least one event, such as post.created")
    for event in events:
        if event not in COMMUNITY:
            when.problem("event", f"event: unknown event {event}{_near(event, COMMUNITY)}")
    before = when.duration("before")
    if "before" in when.data and not all(event in WITH_START for event in events):
        when.problem("before", f"before: goes with events that have a start: {', '.join(WITH_START)}")
    words = _words(when, "words") if "words" in when.data else ()
    if words and not all(event in WITH_WORDS for event in events):
        when.problem("words", f"words: goes with events that say something in words: {', '.join(WITH_WORDS)}")
    return Trigger(events, words, before, sources=events)


def _signal(when: Block, _known: Known) -> Trigger:
    return _of_signal(f"signal.{when.choice('signal', SIGNALS)}")


def _community(when: Block, _known: Known) -> Trigger:
    return _of_signal(f"signal.{when.choice('community', OF_THE_COMMUNITY)}")


def _of_signal(kind: str) -> Trigger:
    return Trigger((kind,), sources=(kind,))


def _search(when: Block, _known: Known) -> Trigger:
    return Trigger(("search.performed",), _words(when, "search"), sources=("search.performed",))


def _absence(when: Block, _known: Known) -> Trigger:
    seconds = when.duration("absence")
    if seconds and not ABSENCE_MIN <= seconds <= ABSENCE_MAX:
        when.problem("absence", f"absence: expected between 1 hour and 365 days, found {when.data['absence']}")
    return Trigger((f"{ABSENCE}{int(seconds)}",), sources=("signal.absence",))


def _every(when: Block, _known: Known) -> Trigger:
    value = when.data["every"]
    values = value if isinstance(value, list) else [value]
    at = str(when.data.get("at", ""))
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if match is None:
        when.problem(
            "at" if "at" in when.data else None,
            f'at: expected a local time in quotes, such as "09:00", found {at or "nothing"}',
        )
        return Trigger()
    weekdays, days = [], []
    for one in values:
        if isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= 31:
            days.append(int(one))
        elif str(one).lower() in WEEKDAYS:
            weekdays.append(WEEKDAYS.index(str(one).lower()))
        elif one != "day":
            near = _near(str(one), (*WEEKDAYS, "day"))
            when.problem(
                "every",
                f"every: expected day, weekdays such as monday, or days of the month from 1 to 31; found {one}{near}",
            )
    if weekdays and days:
        when.problem("every", "every: expected weekdays or days of the month, not both; write two playbooks")
    schedule = Schedule(int(match[1]), int(match[2]), tuple(sorted(set(weekdays))), tuple(sorted(set(days))))
    return Trigger((SCHEDULE + schedule.key,), schedule=schedule, sources=("signal.schedule",))


def _lifecycle(when: Block, known: Known) -> Trigger:
    stages = when.texts("lifecycle")
    before = when.texts("from")
    for place, names in (("lifecycle", stages), ("from", before)):
        for name in names:
            if name not in known.stages:
                when.problem(
                    place,
                    f"{place}: expected some of {', '.join(known.stages)}, found {name}{_near(name, known.stages)}",
                )
    return Trigger(
        tuple(LIFECYCLE + one for one in stages),
        conditions={"signal.from": {"any": list(before)}} if before else {},
        sources=("signal.lifecycle",),
    )


def _segment(when: Block, known: Known) -> Trigger:
    names = when.texts("segment")
    for name in names:
        if name not in known.segments:
            there = f"; there are {', '.join(known.segments)}" if known.segments else "; none is defined in segments/"
            when.problem("segment", f"segment: unknown segment {name}{_near(name, known.segments) or there}")
    prefix = ENTERED if when.choice("is", ("entered", "left"), "entered") == "entered" else LEFT
    return Trigger(tuple(prefix + name for name in names), sources=("signal.segment",))


def _stuck(when: Block, known: Known) -> Trigger:
    journey = when.text("stuck")
    conditions: dict[str, Any] = {"signal.journey": journey}
    if journey not in known.journeys:
        when.problem("stuck", f"stuck: unknown journey {journey}{_near(journey, known.journeys)}")
    elif "step" in when.data:
        conditions["signal.step"] = when.choice("step", known.journeys[journey])
    return Trigger(("signal.stuck",), conditions=conditions, sources=("signal.stuck",))


def _words(when: Block, field: str) -> tuple[str, ...]:
    words = when.texts(field)
    if not 1 <= len(words) <= WORDS_MAX:
        when.problem(field, f"{field}: expected 1 to {WORDS_MAX} words or phrases, found {len(words)}")
    for word in words:
        if not tokens(word) or len(word) > WORD_CHARS_MAX:
            when.problem(
                field,
                f"{field}: expected words of letters or digits, at most {WORD_CHARS_MAX} characters; found {word!r}",
            )
    return words


def _near(word: str, words: Any) -> str:
    near = get_close_matches(word, list(words), 1)
    return f"; did you mean {near[0]}?" if near else ""
