"""The arbiter: one visible list of stages; each passes, holds, or drops with one reason."""

from processors.policy.case import Case, Ruling, Stage
from processors.policy.stages import (
    audience,
    budget,
    channel,
    coin,
    consent,
    cooldown,
    freshness,
    helped,
    inhibition,
    maturity,
    quiet_hours,
    silence,
    still_true,
)

# The order of the design; arbitration among several (stage 13) is `arbitrate`, after all others but the channel.
STAGES: tuple[tuple[str, Stage], ...] = (
    ("maturity", maturity.rule),
    ("silence", silence.rule),
    ("consent", consent.rule),
    ("audience", audience.rule),
    ("still_true", still_true.rule),
    ("freshness", freshness.rule),
    ("helped", helped.rule),
    ("cooldown", cooldown.rule),
    ("inhibition", inhibition.rule),
    ("budget", budget.rule),
    ("quiet_hours", quiet_hours.rule),
    ("coin", coin.rule),
    ("channel", channel.rule),
)
NAMES = tuple(name for name, _ in STAGES)


def judge(case: Case) -> tuple[int, Ruling | None]:
    """Ask each stage in order; return how many passed and the first objection, if any."""
    for passed, (_, rule) in enumerate(STAGES):
        ruling = rule(case)
        if ruling is not None:
            return passed, ruling
    return len(STAGES), None


def precedence(case: Case) -> tuple[int, int, float, str]:
    """Order of candidates that want the same moment: safety, then priority, then the older, then the id (a total order)."""
    return (case.lane != "safety", -case.playbook.rank, case.candidate.began, case.playbook.spec.id)
