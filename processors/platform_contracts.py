"""What a platform's terms forbid to conclude from its data or to send there, whatever a community's policy says."""

# Discord's developer policy: no API data may be used to infer health or other sensitive matters of its users.
NEVER_INFERRED: dict[str, frozenset[str]] = {"discord": frozenset({"distress_language"})}

# Signals that such a detector gives.
_GIVEN_BY = {"signal.distress": "distress_language", "signal.concern": "distress_language"}
# Where nobody is written to in private who did not ask for it: Discord's developer policy (unsolicited messages); a bot
# of Telegram cannot begin a conversation at all.
_ASKED_ONLY: dict[str, frozenset[str]] = {
    "discord": frozenset({"direct_message"}), "telegram": frozenset({"direct_message"}),
}  # fmt: skip
_ASKED = frozenset({"answer", "request"})
RESTRICTED = frozenset({*NEVER_INFERRED, *_ASKED_ONLY})  # platforms whose terms forbid something


def may_infer(platform: str, detector: str) -> bool:
    """Tell whether a detector may look at what comes from a platform."""
    return detector not in NEVER_INFERRED.get(platform.casefold(), ())


def may_conclude(platform: str, trigger: str) -> bool:
    """Tell whether what triggers a playbook may be concluded from the data of a platform."""
    detector = _GIVEN_BY.get(trigger)
    return detector is None or not platform or may_infer(platform, detector)


def may_write(platform: str, channel: str, lane: str, *, consented: bool) -> bool:
    """Tell whether a message of this lane may go over a channel of a platform; consent given or a question asked allow it."""
    return consented or lane in _ASKED or channel not in _ASKED_ONLY.get(platform.casefold(), ())
