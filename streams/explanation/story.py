"""A member's story in words: what was decided about them, when, why, and what would have had to differ."""

import re
from collections.abc import Iterable
from typing import Any

from processors.decisions import SAFETY, Decision, Reason, Verdict
from streams.explanation import german

# One plain sentence a reason. Of distress nothing is said but what the safety lane itself must say: who reads a story
# shall not learn from it that a member was in need.
SENTENCES: dict[Reason, str] = {
    Reason.SENT: "Nothing spoke against it.",
    Reason.SHADOW: "The playbook only watches so far: it counts what it would do and sends nothing.",
    Reason.CANARY_EXCLUDED: "The playbook is tried out on a share of the members, and this member is not among them.",
    Reason.SILENCED: "Somebody of the team has silenced this for now.",
    Reason.KILL_SWITCH: "All sending is switched off in this community.",
    Reason.NOT_SWITCHED_ON: "The community has not switched this kind of support on.",
    Reason.OPTED_OUT: "The member does not want messages of this kind.",
    Reason.SNOOZED: "The member asked for a pause, and it was not over.",
    Reason.NO_CONSENT: "The member has not agreed to this use.",
    Reason.PLATFORM_FORBIDS: "The rules of the platform do not allow it.",
    Reason.AUDIENCE_EXCLUDED: "This is not meant for this member: they had left, are no person, or are too young.",
    Reason.IDENTITY_UNSURE: "It was not sure enough who this is.",
    Reason.CONDITION_GONE: "What the playbook asks for was no longer true.",
    Reason.EXIT_MET: "The member did by themselves what the message would have suggested.",
    Reason.EVENT_STALE: "The occasion had passed: it would have come too late to help.",
    Reason.RESOURCE_EXPIRED: "The resource is retired or out of date.",
    Reason.RESOURCE_MISSING: "The catalog holds no such resource.",
    Reason.HELPLINE_UNVERIFIED: "The helpline in it has not been verified.",
    Reason.ALREADY_DELIVERED: "The member got this for the same occasion before.",
    Reason.ALREADY_SOLVED: "The need was already met.",
    Reason.COOLDOWN_PLAYBOOK: "The same playbook had sent something a short while before.",
    Reason.COOLDOWN_RESOURCE: "The member got the same resource a short while before.",
    Reason.COOLDOWN_THEME: "The member got something about the same theme a short while before.",
    Reason.RESTING: "The playbook rests, because it has stopped helping this member.",
    Reason.VOLUME_CONTROLLED: "The playbook sends less at the moment, because too many of its messages were unwelcome.",
    Reason.INHIBITED: "Something cheerful did not fit the moment.",
    Reason.BUDGET_DAY: "The member had got as much as is allowed in a day.",
    Reason.BUDGET_WEEK: "The member had got as much as is allowed in a week.",
    Reason.BUDGET_SHRUNK: "The member dismissed messages lately, and so gets fewer.",
    Reason.QUIET_HOURS_STALE: "It was night where the member lives, and in the morning it would have come too late.",
    Reason.HOLDOUT: "The member is in the group that gets nothing, so that one can see whether the messages help.",
    Reason.RANDOMISED_OUT: "This time chance decided against it, so that one can see whether the messages help.",
    Reason.OUTRANKED: "Something more useful was due at the same moment.",
    Reason.NO_CHANNEL: "There was no allowed way to reach the member.",
    Reason.RATE_LIMITED: "Too much was going out over this channel at that moment.",
    Reason.UNSAFE_TEXT: "The finished text did not pass the check.",
    Reason.SUGGESTION_DECLINED: "Somebody of the team decided against it.",
    Reason.RECALLED: "It was called back before it went out.",
    Reason.DUPLICATE: "The same was under way already.",
    Reason.REPLAY: "This was a replay of history, and a replay messages nobody.",
    Reason.QUIET_HOURS_HOLD: "It was night where the member lives.",
    Reason.CHOSEN_TIME_HOLD: "The member chose another time for messages.",
    Reason.WAIT: "The playbook first waits whether the member needs it at all.",
    Reason.SUGGESTION_WAITS: "It waits for somebody of the team to say yes.",
    Reason.MERGED_INTO_DIGEST: "It went into the digest, together with others.",
}
OVER = {
    "in_app": "in the app", "direct_message": "as a direct message", "email": "by e-mail", "thread": "as a reply in the thread",
    "pinned": "as a pinned post", "staff": "to the team",
}  # fmt: skip
BARE = ("id", "time", "reason")  # all that is shown of a decision of the safety lane
GERMAN = "de"
UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
_SECONDS = re.compile(r"\b(\d+) s\b")
_LIMIT = re.compile(r"^(\w+) > (\d+)(?: in the community)?$")


