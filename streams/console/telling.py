"""Decisions told in the reader's language: what, why, and what it would have taken."""

import re
from typing import Final

from processors.decisions import SAFETY, Decision, Reason, Verdict
from streams import explanation

SENTENCES_DE: Final[dict[Reason, str]] = {
    Reason.SENT: "Nichts sprach dagegen.",
    Reason.SHADOW: "Das Playbook schaut bisher nur zu: Es zählt, was es täte, und sendet nichts.",
    Reason.CANARY_EXCLUDED: "Das Playbook wird an einem Teil der Mitglieder erprobt, und dieses Mitglied gehört nicht dazu.",
    Reason.SILENCED: "Jemand aus dem Team hat das vorerst stillgestellt.",
    Reason.KILL_SWITCH: "In dieser Community ist alles Senden abgeschaltet.",
    Reason.NOT_SWITCHED_ON: "Die Community hat diese Art von Unterstützung nicht eingeschaltet.",
    Reason.OPTED_OUT: "Das Mitglied möchte keine Nachrichten dieser Art.",
    Reason.SNOOZED: "Das Mitglied hatte um eine Pause gebeten, und sie war noch nicht vorbei.",
    Reason.NO_CONSENT: "Das Mitglied hat dieser Verwendung nicht zugestimmt.",
    Reason.PLATFORM_FORBIDS: "Die Regeln der Plattform erlauben es nicht.",
    Reason.AUDIENCE_EXCLUDED: "Es ist nicht für dieses Mitglied gedacht: ausgetreten, keine Person oder zu jung.",
    Reason.IDENTITY_UNSURE: "Es war nicht sicher genug, wer das ist.",
    Reason.CONDITION_GONE: "Was das Playbook verlangt, traf nicht mehr zu.",
    Reason.EXIT_MET: "Das Mitglied hat von selbst getan, was die Nachricht vorgeschlagen hätte.",
    Reason.EVENT_STALE: "Der Anlass war vorbei: Es wäre zu spät gekommen, um zu helfen.",
    Reason.RESOURCE_EXPIRED: "Die Ressource ist zurückgezogen oder veraltet.",
    Reason.RESOURCE_MISSING: "Der Katalog enthält keine solche Ressource.",
    Reason.HELPLINE_UNVERIFIED: "Die darin genannte Anlaufstelle ist nicht überprüft.",
    Reason.ALREADY_DELIVERED: "Das Mitglied hat es zum selben Anlass schon bekommen.",
    Reason.ALREADY_SOLVED: "Der Bedarf war schon gedeckt.",
    Reason.COOLDOWN_PLAYBOOK: "Dasselbe Playbook hatte kurz zuvor etwas gesendet.",
    Reason.COOLDOWN_RESOURCE: "Das Mitglied hat dieselbe Ressource kurz zuvor bekommen.",
    Reason.COOLDOWN_THEME: "Das Mitglied hat kurz zuvor etwas zum selben Thema bekommen.",
    Reason.RESTING: "Das Playbook ruht, weil es diesem Mitglied nicht mehr hilft.",
    Reason.VOLUME_CONTROLLED: "Das Playbook sendet zurzeit weniger, weil zu viele seiner Nachrichten unwillkommen waren.",
    Reason.INHIBITED: "Etwas Fröhliches passte nicht in den Moment.",
    Reason.BUDGET_DAY: "Das Mitglied hatte so viel bekommen, wie an einem Tag erlaubt ist.",
    Reason.BUDGET_WEEK: "Das Mitglied hatte so viel bekommen, wie in einer Woche erlaubt ist.",
    Reason.BUDGET_SHRUNK: "Das Mitglied hat zuletzt Nachrichten weggeklickt und bekommt darum weniger.",
    Reason.QUIET_HOURS_STALE: "Beim Mitglied war es Nacht, und am Morgen wäre es zu spät gewesen.",
    Reason.HOLDOUT: "Das Mitglied gehört zur Gruppe, die nichts bekommt, damit sich zeigt, ob die Nachrichten helfen.",
    Reason.RANDOMISED_OUT: "Diesmal hat der Zufall dagegen entschieden, damit sich zeigt, ob die Nachrichten helfen.",
    Reason.OUTRANKED: "Im selben Moment war etwas Nützlicheres an der Reihe.",
    Reason.NO_CHANNEL: "Es gab keinen erlaubten Weg, das Mitglied zu erreichen.",
    Reason.RATE_LIMITED: "Auf diesem Weg ging in dem Moment zu viel hinaus.",
    Reason.UNSAFE_TEXT: "Der fertige Text hat die Prüfung nicht bestanden.",
    Reason.SUGGESTION_DECLINED: "Jemand aus dem Team hat dagegen entschieden.",
    Reason.RECALLED: "Es wurde zurückgerufen, bevor es hinausging.",
    Reason.DUPLICATE: "Dieselbe Nachricht war schon hinausgegangen.",
    Reason.REPLAY: "Das war eine Wiedergabe der Vergangenheit, und die schreibt niemandem.",
    Reason.QUIET_HOURS_HOLD: "Beim Mitglied war es Nacht.",
    Reason.CHOSEN_TIME_HOLD: "Das Mitglied hat eine andere Zeit für Nachrichten gewählt.",
    Reason.WAIT: "Das Playbook wartet zuerst ab, ob das Mitglied es überhaupt braucht.",
    Reason.SUGGESTION_WAITS: "Es wartet auf das Ja von jemandem aus dem Team.",
    Reason.MERGED_INTO_DIGEST: "Es kam in die Zusammenfassung, zusammen mit anderem.",
}
OVER_DE = {
    "in_app": "in der App", "direct_message": "als Direktnachricht", "email": "per E-Mail", "thread": "als Antwort im Thema",
    "pinned": "als angehefteter Beitrag", "staff": "an das Team",
}  # fmt: skip
_UNITS_DE = {
    "day": "Tag", "days": "Tage", "hour": "Stunde", "hours": "Stunden", "minute": "Minute", "minutes": "Minuten", "second": "Sekunde",
    "seconds": "Sekunden",
}  # fmt: skip
_LENGTH = re.compile(r"\b(\d+) (days?|hours?|minutes?|seconds?)\b")
_LIMIT = re.compile(r"^(\w+) above (\d+) in the policy$")


