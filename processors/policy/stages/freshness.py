"""Is it still the right moment, and is the resource fit to send?"""

from processors.decisions import Reason
from processors.policy.case import DAY, WEEK, Case, Ruling

HOUR = 3600.0


def rule(case: Case) -> Ruling | None:
    """Relevance decays: after `expires` a trigger is history. Missing, retired, expired or unverified resources are not sent."""
    age = case.now - case.candidate.began
    case.values["age_s"] = round(age)
    expires = case.playbook.spec.expires + _digest_wait(case)
    if age >= expires:
        quiet = case.candidate.held == Reason.QUIET_HOURS_HOLD
        return Ruling(Reason.QUIET_HOURS_STALE if quiet else Reason.EVENT_STALE, f"age below {expires:.0f} s")
    resource = case.catalog.resources.get(case.offered)
    if resource is None or not resource.locales:
        return Ruling(Reason.RESOURCE_MISSING, "the resource in the catalog")
    if resource.retired or (resource.expires and resource.expires <= case.now):
        return Ruling(Reason.RESOURCE_EXPIRED, "a resource in force")
    if resource.kind == "helpline" and not resource.verified:
        return Ruling(Reason.HELPLINE_UNVERIFIED, "a verified helpline")
    case.resource = resource
    return None


def _digest_wait(case: Case) -> float:
    """Return what is granted (s) to what waits for a digest that the member chose: it is asked again all the same."""
    if not case.in_digest or case.state.wishes is None:
        return 0.0
    return (WEEK if case.state.wishes.when == "weekly" else DAY) + HOUR
