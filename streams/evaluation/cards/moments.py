"""The card of the detector of moments."""

from processors.detectors import moments as detector
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=detector.NAME,
    version=detector.VERSION,
    purpose="Tells moments in which a resource may fit: a search of which nothing was opened, a feature touched for the first time, an event registered for that is near.",
    evidence="Searches, clicks, features used, registrations; no text is read.",
    limits="What answers in the list of results itself looks like a search without a click.",
    thresholds=(
        Threshold("PATIENCE", detector.PATIENCE, "seconds; sooner would interrupt somebody who reads the results"),
        Threshold("NEAR", detector.NEAR, "seconds before an event; earlier is forgotten again, later is too late to free the place"),
    ),
    tasks=(),
    microseconds=0.5,  # python -m tests.benchmarks.detecting, alone, on a busy machine
)  # fmt: skip
