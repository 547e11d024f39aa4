"""The event vocabulary: each type of community event with the fields of its data."""

from typing import Annotated, Any, Literal

import msgspec

# States and what is handed on are bounded because these are; a longer one is refused, so that nobody is mistaken for
# another. A time further off is most often milliseconds taken for seconds.
Name = Annotated[str, msgspec.Meta(max_length=256)]
Line = Annotated[str, msgspec.Meta(max_length=2000)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=4_102_444_800)]  # epoch seconds up to 2100
Score = Annotated[int, msgspec.Meta(ge=1, le=5)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What every event may carry; unknown fields are left out, never an error."""

    channel: Name | None = None
    thread: Name | None = None


class Text(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A member's own words; `title` is what they put above them, where the platform has titles."""

    text: str = ""
    post: Name | None = None
    title: Line | None = None

    def asked(self) -> str:
        """Return what a question in these words is read from: the title, where there is one, above the text."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class Reply(Text, frozen=True, kw_only=True, omit_defaults=True):
    """Words in answer to somebody; `to` is that member's key, or None where the platform does not say."""

    to: Name | None = None

    def asked(self) -> str:
        """Return the text alone: the title is that of the words that are answered."""
        return self.text


class Answer(Data, frozen=True, kw_only=True, omit_defaults=True):
    """An accepted answer; `by` is the key of its author."""

    by: Name | None = None


class Reaction(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A reaction to a post."""

    post: Name | None = None
    reaction: Name | None = None


class Removed(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A post that is gone, by its author's hand or another's."""

    post: Name | None = None


class Thread(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A thread; `status` is what it became: closed, open, pinned, archived, deleted and the like, None where it is new."""

    title: Line | None = None
    status: Name | None = None


class Search(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A search; `results` is the number of hits, None where unknown."""

    query: Line = ""
    results: Count | None = None


class Click(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A click on a search result, link or resource."""

    resource: Name | None = None
    url: Line | None = None


class Item(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A thing with a name: draft, task, feature, campaign, milestone, document, scheduled event, group of members."""

    name: Line = ""
    title: Line | None = None
    interests: tuple[Name, ...] = ()
    starts: float | None = None
    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Flag(Data, frozen=True, kw_only=True, omit_defaults=True):
    """Flagged, moderated or explained content; `author` is the key of who wrote it, `about` a topic in a word."""

    post: Name | None = None
    author: Name | None = None
    about: Name | None = None
    text: str = ""


class Absence(Data, frozen=True, kw_only=True, omit_defaults=True):
    """An announced absence; `until` in epoch seconds."""

    until: Moment


class Profile(Data, frozen=True, kw_only=True, omit_defaults=True):
    """What changed of a member's profile; None = unchanged."""

    role: Name | None = None
    region: Name | None = None
    interests: tuple[Name, ...] | None = None
    timezone: Name | None = None
    locale: Name | None = None
    birth_year: Count | None = None
    identity: Literal["sure", "unsure"] | None = None  # unsure: it may be somebody else who reads what is sent


class Preference(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A member's wish; `kind` is a playbook's kind or "all", `until` in epoch seconds (snoozes)."""

    kind: Name = "all"
    until: float | None = None


class ChosenTime(Data, frozen=True, kw_only=True, omit_defaults=True):
    """When a member wants to hear from us: now, at the next visit, in one daily or weekly digest, or within hours only.

    `hour` (local, 0 to 23) is when the digest comes or the hours begin, `until_hour` when they end (both alike: no
    bounds); `weekday` is 0 for Monday.
    """

    when: Literal["now", "next_visit", "daily", "weekly", "hours"]
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 9
    until_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 21
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0


class SuggestionAnswer(Data, frozen=True, kw_only=True, omit_defaults=True):
    """What a person made of a suggestion that waits: `command` is the id in its decision, `text` what to say instead."""

    command: str
    author: Name
    text: Annotated[str, msgspec.Meta(max_length=400)] = ""
    reason: Line = ""


class Survey(Data, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to a survey about a message: 1 (no help at all) to 5, with words if the member wished."""

    score: Score
    command: Name = ""
    playbook: Name = ""
    resource: Name = ""
    text: str = ""


class OutcomeData(Data, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a command; `until` in epoch seconds (snoozed).

    `kind` is what a snooze or an opt-out covers: a kind, a playbook, a theme, or "all"; without it, the playbook. `resource` is
    what was found helpful: of answers to a request no state is kept that would know it.
    """

    command: str
    playbook: str = ""
    reason: Line | None = None
    via: Name | None = None
    until: float | None = None
    kind: Name = ""
    resource: Name = ""


class Tick(Data, frozen=True, kw_only=True, omit_defaults=True):
    """Time passed. `since` (epoch s) makes it stand for the run of ticks `step` seconds apart after `since`.

    `code` is the version of the worker that wrote it: a proof by replay ends where it changes.
    """

    since: float | None = None
    step: float = 60.0
    code: Name | None = None


class Activation(Data, frozen=True, kw_only=True, omit_defaults=True):
    """The catalog bundle of this content hash rules from here on."""

    hash: str


class Erasure(Data, frozen=True, kw_only=True, omit_defaults=True):
    """A member's wish to be forgotten: both stages drop what they know of them. What they do later begins anew."""


class SignalData(Data, frozen=True, kw_only=True, omit_defaults=True):
    """What a detector of the community stage concluded about this member."""

    kind: str
    episode: str
    score: float = 0.0
    evidence: dict[str, str | float | int] = {}


class Announcement(Data, frozen=True, kw_only=True, omit_defaults=True):
    """An announcement to a community, on its way to those of its members who live in a partition."""

    community: str
    kind: str
    item: Item


COMMUNITY: dict[str, type[Data]] = {
    "community.joined": Data,
    "community.left": Data,
    "channel.joined": Data,
    "channel.left": Data,
    "member.introduced": Text,
    "profile.completed": Data,
    "profile.changed": Profile,
    "post.created": Text,
    "post.replied": Reply,
    "question.asked": Text,
    "question.answered": Reply,
    "answer.accepted": Answer,
    "reaction.added": Reaction,
    "post.read": Data,
    "search.performed": Search,
    "help.requested": Text,
    "link.clicked": Click,
    "draft.started": Item,
    "draft.abandoned": Item,
    "task.begun": Item,
    "task.completed": Item,
    "event.announced": Item,
    "event.registered": Item,
    "event.attended": Item,
    "session.announced": Item,
    "case_study.announced": Item,
    "feature.announced": Item,
    "feature.used": Item,
    "campaign.begun": Item,
    "campaign.ended": Item,
    "milestone.reached": Item,
    "policy.changed": Item,
    "guideline.changed": Item,
    "content.flagged": Flag,
    "content.moderated": Flag,
    "moderator.explained": Flag,
    "absence.announced": Absence,
    "presence.seen": Data,
    "preference.snoozed": Preference,
    "preference.opted_out": Preference,
    "preference.opted_in": Preference,
    "preference.time_chosen": ChosenTime,
    "survey.answered": Survey,
    "consent.given": Preference,
    "consent.withdrawn": Preference,
    "post.edited": Text,
    "post.deleted": Removed,
    "reaction.removed": Reaction,
    "answer.unaccepted": Answer,
    "thread.opened": Thread,
    "thread.changed": Thread,
    "group.joined": Item,  # a group, cohort, tag, list or segment that a platform keeps; seldom by the member's own hand
    "group.left": Item,
}

OUTCOMES = (
    "delivered",
    "seen",
    "clicked",
    "dismissed",
    "helpful",
    "not_helpful",
    "wrong_moment",
    "snoozed",
    "opted_out",
    "failed",
    "recalled",  # called back before it was delivered
    "withdrawn",  # taken back after it was delivered: no longer needed
)

ERASED = "member.erased"

# Records that only this deployment may write: they carry its keyed hash.
CONTROL: dict[str, type[Data]] = {
    "tick": Tick,
    "catalog.activated": Activation,
    "announcement": Announcement,
    "signal": SignalData,
    ERASED: Erasure,
    "suggestion.sent": SuggestionAnswer,
    "suggestion.edited": SuggestionAnswer,
    "suggestion.dropped": SuggestionAnswer,
    **{f"outcome.{kind}": OutcomeData for kind in OUTCOMES},
}

VOCABULARY: dict[str, type[Data]] = {**COMMUNITY, **CONTROL}

# What a whole community may be told of, on its own topic, keyed by the community.
ANNOUNCED = frozenset(
    {"event.announced", "session.announced", "case_study.announced", "feature.announced", "campaign.begun", "campaign.ended",
     "milestone.reached", "policy.changed", "guideline.changed"}
)  # fmt: skip

# What counts as a visit: the member was here of their own accord. What others may have done in their name does not.
VISITS = frozenset(
    set(COMMUNITY)
    - {"community.left", "channel.left", "milestone.reached", "policy.changed", "guideline.changed", "content.moderated",
       "event.announced", "session.announced", "case_study.announced", "feature.announced", "campaign.begun", "campaign.ended",
       "absence.announced", "draft.abandoned", "preference.snoozed", "preference.opted_out", "preference.time_chosen", "survey.answered", "content.flagged",
       "profile.changed", "post.edited", "post.deleted", "answer.unaccepted", "thread.changed", "group.joined", "group.left"}
)  # fmt: skip

HELP_REQUESTED = "help.requested"  # words given to the bot, to be answered at once
HELP_WORD = "/help"  # where a platform has no commands of its own, words that begin with it are given to the bot

# Contributions in a member's own words.
WORDS = frozenset({"member.introduced", "post.created", "post.replied", "question.asked", "question.answered"})


def types_of(*data: type[Data]) -> frozenset[str]:
    """Return the event types whose data is of one of these structs, or of one made from them."""
    return frozenset(name for name, known in VOCABULARY.items() if issubclass(known, data))


def schema(event_type: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the data of one event type."""
    return msgspec.json.schema(VOCABULARY[event_type])
