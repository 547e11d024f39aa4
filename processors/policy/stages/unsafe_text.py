"""Is the finished text fit to be shown?"""

import re
from collections.abc import Iterator

from processors.decisions import Reason
from processors.playbooks.message import compose
from processors.policy.case import Case, Ruling

TEXT_MAX = 1200  # characters: no channel shows more in one message
# What would call everybody at once on some platform, and signs that do not show but change what is seen (bidi, zero width).
_CALLS_ALL = re.compile(r"@(everyone|here|channel|all)\b|<!(everyone|here|channel)", re.IGNORECASE)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"\w+://|\bwww\.|\]\(", re.IGNORECASE)


def rule(case: Case) -> Ruling | None:
    """Compose the message and look at it: a fact comes from anybody, and may bring no link, no call to all, no hidden sign."""
    resource = case.resource
    assert resource is not None, "freshness passes only with a resource"  # noqa: S101
    candidate = case.candidate
    case.message = compose(
        case.playbook, resource, case.state, case.policy, candidate.facts, case.now, candidate.locale
    )
    if candidate.text:  # a person's words instead
        case.message = case.message._replace(text=candidate.text)
    said = case.message.text + case.message.because
    if len(case.message.text) > TEXT_MAX:
        return Ruling(Reason.UNSAFE_TEXT, f"at most {TEXT_MAX} characters")
    if _CALLS_ALL.search(said) or _HIDDEN.search(said):
        return Ruling(Reason.UNSAFE_TEXT, "no call to everybody and no hidden signs")
    if any(_LINK.search(fact) and fact in said for fact in _texts(case)):
        return Ruling(Reason.UNSAFE_TEXT, "no link in a name or title")
    return None


def _texts(case: Case) -> Iterator[str]:
    return (value for value in case.candidate.facts.values() if isinstance(value, str) and value)
