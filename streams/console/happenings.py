"""What happened, as a member's page says it: events, outcomes and signals in plain words, in English and German; what has none is named by its type."""

from processors.playbooks.resources import Playbook

EVENTS: dict[str, tuple[str, str]] = {
    "absence.announced": ("Announced an absence", "Hat eine Abwesenheit angekündigt"),
    "answer.accepted": ("An answer of theirs was accepted", "Eine Antwort wurde angenommen"),
    "answer.unaccepted": (
        "An answer of theirs is no longer the accepted one",
        "Eine Antwort gilt nicht mehr als angenommen",
    ),
    "campaign.begun": ("A campaign began", "Eine Kampagne begann"),
    "campaign.ended": ("A campaign ended", "Eine Kampagne endete"),
    "case_study.announced": ("Was told of a case study", "Von einer Fallstudie wurde erzählt"),
    "channel.joined": ("Joined a channel", "Ist einem Kanal beigetreten"),
    "channel.left": ("Left a channel", "Hat einen Kanal verlassen"),
    "community.joined": ("Joined the community", "Ist der Community beigetreten"),
    "community.left": ("Left the community", "Hat die Community verlassen"),
    "consent.given": ("Agreed to a use of their data", "Hat einer Verwendung zugestimmt"),
    "consent.withdrawn": ("Withdrew a consent", "Hat eine Zustimmung zurückgezogen"),
    "content.flagged": ("Flagged something", "Hat etwas gemeldet"),
    "content.moderated": ("A moderator acted on a post of theirs", "Die Moderation hat einen Beitrag behandelt"),
    "draft.abandoned": ("Left a draft unfinished", "Hat einen Entwurf liegen lassen"),
    "draft.started": ("Began a draft", "Hat einen Entwurf begonnen"),
    "event.announced": ("An event was announced", "Ein Termin wurde angekündigt"),
    "event.attended": ("Took part in an event", "War bei einem Termin dabei"),
    "event.registered": ("Registered for an event", "Hat sich zu einem Termin angemeldet"),
    "feature.announced": ("A feature was announced", "Eine Funktion wurde angekündigt"),
    "feature.used": ("Used a feature", "Hat eine Funktion benutzt"),
    "group.joined": ("Joined a group", "Ist einer Gruppe beigetreten"),
    "group.left": ("Left a group", "Hat eine Gruppe verlassen"),
    "guideline.changed": ("A guideline changed", "Eine Richtlinie wurde geändert"),
    "help.requested": ("Asked the bot for help", "Hat den Bot um Hilfe gebeten"),
    "link.clicked": ("Followed a link", "Ist einem Link gefolgt"),
    "member.introduced": ("Introduced themselves", "Hat sich vorgestellt"),
    "milestone.reached": ("Reached a milestone", "Hat einen Meilenstein erreicht"),
    "moderator.explained": ("Explained something to somebody", "Hat jemandem etwas erklärt"),
    "policy.changed": ("A policy changed", "Eine Regel wurde geändert"),
    "post.created": ("Wrote a post", "Hat einen Beitrag geschrieben"),
    "post.deleted": ("Deleted a post", "Hat einen Beitrag gelöscht"),
    "post.edited": ("Edited a post", "Hat einen Beitrag geändert"),
    "post.read": ("Read a post", "Hat einen Beitrag gelesen"),
    "post.replied": ("Replied to a post", "Hat auf einen Beitrag geantwortet"),
    "preference.opted_in": ("Asked for messages of a kind again", "Möchte Nachrichten einer Art wieder"),
    "preference.opted_out": ("Wants no more messages of a kind", "Möchte keine Nachrichten einer Art mehr"),
    "preference.snoozed": ("Asked for a pause", "Hat um eine Pause gebeten"),
    "preference.time_chosen": ("Chose a time for messages", "Hat eine Zeit für Nachrichten gewählt"),
    "presence.seen": ("Was here", "War da"),
    "profile.changed": ("Changed the profile", "Hat das Profil geändert"),
    "profile.completed": ("Completed the profile", "Hat das Profil ausgefüllt"),
    "question.answered": ("Answered a question", "Hat eine Frage beantwortet"),
    "question.asked": ("Asked a question", "Hat eine Frage gestellt"),
    "reaction.added": ("Reacted to a post", "Hat auf einen Beitrag reagiert"),
    "reaction.removed": ("Took a reaction back", "Hat eine Reaktion zurückgenommen"),
    "search.performed": ("Searched", "Hat gesucht"),
    "session.announced": ("A session was announced", "Eine Veranstaltung wurde angekündigt"),
    "suggestion.dropped": ("A suggestion for them was dropped", "Ein Vorschlag wurde verworfen"),
    "suggestion.edited": ("A suggestion was sent in other words", "Ein Vorschlag ging in anderen Worten hinaus"),
    "suggestion.sent": ("A suggestion was sent as it was", "Ein Vorschlag ging hinaus, wie er war"),
    "survey.answered": ("Answered a survey", "Hat eine Umfrage beantwortet"),
    "task.begun": ("Began a task", "Hat eine Aufgabe begonnen"),
    "task.completed": ("Completed a task", "Hat eine Aufgabe erledigt"),
    "thread.changed": ("A thread changed", "Ein Thema wurde geändert"),
    "thread.opened": ("Opened a thread", "Hat ein Thema eröffnet"),
    "outcome.clicked": ("Opened what was sent", "Hat das Gesendete geöffnet"),
    "outcome.delivered": ("The message was delivered", "Die Nachricht wurde zugestellt"),
    "outcome.dismissed": ("Dismissed it", "Hat sie weggeklickt"),
    "outcome.failed": ("The message could not be delivered", "Die Nachricht war nicht zuzustellen"),
    "outcome.helpful": ("Found it helpful", "Fand sie hilfreich"),
    "outcome.not_helpful": ("Found it not helpful", "Fand sie nicht hilfreich"),
    "outcome.opted_out": ("Wants no more of this kind", "Möchte nichts dieser Art mehr"),
    "outcome.recalled": ("The message was called back", "Die Nachricht wurde zurückgerufen"),
    "outcome.seen": ("Saw it", "Hat sie gesehen"),
    "outcome.snoozed": ("Wants it later", "Möchte sie später"),
    "outcome.withdrawn": ("The message was taken back", "Die Nachricht wurde zurückgenommen"),
    "outcome.wrong_moment": ("It came at the wrong moment", "Sie kam im falschen Moment"),
}
SIGNALS: dict[str, tuple[str, str]] = {
    "overdue": ("Silent for longer than usual", "Länger still als sonst"),
    "returned": ("Back after a long time", "Nach langer Zeit zurück"),
    "regular_reader": ("Reads regularly and has never posted", "Liest regelmäßig und hat nie geschrieben"),
    "not_started": ("Joined, and has not posted yet", "Beigetreten, aber noch nichts geschrieben"),
    "stuck": ("Stuck on a journey: the next step is overdue", "Steckt auf einem Weg fest: Der nächste Schritt ist überfällig"),
    "resumed": ("Goes on with a journey", "Geht auf einem Weg weiter"),
    "journey_done": ("Completed a journey", "Hat einen Weg abgeschlossen"),
    "asked_again": ("Asked the same again", "Hat dasselbe noch einmal gefragt"),
    "asked_by_many": ("Asked what many ask", "Hat gefragt, was viele fragen"),
    "explained_again": ("Explained the same again", "Hat dasselbe noch einmal erklärt"),
    "unanswered": ("A question of theirs stays without an answer", "Eine Frage bleibt ohne Antwort"),
    "answered": ("Their question has an answer", "Ihre Frage hat eine Antwort"),
    "asked": ("This was a question", "Das war eine Frage"),
    "peer_wanted": ("Could answer a question that waits", "Könnte eine wartende Frage beantworten"),
    "missed": ("Missed what was talked about", "Hat verpasst, worüber gesprochen wurde"),
    "calmed": ("The place is calm again", "Der Ort ist wieder ruhig"),
    "heated": ("The place is heated", "Der Ort ist erhitzt"),
    "quarrelled": ("Was a side of a quarrel", "War Partei in einem Streit"),
    "moderated": ("A moderator acted on their words", "Die Moderation hat die Worte behandelt"),
    "targeted": ("Was aimed at by words on which a moderator acted", "War Ziel von Worten, die die Moderation behandelt hat"),
    "reported": ("Flagged something", "Hat etwas gemeldet"),
    "lost": ("Confused, stuck or annoyed at something", "Verwirrt, festgefahren oder verärgert über etwas"),
    "milestone": ("A milestone", "Ein Meilenstein"),
    "came_back": ("Back after a silence", "Nach einer Stille zurück"),
    "search_unclicked": ("Searched, and clicked nothing", "Hat gesucht und nichts angeklickt"),
    "feature_first_used": ("Used a feature for the first time", "Hat eine Funktion zum ersten Mal benutzt"),
    "event_near": ("An event they registered for is near", "Ein Termin mit Anmeldung steht bevor"),
    "overloaded": ("Waved a lot away; gets less", "Hat viel weggeklickt; bekommt weniger"),
    "helped": ("Found a page helpful; another goes deeper", "Fand eine Seite hilfreich; eine andere geht tiefer"),
    "help_requested": ("Asked the bot for something", "Hat den Bot um etwas gebeten"),
}  # fmt: skip
SIGNAL, GERMAN = "signal", "de"


def said(kind: str, about: str, language: str) -> tuple[str, str]:
    """Return what happened, and what stands beside it: of an outcome the playbook, of a signal its name and the detector's score."""
    at = int(language == GERMAN)
    if kind != SIGNAL:
        known = EVENTS.get(kind)
        return (known[at] if known else kind), about
    name, _, score = about.partition(" ")
    found = SIGNALS.get(name)
    measure = ("score", "Maß")[at]
    return (found[at] if found else name), f"{name}, {measure} {score}" if score else name


def occasions(spec: Playbook, language: str) -> str:
    """Return on what events or signals a playbook begins, in words."""
    named = (one for one in (spec.trigger, *spec.also) if one)
    return ", ".join(dict.fromkeys(_occasion(one, language) for one in named)) or "–"


def _occasion(trigger: str, language: str) -> str:
    if trigger.startswith(f"{SIGNAL}."):
        return said(SIGNAL, trigger.removeprefix(f"{SIGNAL}."), language)[0]
    return said(trigger, "", language)[0]
