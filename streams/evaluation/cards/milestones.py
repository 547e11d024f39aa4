"""The card of the detector of milestones."""

from processors.detectors import milestones as detector
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=detector.NAME,
    version=detector.VERSION,
    purpose="Tells when a member reaches something worth a quiet word: an anniversary, an n-th contribution, days in a row, a first accepted answer, a return after a long silence.",
    evidence="Visits, words and accepted answers, counted; nothing is read.",
    limits="Days are those of UTC. A milestone is told when the member is here, so one that nobody comes by for is lost on purpose. Counts begin with the log.",
    thresholds=(
        Threshold("ANNIVERSARY_LIFE", detector.ANNIVERSARY_LIFE, "seconds; later congratulations look like a machine's"),
        Threshold("AWAY", detector.AWAY, "seconds; to welcome back who was on holiday is needless"),
    ),
    tasks=(),
    microseconds=0.8,  # python -m tests.benchmarks.detecting, alone, on a busy machine
)  # fmt: skip
