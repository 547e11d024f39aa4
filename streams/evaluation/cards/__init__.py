"""Detector cards: what each detector is for, what it goes by, where it fails, what it costs; by detector."""

from streams.evaluation.card import Card
from streams.evaluation.cards import (
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

_ALL: tuple[Card, ...] = (
    conflict.CARD,
    distress_language.CARD,
    drop_off.CARD,
    lost_or_frustrated.CARD,
    milestones.CARD,
    moments.CARD,
    onboarding.CARD,
    overload.CARD,
    repeated_question.CARD,
)
CARDS: dict[str, Card] = {card.detector: card for card in _ALL}