def sentence(reason: Reason, language: str) -> str:
    """Return why, in one sentence."""
    return (SENTENCES_DE if language == "de" else explanation.SENTENCES)[reason]


def headline(decision: Decision, language: str) -> str:
    """Return what was decided."""
    if language != "de":
        return explanation.headline(decision)
    if decision.lane == SAFETY:
        return "Eine Entscheidung der Hilfe in Not."
    what = f"{decision.resource or 'etwas'} ({decision.playbook})"
    if decision.verdict is Verdict.SEND:
        return f"{what} gesendet {OVER_DE.get(decision.channel, decision.channel)}."
    if decision.verdict is Verdict.HOLD:
        return f"{what} aufgeschoben; darüber wird noch einmal entschieden."
    return f"{what} nicht gesendet."


def because(decision: Decision, language: str) -> str:
    """Return why, and what it would have taken where that is known."""
    if language != "de":
        return explanation.because(decision)
    why = SENTENCES_DE[decision.reason]
    if decision.lane == SAFETY or not decision.needed:
        return why
    return f"{why} Dafür hätte es gebraucht: {_needed_de(explanation.in_words(decision.needed))}."


def _needed_de(needed: str) -> str:
    limit = _LIMIT.match(needed)
    if limit:
        return f"{limit[1]} über {limit[2]} in den Regeln"
    return _LENGTH.sub(lambda found: f"{found[1]} {_UNITS_DE[found[2]]}", needed)
