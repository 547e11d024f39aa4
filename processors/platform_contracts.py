"""What a platform's terms forbid to conclude from its data, whatever a community's policy says."""

# Discord's developer policy: no API data may be used to infer health or other sensitive matters of its users.
NEVER_INFERRED: dict[str, frozenset[str]] = {"discord": frozenset({"distress_language"})}


def may_infer(platform: str, detector: str) -> bool:
    """Tell whether a detector may look at what comes from a platform."""
    return detector not in NEVER_INFERRED.get(platform.casefold(), ())
