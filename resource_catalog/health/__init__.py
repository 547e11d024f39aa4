"""Catalog health: what of the content is stale, dead, double, missing, out of place, unused or never helpful."""

from resource_catalog.health import dates, links, medium, reach, texts
from resource_catalog.health.content import Content
from resource_catalog.health.findings import Finding, gravest_first

CHECKS = (dates.check, links.check, texts.check, medium.check, reach.check)
# What an author can mend without a calendar or a history.
STATIC = (links.check, texts.check, medium.check)


def health(content: Content) -> list[Finding]:
    """Return all findings, the gravest first."""
    return gravest_first([finding for check in CHECKS for finding in check(content)])


def faults(content: Content) -> list[Finding]:
    """Return the findings that need neither a calendar nor a history, the gravest first."""
    return gravest_first([finding for check in STATIC for finding in check(content)])
