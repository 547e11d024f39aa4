"""Is it still the right moment, and is the resource fit to send?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Relevance decays: after `expires` a trigger is history. Missing, retired, expired or unverified resources are not sent."""
    age = case.now - case.candidate.began
    case.values["age_s"] = round(age)
    if age > case.playbook.spec.expires:
        held = case.candidate.attempt > 0 and case.candidate.facts.get("quiet")
        return Ruling(
            Reason.QUIET_HOURS_STALE if held else Reason.EVENT_STALE, f"age up to {case.playbook.spec.expires:.0f} s"
        )
    resource = case.catalog.resources.get(case.offered)
    if resource is None or not resource.locales:
        return Ruling(Reason.RESOURCE_MISSING, "the resource in the catalog")
    if resource.retired or (resource.expires and resource.expires <= case.now):
        return Ruling(Reason.RESOURCE_EXPIRED, "a resource in force")
    if resource.kind == "helpline" and not resource.verified:
        return Ruling(Reason.HELPLINE_UNVERIFIED, "a verified helpline")
    case.resource = resource
    return None
