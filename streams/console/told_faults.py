"""What went wrong, in the reader's language: messages of the program are English, and those that pages show have a German beside them here.

What has none stays English and says so to screen readers (`lang`): words of the linter about a file's fields, what a library said.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

# A pattern of the English message, and the German with its groups; the whole message must fit.
_GERMAN: tuple[tuple[str, str], ...] = (
    (r"no broker answers at (\S+) \((\w+)\); is it running, is LOTSE_BOOTSTRAP right\?", r"Unter \1 antwortet kein Broker (\2). Läuft er, stimmt LOTSE_BOOTSTRAP?"),
    (r"topic (\S+) does not exist on (\S+); run: lotse topics apply", r"Das Topic \1 gibt es auf \2 nicht. Dazu: lotse topics apply"),
    (r"(\S+) could not be read: no record for (\d+) s", r"\1 war nicht zu lesen: seit \2 s kein Eintrag."),
    (r"reason: say why, in 1 to (\d+) characters", r"Sagen Sie, warum, in 1 bis \1 Zeichen."),
    (r"reason: say why not, in 1 to (\d+) characters", r"Sagen Sie, warum nicht, in 1 bis \1 Zeichen."),
    (r"(.+) is at it already(; nothing was done)?", r"\1 ist schon dabei. Nichts wurde getan."),
    (r"it is answered, and the answer is on its way; nothing was done", r"Es ist beantwortet, und die Antwort ist unterwegs. Nichts wurde getan."),
    (r"this suggestion does not wait any more; reload the list", r"Dieser Vorschlag wartet nicht mehr. Laden Sie die Liste neu."),
    (r"this proposal does not wait any more; reload the list", r"Dieser Antrag wartet nicht mehr. Laden Sie die Liste neu."),
    (r"this item is not open any more; .+", r"Dieser Eintrag ist nicht mehr offen. Zurück zur Liste; nichts wurde getan."),
    (r"take it first: somebody else may be at it by now", r"Nehmen Sie ihn erst: Vielleicht ist inzwischen jemand anderes dabei."),
    (r"this is your own proposal: somebody else must look at it", r"Das ist Ihr eigener Antrag: Jemand anderes muss ihn ansehen."),
    (r"somebody else has just answered it", r"Jemand anderes hat gerade geantwortet."),
    (r"your role does not include .+", r"Ihre Rolle schließt das nicht ein."),
    (r"text: expected 1 to (\d+) characters, found (\d+)", r"Der Text darf 1 bis \1 Zeichen haben, er hat \2."),
    (r"silence: name at least a playbook, a theme or a community; to stop all, use the kill switch", r"Nennen Sie wenigstens ein Playbook, ein Thema oder eine Community; um alles anzuhalten, gibt es den Notschalter."),
    (r"community, playbook, theme: expected names without a slash", r"Community, Playbook und Thema sind Namen ohne Schrägstrich."),
    (r"a backtest of (\S+) is running; wait for its end, or cancel it", r"Ein Backtest von \1 läuft. Warten Sie, bis er fertig ist, oder brechen Sie ihn ab."),
    (r"(\S+): nothing is known of what it would do; .+", r"\1: Was es täte, ist nicht bekannt. Machen Sie erst einen Backtest davon, wie es jetzt ist, oder lassen Sie es nur zählen (shadow)."),
    (r"(\S+): it would go further than (\w+); publish it as it is, then promote it", r"\1: Es ginge weiter als \2. Veröffentlichen Sie es, wie es ist, und lassen Sie es dann weiter."),
    (r"(\S+): somebody else has changed it meanwhile; .+", r"\1: Jemand anderes hat es inzwischen geändert; nichts wurde getan. Öffnen Sie es in einem anderen Tab neu, und übertragen Sie Ihre Änderung."),
    (r"id: expected lower-case words with dots or hyphens between, such as onboarding\.how-to-start; found (.*)", r"Die Kennung besteht aus kleinen Wörtern mit Punkten oder Bindestrichen dazwischen, etwa onboarding.how-to-start; gefunden: \1"),
    (r"id: there is a playbook (\S+) already", r"Ein Playbook \1 gibt es schon."),
    (r"the catalog has no playbook (\S+?)(; did you mean (\S+)\?)?", r"Der Katalog hat kein Playbook \1."),
    (r"too many changes wait for a second person; answer or withdraw some first", r"Zu viele Änderungen warten auf eine zweite Person. Beantworten Sie erst einige, oder ziehen Sie welche zurück."),
    (r"give your address first, and confirm it", r"Geben Sie erst Ihre Adresse an, und bestätigen Sie sie."),
    (r"ten messages to yourself were enough for now; try again in a few minutes", r"Zehn Nachrichten an sich selbst genügen fürs Erste. Versuchen Sie es in ein paar Minuten wieder."),
    (r"no catalog was published yet: nothing to go back to", r"Noch wurde kein Katalog veröffentlicht: Es gibt nichts, wohin man zurückkönnte."),
    (r"(\S+): it was never published otherwise; .+", r"\1: Es war nie anders veröffentlicht. Anhalten lässt es sich unter „Weiterlassen“ (off)."),
    (r"(\S+): it offers what matches a question, so there is no message without one; .+", r"\1: Es bietet an, was zu einer Frage passt; ohne eine gibt es keine Nachricht. Versuchen Sie einen Backtest."),
    (r"the log of this member's partition is too long to be folded here; run: (.+)", r"Das Log dieses Mitglieds ist zu lang, um es hier durchzurechnen. Auf der Kommandozeile: \1"),
    (r"the catalog (\w+) that was in force is not kept any more", r"Der Katalog \1, der damals galt, ist nicht mehr aufbewahrt."),
    (r"(\w+): expected a whole number from 0 to (\d+)", r"\1: eine ganze Zahl von 0 bis \2."),
    (r"(\w+): expected days from 0 to (\d+)", r"\1: Tage von 0 bis \2."),
    (r"(\w+): expected a number", r"\1: eine Zahl."),
    (r"no catalog is published; run: lotse catalog publish", r"Noch ist kein Katalog veröffentlicht. Dazu: lotse catalog publish"),
    (r"steps: this file's offer does not stand on lines of its own; write the steps as YAML", r"Das Angebot dieser Datei steht nicht auf eigenen Zeilen. Schreiben Sie die Schritte als YAML."),
)  # fmt: skip
_PATTERNS = tuple((re.compile(english), german) for english, german in _GERMAN)


def told(message: str, words: Mapping[str, str]) -> str | Markup:
    """Return what a page says of a fault, in the language of its words."""
    if not message or words["tag"] == "en":
        return message
    for pattern, german in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return found.expand(german)
    return Markup('<span lang="en">{}</span>').format(escape(message))
