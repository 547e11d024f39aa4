"""The detectors of the member stage, in the order in which they look."""

from collections.abc import Iterable

from processors.detector import Detector, Observe, Timed
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
from processors.playbooks.resources import Policy
from processors.text import conflict_words, distress
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
TIMED: tuple[Timed, ...] = (drop_off, onboarding, moments)


def prepare(policies: Iterable[Policy]) -> None:
    """Lay out what is looked for where these policies rule, so that no event waits for it; distress is for few of them."""
    conflict_words.GRAMMAR.lay_out()
    if any(distress_language.switched_on(one) for one in policies):
        distress.lay_out()
