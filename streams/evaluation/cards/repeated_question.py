"""The card of the detector of repeated, common and unanswered questions."""

from processors.detectors import repeated_question
from processors.question_clusters import ALIKE
from streams.evaluation.card import Card, Threshold

CARD = Card(
    detector=repeated_question.NAME,
    version=repeated_question.VERSION,
    purpose="Tells questions of a member's own need; finds the same question asked again, by the same member or by many, and questions that nobody answers.",
    evidence="The fresh words of a post (code, quotes and links cut away), who wrote in which thread or channel, and when.",
    limits="English and German. Rewordings without a common content word are not found. In a busy channel without threads, who answers whom is told by names only.",
    thresholds=(
        Threshold(
            "ALIKE",
            ALIKE,
            "a wrong match sends the answer to another question to somebody, which costs more trust than a missed repeat",
        ),
    ),
    tasks=("question",),
)
