"""The card of the detector of onboarding and other journeys."""

from processors.detectors import onboarding
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=onboarding.NAME,
    version=onboarding.VERSION,
    purpose="Tells that somebody joined and has not started (`not_started`), and where a journey that was begun stands: its next step is overdue (`stuck`, once a step), it goes on after that (`resumed`), it is finished (`journey_done`). Journeys are YAML: onboarding steps, a task, a draft put aside, a search that led nowhere.",
    evidence="The events that begin a journey and end its steps, and the time each step usually takes; steps may be done in any order.",
    limits="A step that the platform does not tell of would look open for ever: a journey should name only events that come. A journey that begins with joining takes the place of `not_started`. Two tasks of one journey at the same time are one. Who is reminded twice on a journey is not reminded again.",
    thresholds=(
        Threshold(
            "NUDGES_MAX", onboarding.NUDGES_MAX, "a third reminder to somebody who let two pass is pressure, not help"
        ),
    ),
    tasks=("onboarding",),
    microseconds=1.4,  # python -m tests.benchmarks.detecting, alone, on a busy machine
)
