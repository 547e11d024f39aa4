"""The detectors of the member stage, in the order in which they look."""

from processors.detector import Detector, Observe
from processors.detectors import (
    conflict,
    distress_language,
    drop_off,
    lost_or_frustrated,
    milestones,
    moments,
    onboarding,
    overload,
    repeated_question,
)
from processors.vocabulary import VOCABULARY

# lost_or_frustrated looks after distress_language: words of distress are not its matter.
DETECTORS: tuple[Detector, ...] = (
    drop_off,
    onboarding,
    repeated_question,
    distress_language,
    conflict,
    lost_or_frustrated,
    milestones,
    moments,
    overload,
)

# By event type: who looks at it.
OBSERVERS: dict[str, tuple[Observe, ...]] = {
    name: tuple(detector.observe for detector in DETECTORS if name in detector.OBSERVES) for name in VOCABULARY
}
