"""The card of the detector of overload."""

from processors.detectors import overload as detector
from processors.member import load
from processors.policy.stages import budget
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=detector.NAME,
    version=detector.VERSION,
    purpose="Notices that a member has had too much of us. The weekly budget shrinks at once by what was waved away, and recovers as that fades.",
    evidence="Dismissals, answers of 'not helpful' and 'wrong moment' (weight 1), snoozes (2), mutes and opt-outs (3).",
    limits="Silence says nothing here: who ignores messages does not shrink the budget.",
    thresholds=(
        Threshold("OVERLOADED", detector.OVERLOADED, "load from which it is told; one mute, or three dismissals at once"),
        Threshold("ENOUGH", budget.ENOUGH, "load from which nothing proactive is sent; a member who leaves because of us is the dearest error of all"),
        Threshold("FADES", load.FADES, "seconds in which a dismissal ceases to weigh; longer would make one bad day a verdict"),
    ),
    tasks=(),
    microseconds=0.1,
)  # fmt: skip
