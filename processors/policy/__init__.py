"""The arbiter: one visible list of stages; each passes, holds, or drops with one reason."""

from processors.policy.case import Case, Ruling, Stage
from processors.policy.stages import (
    audience,
    budget,
    channel,
    chosen_time,
    coin,
    consent,
    cooldown,
    freshness,
    helped,
    inhibition,
    maturity,
    quiet_hours,
    resting,
    silence,
    still_true,
    unsafe_text,
    volume,
)
from processors.policy.value import value

# Arbitration among those of one moment comes after all: the best that every stage lets pass (processors/arbiter.py).
STAGES: tuple[tuple[str, Stage], ...] = (
    ("maturity", maturity.rule),
    ("silence", silence.rule),
    ("consent", consent.rule),
    ("audience", audience.rule),
    ("still_true", still_true.rule),
    ("freshness", freshness.rule),
    ("helped", helped.rule),
    ("cooldown", cooldown.rule),
    ("resting", resting.rule),
    ("volume", volume.rule),
    ("inhibition", inhibition.rule),
    ("budget", budget.rule),
    ("quiet_hours", quiet_hours.rule),
    ("chosen_time", chosen_time.rule),
    ("coin", coin.rule),
    ("channel", channel.rule),
    ("unsafe_text", unsafe_text.rule),
)
NAMES = tuple(name for name, _ in STAGES)
_RULES = tuple(rule for _, rule in STAGES)


def judge(case: Case) -> tuple[int, Ruling | None]:
    """Ask each stage in order; return how many passed and the first objection, if any."""
    passed = 0
    for rule in _RULES:
        ruling = rule(case)
        if ruling is not None:
            return passed, ruling
        passed += 1
    return passed, None


def precedence(case: Case) -> tuple[bool, float, float, str]:
    """Order of candidates that want the same moment: safety, then value, then the older, then the id (a total order)."""
    return (case.lane != "safety", -value(case), case.candidate.began, case.playbook.spec.id)
