"""What time does to content: expired or about to, reviews overdue, helplines that nobody has looked at, pages without an owner."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from processors.playbooks.resources import Resource
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Check, Finding, Said, found

LOOK: Said = (
    "look whether it still holds, then set a later day",
    "sehen Sie nach, ob es noch stimmt, und setzen Sie einen späteren Tag",
)
CALL: Said = (
    "call or look, then verify it anew",
    "rufen Sie an oder sehen Sie nach, und bestätigen Sie es neu",
)
SOON_DAYS = 14  # before it happens there is still a fortnight to look


def check(content: Content) -> Iterator[Finding]:
    """Yield what is past its day, or has nobody who would notice."""
    for resource in content.current:
        path = content.path(resource)
        yield from _expiry(content, resource, path)
        yield from _review(content, resource, path)
        if not resource.owner:
            said = ("nobody looks after it; name an owner", "niemand ist zuständig; nennen Sie jemanden (owner)")
            yield found("warning", "unowned", resource.id, said, path)
        if resource.kind == "helpline" and not resource.verified:
            yield _unverified(content, resource, path)


def _expiry(content: Content, resource: Resource, path: str) -> Iterator[Finding]:
    if not resource.expires:
        return
    day = datetime.fromtimestamp(resource.expires, UTC).date()
    left, live = (day - content.day).days, content.live(resource)
    check: Check = "helpline" if resource.kind == "helpline" else "expired"
    how, wie = LOOK if check == "expired" else CALL
    if left <= 0:
        names = ", ".join(live)
        offered, obwohl = (f" though {names} would send it", f", obwohl {names} es senden würde") if live else ("", "")
        said = (f"sent no more since {day}{offered}; {how}", f"seit {day} nicht mehr gesendet{obwohl}; {wie}")
        yield found("error" if live else "warning", check, resource.id, said, path)
    elif left <= SOON_DAYS:
        said = (
            f"sent no more from {day} on, in {left} days; {how}",
            f"ab {day} nicht mehr gesendet, in {left} Tagen; {wie}",
        )
        yield found("warning", check, resource.id, said, path)


def _review(content: Content, resource: Resource, path: str) -> Iterator[Finding]:
    if not resource.review_by:
        said = ("no day of review; set review_by", "kein Tag der Durchsicht; setzen Sie review_by")
        yield found("note", "stale", resource.id, said, path)
        return
    over = (content.day - date.fromisoformat(resource.review_by)).days
    if over > 0:
        said = (
            f"to be looked at since {resource.review_by} ({over} days); read it, then set a later review_by",
            f"seit {resource.review_by} durchzusehen ({over} Tage); lesen Sie es, und setzen Sie review_by später",
        )
        yield found("warning", "stale", resource.id, said, path)


def _unverified(content: Content, resource: Resource, path: str) -> Finding:
    """A helpline that nobody checked is never sent: grave where a community has switched the support on."""
    on = sorted(name for name, policy in content.policies.items() if policy.distress_support)
    where = f"distress support is on ({', '.join(on)}), and" if on else "before distress support is switched on:"
    wo = f"Hilfe in Not ist eingeschaltet ({', '.join(on)}), und" if on else "bevor Hilfe in Not eingeschaltet wird:"
    said = (
        f"{where} nobody has verified it; call or look, then set verified, verified_by, verified_at, source and expires",
        f"{wo} niemand hat es überprüft; rufen Sie an oder sehen Sie nach, und setzen Sie verified, verified_by, verified_at, source und expires",
    )
    return found("error" if on else "note", "helpline", resource.id, said, path)
