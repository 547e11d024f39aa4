"""Detector cards: what each detector is for, what it goes by, where it fails, what it costs; by detector."""

from streams.evaluation.card import Card
from streams.evaluation.cards import distress_language, repeated_question

_ALL: tuple[Card, ...] = (distress_language.CARD, repeated_question.CARD)
CARDS: dict[str, Card] = {card.detector: card for card in _ALL}
