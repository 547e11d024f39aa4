"""The figures of a report: per playbook, all playbooks together, and what each is worth in words."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from statistics import median
from typing import Literal

import msgspec

from processors.playbooks.resources import Playbook
from streams.report.inference import ALPHA, Lift, Share, Unit, draws_needed, lift, pooled, share
from streams.report.ledger import Case, Ledger, draws
from streams.report.steering import Rests, Steered

WEEK = 7 * 86400.0
WORTH = 0.2  # a lift worth knowing of: 20 in 100 more reach the goal
TRIED = frozenset({"proactive", "answer"})  # lanes that a coin may decide in (processors.policy.stages.coin)
EARLY = 2  # moments of a member that count as early: the effect of a third is compared with theirs
NEEDLESS = 0.75  # of those without help did it anyhow, at least: the help is called needless

Habit = Literal["not enough data", "fades", "no fading seen"]


class PlaybookFigures(msgspec.Struct, frozen=True):
    """One playbook, or one resource of it (a variant). Shares are 0 to 1, times in seconds, None where nothing is known.

    `click_through` is of what was sent, `goal_share` of what was sent and is over. `weeks_to_know`: how long yet, at the pace so far,
    until a lift of `WORTH` would be seen; 0 where it would be seen now. `may_be_tried` is false where nobody may be left without it.
    """

    playbook: str
    resource: str
    sent: int
    delivered: int
    seen: int
    clicked: int
    helpful: int
    not_helpful: int
    dismissed: int
    wrong_moment: int
    snoozed: int
    opted_out: int
    click_through: float | None
    goal_share: float | None
    time_to_goal_with: float | None
    time_to_goal_without: float | None
    lift: Lift
    unaided: Share
    needless: bool
    early: Lift
    late: Lift
    habit: Habit
    rests: Rests
    volume: Steered | None
    weeks_to_know: float | None
    may_be_tried: bool
    still_open: int


def playbook_figures(ledger: Ledger, playbooks: Iterable[Playbook]) -> list[PlaybookFigures]:
    """Return the figures of each playbook that had a case, and of each of its resources where there are several."""
    specs = {one.id: one for one in playbooks}
    by_playbook: dict[str, list[Case]] = {}
    for case in ledger.cases():
        by_playbook.setdefault(case.playbook, []).append(case)
    found = []
    for name in sorted(by_playbook):
        cases, spec = by_playbook[name], specs.get(name)
        once = spec is not None and spec.holdout > 0
        tried = spec is None or spec.lane in TRIED
        found.append(_figures(ledger, name, "", cases, once_for_all=once, may_be_tried=tried))
        variants = sorted({case.resource for case in cases if case.sent})
        if len(variants) > 1:
            found += [_variant(ledger, name, resource, cases) for resource in variants]
    return found


def together(ledger: Ledger, playbooks: Iterable[Playbook]) -> tuple[Lift, float | None]:
    """Return the lift of all playbooks together, and the weeks until one of `WORTH` would be seen.

    It is what a small community can know where each playbook alone has too few draws.
    """
    drawn = all_draws(ledger.cases(), playbooks)
    return pooled((case.closes, case.unit()) for case in drawn), weeks_to_know(drawn)


def all_draws(cases: Sequence[Case], playbooks: Iterable[Playbook]) -> list[Case]:
    """Return the draws of all playbooks, in the order in which they were over."""
    once = {one.id for one in playbooks if one.holdout > 0}
    drawn = [
        *draws((case for case in cases if case.playbook in once), once_for_all=True),
        *draws((case for case in cases if case.playbook not in once), once_for_all=False),
    ]
    return sorted(drawn, key=attrgetter("closes"))


def weeks_to_know(drawn: Sequence[Case]) -> float | None:
    """Return how many weeks of draws as so far are yet needed to see a lift of `WORTH`; None where there were too few to tell."""
    if len(drawn) < 2 or drawn[-1].closes - drawn[0].closes < WEEK:
        return None
    a_week = len(drawn) * WEEK / (drawn[-1].closes - drawn[0].closes)
    needed = draws_needed(WORTH, [case.probability for case in drawn])
    return max(0.0, (needed - len(drawn)) / a_week)


def _welcome(ledger: Ledger, sent: Iterable[Case]) -> set[str]:
    """Return the commands that led to something: opened, called helpful, or the goal reached."""
    return (
        ledger.outcomes["clicked"]
        | ledger.outcomes["helpful"]
        | {case.command for case in sent if case.reached_after is not None}
    )


def _variant(ledger: Ledger, name: str, resource: str, cases: Sequence[Case]) -> PlaybookFigures:
    """Return counts of one resource; its lift is not told: which resource it would have been is not known of those without."""
    return _figures(
        ledger, name, resource, [case for case in cases if case.resource == resource and case.sent], once_for_all=False
    )


def _figures(
    ledger: Ledger, name: str, resource: str, cases: Sequence[Case], *, once_for_all: bool, may_be_tried: bool = True
) -> PlaybookFigures:
    sent = [case for case in cases if case.sent]
    commands = {case.command for case in sent}
    count = {kind: len(commands & ids) for kind, ids in ledger.outcomes.items()}
    drawn = [] if resource else draws(cases, once_for_all=once_for_all)
    without = [case for case in drawn if not case.helped]
    over = [case for case in sent if not case.open]
    unaided = share(case.reached_after is not None for case in without)
    early, late, habit = _habit(cases, once_for_all=once_for_all) if drawn else (lift([]), lift([]), "not enough data")
    return PlaybookFigures(
        playbook=name,
        resource=resource,
        sent=len(sent),
        delivered=count.get("delivered", 0),
        seen=count.get("seen", 0),
        clicked=count.get("clicked", 0),
        helpful=count.get("helpful", 0),
        not_helpful=count.get("not_helpful", 0),
        dismissed=count.get("dismissed", 0),
        wrong_moment=count.get("wrong_moment", 0),
        snoozed=count.get("snoozed", 0),
        opted_out=count.get("opted_out", 0),
        click_through=count.get("clicked", 0) / len(sent) if sent else None,
        goal_share=sum(case.reached_after is not None for case in over) / len(over) if over else None,
        time_to_goal_with=_median(case for case in over),
        time_to_goal_without=_median(without),
        lift=lift(case.unit() for case in drawn),
        unaided=unaided,
        needless=unaided.low >= NEEDLESS,
        early=early,
        late=late,
        habit=habit,
        rests=ledger.steering.rests(name if not resource else "", _welcome(ledger, sent)),
        volume=None if resource else ledger.steering.volume(name),
        weeks_to_know=weeks_to_know(drawn),
        may_be_tried=may_be_tried,
        still_open=sum(case.open for case in cases),
    )


def _habit(cases: Sequence[Case], *, once_for_all: bool) -> tuple[Lift, Lift, Habit]:
    """Return the lift of a member's first moments and of later ones, and whether it fades.

    It fades where the interval of later moments lies wholly below that of the first (each at half the error). Of a coin thrown
    once for a member, one early and one late moment of each member count.
    """
    early = draws((case for case in cases if case.moment <= EARLY), once_for_all=once_for_all)
    late = draws((case for case in cases if case.moment > EARLY), once_for_all=once_for_all)
    first, later = (_lift(part) for part in (early, late))
    if first.estimate is None or later.estimate is None:
        return first, later, "not enough data"
    return first, later, "fades" if later.high < first.low else "no fading seen"


def _lift(cases: Iterable[Case]) -> Lift:
    units: list[Unit] = [case.unit() for case in cases]
    return lift(units, ALPHA / 2)


def _median(cases: Iterable[Case]) -> float | None:
    times = [case.reached_after for case in cases if case.reached_after is not None]
    return median(times) if times else None
