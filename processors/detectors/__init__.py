"""The detectors of the member stage, in the order in which they look."""

from processors.detector import Detector
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
