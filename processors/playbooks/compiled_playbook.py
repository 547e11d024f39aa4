"""A playbook ready for use: its conditions and variants as closures, and the facts that they and its texts read."""

from processors.member.facts import ZONE, Facts
from processors.member.state import MemberState
from processors.playbooks.conditions import (
    NONE_DEFINED,
    Condition,
    Definitions,
    compile_conditions,
    every,
    facts_asked,
    negated,
)
from processors.playbooks.resources import Playbook, Variant

RANK = {"low": 0, "normal": 1, "high": 2, "urgent": 3}
STARTS = "event.starts"


class CompiledPlaybook:
    """A playbook with its conditions as closures, `holds` being all of them; `needs` are the facts that its texts and conditions read,
    `reads` the same as (fact, scope, name).

    `exits` are the events that end what waits (its own `unless` and goal), `stops` those that end a whole sequence,
    `ends` both.
    """

    __slots__ = ("conditions", "ends", "exits", "holds", "needs", "rank", "reads", "spec", "stops", "variants")

    def __init__(self, spec: Playbook, definitions: Definitions = NONE_DEFINED) -> None:
        self.spec = spec
        self.rank = RANK[spec.priority]
        conditions = compile_conditions(spec.conditions, definitions)
        if spec.unless_if:
            conditions = (*conditions, negated(every(compile_conditions(spec.unless_if, definitions))))
        self.conditions: tuple[Condition, ...] = conditions
        self.holds: Condition = every(conditions)
        self.variants: tuple[tuple[Condition, Variant], ...] = tuple(
            (every(compile_conditions(one.conditions, definitions)), one) for one in spec.variants
        )
        self.exits = (*spec.unless, *spec.goal)
        self.stops = spec.stop
        self.ends = frozenset((*self.exits, *self.stops))
        asked = [
            facts_asked(one) for one in (spec.conditions, spec.unless_if, *(two.conditions for two in spec.variants))
        ]
        said = [_placeholders(text) for text in _texts(spec)]
        self.needs = tuple(dict.fromkeys(path for paths in (*asked, *said) for path in paths))
        if STARTS in self.needs:  # it is told as local time
            self.needs = (*self.needs, ZONE)
        self.reads = tuple((path, *_parted(path)) for path in self.needs)

    def variant(self, state: MemberState, facts: Facts, now: float) -> Variant | None:
        """Return the first variant whose condition holds."""
        return next((variant for holds, variant in self.variants if holds(state, facts, now)), None)


def _texts(spec: Playbook) -> list[str]:
    said = [spec.say_in, spec.because_in, *(one.say for one in spec.variants)]
    lines = [line for languages in said for tones in languages.values() for line in tones.values()]
    return [spec.because, spec.say, *lines]


def _parted(path: str) -> tuple[str, str]:
    scope, _, name = path.partition(".")
    return scope, name


def _placeholders(text: str) -> list[str]:
    return [part.partition("}")[0].partition("|")[0] for part in text.split("{")[1:] if "}" in part]
