"""What was done at the console, as its record says it: in plain words of both languages; what has none is named by its code."""

DEEDS: dict[str, tuple[str, str]] = {
    "account.invited": ("Invited somebody", "Hat jemanden eingeladen"),
    "account.let_in": ("Let somebody in again", "Hat jemanden wieder zugelassen"),
    "account.made": ("Made an account", "Hat ein Konto angelegt"),
    "account.role": ("Gave somebody another role", "Hat jemandem eine andere Rolle gegeben"),
    "account.shut_out": ("Shut somebody out", "Hat jemanden ausgesperrt"),
    "dead_letter.revealed": ("Looked at a dead letter", "Hat Unzustellbares angesehen"),
    "dead_letters.replayed": ("Wrote dead letters back", "Hat Unzustellbares zurückgeschrieben"),
    "kill_switch.off": ("Took a kill switch back", "Hat den Notschalter zurückgenommen"),
    "kill_switch.on": ("Stopped all sending", "Hat alles Senden angehalten"),
    "message.to_oneself": ("Sent a message to themselves", "Hat sich selbst eine Nachricht gesendet"),
    "own_address.asked": ("Gave an address of their own", "Hat eine eigene Adresse angegeben"),
    "own_address.confirmed": ("Confirmed their address", "Hat die eigene Adresse bestätigt"),
    "own_address.forgotten": ("Took their address away", "Hat die eigene Adresse entfernt"),
    "playbook.approved": ("Approved a playbook", "Hat ein Playbook freigegeben"),
    "playbook.backtest": ("Began a backtest", "Hat einen Rückblick-Test begonnen"),
    "playbook.backtest_cancelled": ("Ended a backtest", "Hat einen Rückblick-Test abgebrochen"),
    "playbook.proposed": ("Proposed a change", "Hat eine Änderung vorgelegt"),
    "playbook.published": ("Published a playbook", "Hat ein Playbook veröffentlicht"),
    "playbook.refused": ("Turned a proposal down", "Hat einen Antrag abgelehnt"),
    "playbook.rollback": ("Went back to what was before", "Ist zum Stand davor zurückgegangen"),
    "playbook.withdrawn": ("Withdrew a proposal", "Hat einen Antrag zurückgezogen"),
    "refused": ("Tried what the role does not include", "Hat versucht, was die Rolle nicht einschließt"),
    "review.revealed": ("Looked at whom an item is about", "Hat angesehen, um wen es geht"),
    "review.right": ("Reviewed: it was right", "Hat geprüft: Es stimmte"),
    "review.acted": ("Reviewed: it was right, and acted", "Hat geprüft: Es stimmte, und gehandelt"),
    "review.wrong": ("Reviewed: it was wrong", "Hat geprüft: Es stimmte nicht"),
    "sign_in": ("Signed in", "Hat sich angemeldet"),
    "sign_in.refused": ("A sign-in was refused", "Eine Anmeldung wurde abgewiesen"),
    "sign_out": ("Signed out", "Hat sich abgemeldet"),
    "silence.off": ("Took a silence back", "Hat eine Stille zurückgenommen"),
    "silence.on": ("Silenced something", "Hat etwas stillgestellt"),
    "suggestion.dropped": ("Dropped a suggestion", "Hat einen Vorschlag verworfen"),
    "suggestion.edited": ("Sent a suggestion in other words", "Hat einen Vorschlag in anderen Worten gesendet"),
    "suggestion.sent": ("Sent a suggestion", "Hat einen Vorschlag gesendet"),
}


def deed(action: str, language: str) -> str:
    """Return what was done, in words."""
    known = DEEDS.get(action)
    return known[language == "de"] if known else action
