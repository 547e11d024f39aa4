"""What time does to content: expired or about to, reviews overdue, helplines that nobody has looked at, pages without an owner."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from processors.resources import Resource
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Check, Finding

SOON_DAYS = 14  # before it happens there is still a fortnight to look


def check(content: Content) -> Iterator[Finding]:
    """Yield what is past its day, or has nobody who would notice."""
    for resource in content.current:
        path = content.path(resource)
        yield from _expiry(content, resource, path)
        yield from _review(content, resource, path)
        if not resource.owner:
            yield Finding("warning", "unowned", resource.id, "nobody looks after it; name an owner", path)
        if resource.kind == "helpline" and not resource.verified:
            yield _unverified(content, resource, path)


def _expiry(content: Content, resource: Resource, path: str) -> Iterator[Finding]:
    if not resource.expires:
        return
    day = datetime.fromtimestamp(resource.expires, UTC).date()
    left, live = (day - content.day).days, content.live(resource)
    check: Check = "helpline" if resource.kind == "helpline" else "expired"
    how = (
        "look whether it still holds, then set a later day"
        if check == "expired"
        else "call or look, then verify it anew"
    )
    if left <= 0:
        offered = f" though {', '.join(live)} would send it" if live else ""
        yield Finding(
            "error" if live else "warning", check, resource.id, f"sent no more since {day}{offered}; {how}", path
        )
    elif left <= SOON_DAYS:
        yield Finding("warning", check, resource.id, f"sent no more from {day} on, in {left} days; {how}", path)


def _review(content: Content, resource: Resource, path: str) -> Iterator[Finding]:
    if not resource.review_by:
        yield Finding("note", "stale", resource.id, "no day of review; set review_by", path)
        return
    over = (content.day - date.fromisoformat(resource.review_by)).days
    if over > 0:
        message = f"to be looked at since {resource.review_by} ({over} days); read it, then set a later review_by"
        yield Finding("warning", "stale", resource.id, message, path)


def _unverified(content: Content, resource: Resource, path: str) -> Finding:
    """A helpline that nobody checked is never sent: grave where a community has switched the support on."""
    on = sorted(name for name, policy in content.policies.items() if policy.distress_support)
    where = f"distress support is on ({', '.join(on)}), and" if on else "before distress support is switched on:"
    message = (
        f"{where} nobody has verified it; call or look, then set verified, verified_by, verified_at, source and expires"
    )
    return Finding("error" if on else "note", "helpline", resource.id, message, path)
