"""The sentences of `streams.explanation.story` in German."""

import re

from processors.decisions import Reason

SENTENCES: dict[Reason, str] = {
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
OVER = {
    "in_app": "in der App", "direct_message": "als Direktnachricht", "email": "per E-Mail", "thread": "als Antwort im Thema",
    "pinned": "als angehefteter Beitrag", "staff": "an das Team",
}  # fmt: skip
UNITS = {
    "day": "Tag", "days": "Tage", "hour": "Stunde", "hours": "Stunden", "minute": "Minute", "minutes": "Minuten", "second": "Sekunde",
    "seconds": "Sekunden",
}  # fmt: skip
# What a stage says was needed, by pattern, after durations were put into words.
NEEDED: tuple[tuple[str, str], ...] = (
    (r"(\d+) (\S+) later", r"\1 \2 später"),
    (r"age below (.+)", r"weniger als \1 nach dem Anlass"),
    (r"7 days since the last offer", "7 Tage seit dem letzten Angebot"),
    (r"less dismissed, snoozed or muted in the last 30 days", "weniger weggeklickt, verschoben oder stummgeschaltet in den letzten 30 Tagen"),
    (r"still a member", "noch Mitglied"),
    (r"a person", "ein Mensch"),
    (r"an adult", "eine erwachsene Person"),
    (r"a member whose identity is sure", "ein Mitglied, das sicher erkannt ist"),
    (r"(\w+) > (\d+) in the community", r"\1 über \2 in der Community"),
    (r"the member's consent, which the platform asks for", "die Einwilligung des Mitglieds, die die Plattform verlangt"),
    (r"an allowed channel", "ein erlaubter Kanal"),
    (r"(\S+) not wanted at the same moment", r"\1 nicht im selben Moment gewollt"),
    (r"the member's next visit", "der nächste Besuch des Mitglieds"),
    (r"the time the member chose", "die Zeit, die das Mitglied gewählt hat"),
    (r"another draw of the holdout", "ein anderes Los bei der Vergleichsgruppe"),
    (r"another draw for this occasion", "ein anderes Los für diesen Anlass"),
    (r"no opt-out", "keine Abbestellung"),
    (r"a platform that allows (.+)", r"eine Plattform, die \1 erlaubt"),
    (r"snooze over", "Pause vorbei"),
    (r"distress_support on, with a safety_owner", "distress_support eingeschaltet, mit einem safety_owner"),
    (r"the resource in the catalog", "die Ressource im Katalog"),
    (r"a resource in force", "eine Ressource, die gilt"),
    (r"a verified helpline", "eine überprüfte Hilfsnummer"),
    (r"an open need", "ein offener Bedarf"),
    (r"a new episode", "ein neuer Anlass"),
    (r"canary share above (.+)", r"ein Anteil der Probe (canary) über \1"),
    (r"a person's yes", "das Ja eines Menschen"),
    (r"maturity live", "Reife live"),
    (r"(\d+):00 local time", r"\1:00 Ortszeit"),
    (r"kill switch off", "Notschalter aus"),
    (r"(.+) by (.+) over", r"Ende von: \1 (\2)"),
    (r"condition true again", "die Bedingung gilt wieder"),
    (r"at most (\d+) characters", r"höchstens \1 Zeichen"),
    (r"no call to everybody and no hidden signs", "kein Aufruf an alle und keine verborgenen Zeichen"),
    (r"no link in a name or title", "kein Link in Name oder Titel"),
    (r"an end of the one that waits", "das Ende von dem, was wartet"),
    (r"the playbook's wait over", "die Wartezeit des Playbooks vorbei"),
    (r"fewer candidates waiting", "weniger, was wartet"),
    (r"no (\S+) before then", r"bis dahin kein \1"),
    (r"the same time", "dieselbe Zeit"),
    (r"another answer of the team", "eine andere Antwort des Teams"),
    (r"fewer than (\d+) unwelcome of 1,000 lately", r"zuletzt weniger als \1 Unwillkommene von 1.000"),
)  # fmt: skip
_NEEDED = tuple((re.compile(english), german) for english, german in NEEDED)


def needed_in_german(needed: str) -> str:
    """Return what was needed in German; in English where it is of another version."""
    for pattern, german in _NEEDED:
        found = pattern.fullmatch(needed)
        if found:
            return found.expand(german)
    return needed
