"""A signal: what a detector concluded about one member."""

import msgspec

KINDS = (
    "overdue",  # drop_off: silent for longer than the member's own rhythm explains
    "returned",  # drop_off: back after 60 days or more
    "regular_reader",  # drop_off: comes regularly and has never posted
    "not_started",  # onboarding: joined, and has not posted
    "stuck",  # onboarding: a journey was begun, and its next step is overdue
    "resumed",  # onboarding: a journey that was stuck goes on
    "journey_done",  # onboarding: the last step of a journey
    "asked_again",  # repeated_question: the same member asked the same again
    "asked_by_many",  # repeated_question: what was asked is asked by many
    "explained_again",  # repeated_question: this moderator, or helper, explains the same again
    "unanswered",  # repeated_question: a question stays without an answer
    "answered",  # the question of that episode has an answer: cancels what waits
    "asked",  # this post is a question of the member's own; names the resource that answers it, where there is one
    "distress",  # distress_language: tier T1 to T3
    "concern",  # distress_language: worry about somebody else
    "peer_wanted",  # a question without an answer, offered to one member who offered to help and answered such a question before
    "missed",  # what was talked about most while the member was away
    "calmed",  # conflict: a place that was heated has been calm for hours: ends what was put there
    "heated",  # conflict: a thread or channel is heated; about the place itself, for staff
    "quarrelled",  # conflict: the member was a side in a heated place
    "moderated",  # conflict: a moderator acted on the member's words
    "targeted",  # conflict: a moderator acted on words that were aimed at the member
    "reported",  # conflict: the member flagged something
    "lost",  # lost_or_frustrated: confused, stuck or annoyed at a thing
    "milestone",  # milestones: anniversary, n-th contribution, streak, first accepted answer
    "came_back",  # milestones: back after a long silence
    "search_unclicked",  # moments: searched, and clicked nothing
    "feature_first_used",  # moments: touched a feature for the first time
    "event_near",  # moments: an event the member registered for is near
    "overloaded",  # overload: dismissed, snoozed or muted a lot; budgets have shrunk
    "helped",  # the member found a resource helpful, and there is one that goes deeper
    "help_requested",  # the member asked the bot for something; names the best match of the catalog
)
_CLUSTER = frozenset({"cluster", "asks", "thread", "channel"})
_QUESTION = _CLUSTER | {"resource", "locale"}
_PLACE = frozenset({"thread", "channel"})
_HEAT = _PLACE | {"kind", "sharp", "sides", "flags"}
_JOURNEY = frozenset({"journey", "theme"})
SCORE = "score"  # of each signal; not evidence, but a fact beside it
# What each kind of signal may bring as evidence. Conditions and texts of playbooks may ask for these alone.
EVIDENCE: dict[str, frozenset[str]] = {
    "overdue": frozenset({"usual_days", "silent_days", "rested_days", "active_days", "reader", "lifecycle"}),
    "returned": frozenset({"away_days"}),
    "regular_reader": frozenset({"active_days", "days"}),
    "not_started": frozenset({"hours", "days"}),
    "stuck": _JOURNEY | {"title", "step", "step_title", "steps_done", "days"},
    "resumed": _JOURNEY,
    "journey_done": _JOURNEY,
    "asked_again": _QUESTION | {"times"},
    "asked_by_many": _QUESTION | {"members", "week", "before", "new"},
    "explained_again": _CLUSTER | {"times", "by"},
    "unanswered": _PLACE | {"hours"},
    "answered": frozenset({"by", "seconds"}),
    "peer_wanted": _PLACE | {"hours"},
    "missed": frozenset({"titles", "threads", "days"}),
    "calmed": frozenset({"hours"}),
    "asked": frozenset({"resource", "locale", "match"}),
    "distress": frozenset({"tier", "recent", "kinds"}),
    "concern": frozenset(),
    "heated": _HEAT,
    "quarrelled": _HEAT,
    "moderated": _PLACE,
    "targeted": _PLACE,
    "reported": frozenset(),
    "lost": frozenset({"kinds", "signs"}),
    "milestone": frozenset({"what", "number"}),
    "came_back": frozenset({"days"}),
    "search_unclicked": frozenset(),
    "feature_first_used": frozenset({"feature"}),
    "event_near": frozenset({"event"}),
    "overloaded": frozenset({"load"}),
    "helped": frozenset({"resource", "locale", "after"}),
    "help_requested": frozenset({"found", "titles", "resource", "locale"}),
    # What comes about by time or by a look at the member (processors/playbooks/watches.py), no kind of a detector.
    "lifecycle": frozenset({"from", "to"}),
    "segment": frozenset({"segment"}),
    "absence": frozenset({"days"}),
    "schedule": frozenset(),
}
# For the pipeline alone: no playbook may go by the sharpness of single words.
SHARP = "sharp"
# What the community stage concludes about heat, for the detector of conflict to pass on; and for milestones, about answers.
OF_HEAT = frozenset({"heated", "calmed", "quarrelled", "moderated", "targeted"})
# What ends the need of its episode: what waits is dropped, what was sent called back.
SOLVING = frozenset({"answered", "calmed"})
ACCEPTED = "accepted_answer"


class Signal(msgspec.Struct, frozen=True, gc=False):
    """A conclusion: `episode` names what it is about (so that the same conclusion is acted on once).

    `score` is the detector's own measure (its card says which); `evidence` holds kinds and numbers; of text the titles of
    pages and of public threads alone.
    """

    kind: str
    detector: str
    episode: str
    score: float = 0.0
    evidence: dict[str, str | float | int] = {}
