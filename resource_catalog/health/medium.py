"""The medium in proportion to the message: what is long, private, urgent or standing, held against the channels that carry it.

| message | medium |
|---|---|
| urgent and small | banner, tooltip (in-app) |
| personal, or asked for | direct message; a reply in the thread for a question asked there |
| several steps, long, over days | email, digest, or a link from a direct message |
| standing need (docs, values) | pinned post |
"""

from collections.abc import Iterator

from processors.playbooks.resources import Localised, Playbook, Resource
from resource_catalog.care_text import CARE_THEMES
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding, Said, found

PUBLIC = frozenset({"thread", "pinned", "staff"})
PASSING = frozenset({"in_app"})  # seen for a moment, over something else
STEPS_IN_PASSING = 5  # more cannot be kept in mind while something else is on the screen
PASSES = frozenset({"session"})  # kinds whose day comes and goes


def check(content: Content) -> Iterator[Finding]:
    """Yield what is sent over a channel that does not fit it, and what is nothing but its summary where more is promised."""
    for resource in content.current:
        path = content.path(resource)
        for playbook in content.offering[resource.id]:
            fault = _misfit(resource, playbook)
            if fault:
                said = (
                    f"{playbook.id} sends it over {' and '.join(playbook.channels)}: {fault[0]}",
                    f"{playbook.id} sendet es über {' und '.join(playbook.channels)}: {fault[1]}",
                )
                yield found("error" if resource.kind == "helpline" else "warning", "medium", resource.id, said, path)
        for locale, text in resource.locales.items():
            hollow = _hollow(resource, text)
            if hollow:
                yield found("warning", "medium", resource.id, hollow, content.path(resource, locale))
        if resource.kind in PASSES and not resource.expires:
            said = (
                f"a {resource.kind} passes; set expires to the day after",
                f"{resource.kind} geht vorüber; setzen Sie expires auf den Tag danach",
            )
            yield found("warning", "medium", resource.id, said, path)


def _misfit(resource: Resource, playbook: Playbook) -> Said | None:
    channels = set(playbook.channels)
    if resource.kind == "helpline" and channels & PUBLIC:
        return (
            "others see it there; a helpline is offered in private alone",
            "andere sehen es dort; eine Hilfsnummer wird nur privat angeboten",
        )
    if resource.kind == "gif" and (playbook.lane == "safety" or resource.theme in CARE_THEMES):
        return "no moving picture for somebody who hurts", "kein bewegtes Bild für jemanden, dem es schlecht geht"
    longest = max((len(text.steps) or len(text.branches) for text in resource.locales.values()), default=0)
    if channels <= PASSING and longest > STEPS_IN_PASSING:
        return (
            f"{longest} steps are too many in passing; add direct_message or email",
            f"{longest} Schritte sind zu viel im Vorbeigehen; nehmen Sie direct_message oder email dazu",
        )
    if playbook.priority == "urgent" and channels == {"email"}:
        return (
            "urgent, and read hours later; add in_app or direct_message",
            "dringend, und erst Stunden später gelesen; nehmen Sie in_app oder direct_message dazu",
        )
    return None


def _hollow(resource: Resource, text: Localised) -> Said | None:
    """Return what a kind promises and a text does not hold."""
    if resource.kind == "checklist" and not text.steps:
        return (
            "a checklist without steps; write them under steps, or call it a microguide",
            "eine Checkliste ohne Schritte; schreiben Sie sie unter steps, oder nennen Sie es microguide",
        )
    if resource.kind in ("how-to", "template", "case-study", "session") and not (text.steps or text.body or text.link):
        return (
            f"a {resource.kind} that ends with its summary; add steps, a text or a link, or call it a summary",
            f"{resource.kind}, das mit seiner Zusammenfassung endet; ergänzen Sie Schritte, einen Text oder einen Link, oder nennen Sie es summary",
        )
    return None