def story(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions in order of time, each once; a repeat has the same id."""
    once = {one.id: one for one in decisions}
    return sorted(once.values(), key=lambda one: (one.time, one.playbook, one.attempt, one.id))


def sentence(reason: Reason, language: str = "en") -> str:
    """Return why, in one sentence; in English, or in German (`de`)."""
    return (german.SENTENCES if language == GERMAN else SENTENCES)[reason]


def headline(decision: Decision, language: str = "en") -> str:
    """Return what was decided, in words."""
    in_german = language == GERMAN
    if decision.lane == SAFETY:
        return "Eine Entscheidung der Hilfe in Not." if in_german else "A decision of the safety lane."
    what = f"{decision.resource or ('etwas' if in_german else 'something')} ({decision.playbook})"
    over = (german.OVER if in_german else OVER).get(decision.channel, decision.channel)
    if decision.verdict is Verdict.SEND:
        return f"{what} gesendet {over}." if in_german else f"Sent {what} {over}."
    if decision.reason is Reason.MERGED_INTO_DIGEST:
        return f"{what} in eine Zusammenfassung gelegt, {over}." if in_german else f"Put {what} into a digest {over}."
    if decision.verdict is Verdict.HOLD:
        later = "darüber wird noch einmal entschieden" if in_german else "to be decided again"
        return f"{what} aufgeschoben; {later}." if in_german else f"Held back {what}, {later}."
    return f"{what} nicht gesendet." if in_german else f"Did not send {what}."


def because(decision: Decision, language: str = "en") -> str:
    """Return why, and what would have had to differ where that is known; one or two sentences."""
    why = sentence(decision.reason, language)
    if decision.lane == SAFETY or not decision.needed:
        return why
    if "lost_to" in decision.values:
        return f"{why} {_lost(decision, language)}"
    taken = "Dafür hätte es gebraucht" if language == GERMAN else "It would have taken"
    return f"{why} {taken}: {in_words(decision.needed, language)}."


def _lost(decision: Decision, language: str) -> str:
    """Say what it lost to, and how much each was worth at that moment."""
    values = (decision.values.get(name, "?") for name in ("lost_to", "value_of_that", "value"))
    lost = "Es unterlag {} (Wert {} gegen {})." if language == GERMAN else "It lost to {} (worth {} against {})."
    return lost.format(*values)


def in_words(needed: str, language: str = "en") -> str:
    """Return what a stage says was needed, in the words of people: durations, and limits of the policy."""
    limit = _LIMIT.match(needed)
    if limit:
        above = "{} über {} in den Regeln" if language == GERMAN else "{} above {} in the policy"
        return above.format(limit[1], limit[2])
    words = _SECONDS.sub(lambda found: duration(int(found[1]), language), needed)
    return german.needed_in_german(words) if language == GERMAN else words


def duration(seconds: int, language: str = "en") -> str:
    """Return a duration in its largest fitting unit, rounded up: whoever waits so long has waited enough."""
    unit, size = next((one for one in UNITS if seconds >= one[1]), UNITS[-1])
    count = -(-seconds // size)
    word = f"{unit}{'s' if count != 1 else ''}"
    return f"{count} {german.UNITS[word] if language == GERMAN else word}"


def told(decision: Decision) -> dict[str, Any]:
    """Return a decision for a machine, with its sentence; of the safety lane only id, time and reason."""
    if decision.lane == SAFETY:
        return {name: getattr(decision, name) for name in BARE}
    fields = {name: getattr(decision, name) for name in decision.__struct_fields__}
    return {**fields, "headline": headline(decision), "because": because(decision)}
