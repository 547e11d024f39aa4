"""What content reaches: resources that nothing offers, that nobody got or found helpful, and themes and moments without one."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from processors.playbooks.catalog_search import may_be_found
from processors.playbooks.resources import Resource
from processors.signals import KINDS
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding, found
from resource_catalog.health.texts import languages
from resource_catalog.health.usage import BAD, GOOD, Use

LONG_DAYS = 28.0  # a shorter history does not show that something is of no use
SENT_MIN = 10  # sends from which nothing opened and nothing found helpful says something
JUDGED_MIN = 5  # answers from which a resource that more found wanting than helpful says something
# Signals that steer, and ask for nothing to be sent.
STEERING = frozenset(
    {"answered", "resumed", "journey_done", "asked", "overloaded", "distress", "regular_reader", "came_back", "calmed"}
)


NOTHING_LEADS = (
    "nothing offers it, nothing leads to it, and search is never; offer it, let it be found, or retire it",
    "nichts bietet es an, nichts führt hin, und die Suche findet es nicht (search: never); bieten Sie es an, lassen Sie es finden, oder ziehen Sie es zurück",
)
UNANSWERED = (
    "no playbook answers this signal; members get nothing when it comes",
    "kein Playbook antwortet auf dieses Signal; Mitglieder bekommen nichts, wenn es kommt",
)


class Theme(msgspec.Struct):
    """A theme of the catalog: how many resources are in force, in which languages, who offers them, how often they were sent."""

    theme: str
    resources: list[str] = []
    locales: list[str] = []
    playbooks: list[str] = []
    sent: int = 0


def check(content: Content) -> Iterator[Finding]:
    """Yield what nothing leads to, what did not help, and what is not covered."""
    leading = _led_to(content)
    for resource in content.current:
        path = content.path(resource)
        if not (content.offering[resource.id] or resource.id in leading or _may_be_found(content, resource)):
            yield found("warning", "unused", resource.id, NOTHING_LEADS, path)
        yield from _used(content, resource, path)
    yield from _coverage(content)


def themes(content: Content) -> list[Theme]:
    """Return how each theme is covered, by name."""
    found: dict[str, Theme] = {}
    for resource in content.current:
        theme = found.setdefault(resource.theme, Theme(resource.theme))
        theme.resources.append(resource.id)
        theme.locales = sorted({*theme.locales, *resource.locales})
        theme.playbooks = sorted({*theme.playbooks, *(one.id for one in content.offering[resource.id])})
        theme.sent += content.usage.of[resource.id].sent if content.usage and resource.id in content.usage.of else 0
    return [found[name] for name in sorted(found)]


def _led_to(content: Content) -> set[str]:
    """Return the resources that others lead to."""
    choices = {
        choice.resource
        for one in content.current for text in one.locales.values() for branch in text.branches for choice in branch.choices
    }  # fmt: skip
    links = {text.link.removeprefix("resource:") for one in content.current for text in one.locales.values()}
    named = {name for one in content.resources.values() for name in (one.deeper, one.replaced_by)}
    return choices | links | named


def _may_be_found(content: Content, resource: Resource) -> bool:
    return may_be_found(resource) and content.matching


def _used(content: Content, resource: Resource, path: str) -> Iterator[Finding]:
    """Yield what the history says of a resource: nothing, where it is too short, or where the safety lane sends it."""
    usage = content.usage
    if usage is None or any(one.lane == "safety" for one in content.offering[resource.id]):
        return
    use = usage.of[resource.id] if resource.id in usage.of else Use()
    good, bad = use.count(*GOOD), use.count(*BAD)
    if not use.sent and usage.days >= LONG_DAYS:
        said = (
            f"sent to nobody in {usage.days:.0f} days of history; is its moment still there?",
            f"in {usage.days:.0f} Tagen Verlauf an niemanden gesendet; gibt es den Anlass noch?",
        )
        yield found("note", "unused", resource.id, said, path)
    elif use.sent >= SENT_MIN and use.outcomes and not good:
        said = (
            f"sent {use.sent} times, opened by nobody and helpful to nobody; say it otherwise, or offer something else",
            f"{use.sent}-mal gesendet, von niemandem geöffnet und niemandem hilfreich; sagen Sie es anders, oder bieten Sie etwas anderes an",
        )
        yield found("warning", "never-helpful", resource.id, said, path)
    elif good + bad >= JUDGED_MIN and bad > good:
        said = (
            f"{bad} set it aside or found it not helpful, {good} opened it or found it helpful; say it otherwise",
            f"{bad} legten es weg oder fanden es nicht hilfreich, {good} öffneten es oder fanden es hilfreich; sagen Sie es anders",
        )
        yield found("warning", "never-helpful", resource.id, said, path)


def _coverage(content: Content) -> Iterator[Finding]:
    """Yield themes in which nothing is in force, themes with a language less, and signals that nothing answers."""
    by_theme: dict[str, list[Resource]] = defaultdict(list)
    for resource in content.resources.values():
        by_theme[resource.theme].append(resource)
    now = [one for one in content.current if not one.expires or one.expires > content.epoch]
    for theme, resources in sorted(by_theme.items()):
        current = [one for one in now if one.theme == theme]
        if not current:
            names = ", ".join(sorted(one.id for one in resources))
            said = (
                f"all of this theme is retired or expired: {names}",
                f"alles zu diesem Thema ist zurückgezogen oder abgelaufen: {names}",
            )
            yield found("warning", "coverage", theme, said)
            continue
        lacking = [one for one in languages(content) if not any(one in resource.locales for resource in current)]
        if lacking:
            tongues = ", ".join(lacking)
            said = f"nothing of this theme in {tongues}", f"nichts zu diesem Thema auf {tongues}"
            yield found("warning", "coverage", theme, said)
    answered = {trigger.removeprefix("signal.") for one in content.playbooks for trigger in (one.trigger, *one.also)}
    for kind in KINDS:
        if kind not in answered and kind not in STEERING:
            yield found("note", "coverage", f"signal {kind}", UNANSWERED)
