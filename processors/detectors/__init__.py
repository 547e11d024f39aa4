"""The detectors of the member stage, in the order in which they look."""

from processors.detector import Detector
from processors.detectors import distress_language, drop_off, onboarding, repeated_question

DETECTORS: tuple[Detector, ...] = (drop_off, onboarding, repeated_question, distress_language)
