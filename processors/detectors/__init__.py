"""The detectors of the member stage, in the order in which they look."""

from types import ModuleType

from processors.detectors import distress_language, drop_off, onboarding, repeated_question

DETECTORS: tuple[ModuleType, ...] = (drop_off, onboarding, repeated_question, distress_language)
