"""A signal: what a detector concluded about one member."""

import msgspec

KINDS = (
    "overdue",  # drop_off: silent for longer than the member's own rhythm explains
    "not_started",  # onboarding: joined, and has not posted
    "asked_again",  # repeated_question: the same member asked the same again
    "asked_by_many",  # repeated_question: what was asked is asked by many
    "explained_again",  # repeated_question: this moderator explains the same again
    "unanswered",  # repeated_question: a question stays without an answer
    "answered",  # the question of that episode has an answer: cancels what waits
    "asked",  # this post is a question of the member's own
    "distress",  # distress_language: tier T1 to T3
    "concern",  # distress_language: worry about somebody else
)


class Signal(msgspec.Struct, frozen=True, gc=False):
    """A conclusion: `episode` names what it is about (so that the same conclusion is acted on once).

    `score` is the detector's own measure (its card says which); `evidence` holds kinds and numbers, never text.
    """

    kind: str
    detector: str
    episode: str
    score: float = 0.0
    evidence: dict[str, str | float | int] = {}
