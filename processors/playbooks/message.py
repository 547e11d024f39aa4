"""The message as a member gets it: language, tone and address, with the facts of the moment in their places."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from processors.local_time import local
from processors.member.facts import ZONE, Facts
from processors.member.state import MemberState
from processors.playbooks.compiled_playbook import STARTS, CompiledPlaybook
from processors.playbooks.resources import Localised, Policy, Resource
from processors.playbooks.wording import in_language, worded

_PLACE = re.compile(r"\{([a-z_]+\.[a-z_]+)(?:\|([^{}|]+))?\}")
UNKNOWN = "…"  # in place of a fact that the moment does not have


class Message(NamedTuple):
    """What is said: `text` the message, `because` the reason shown; `title` and `link` are the resource's."""

    locale: str
    title: str
    text: str
    because: str
    link: str


def localised(resource: Resource, *wishes: str) -> tuple[str, Localised]:
    """Return (locale, text): the first wish that there is (or its language), else English, else any."""
    for wish in (*wishes, "en"):
        for locale in (wish, wish.partition("-")[0]):
            if locale in resource.locales:
                return locale, resource.locales[locale]
    return next(iter(resource.locales.items()))


def compose(
    playbook: CompiledPlaybook,
    resource: Resource,
    state: MemberState,
    policy: Policy,
    facts: Facts,
    now: float,
    locale: str = "",
) -> Message:
    """Return the message of a playbook for this member; `locale` is the language looked for where the member names none."""
    spec = playbook.spec
    found, text = localised(resource, state.locale, locale, policy.locale)
    grave = spec.lane == "safety" or not spec.cheerful or now < state.inhibited_until
    variant = playbook.variant(state, facts, now)
    lines = in_language(variant.say if variant and variant.say else spec.say_in, found)
    summary = worded(text.tones, text.summary, policy.tone, policy.address, grave=grave)
    said = worded(lines, spec.say or summary, policy.tone, policy.address, grave=grave)
    because = worded(in_language(spec.because_in, found), spec.because, policy.tone, policy.address, grave=grave)
    told = _told(facts, state)
    return Message(found, text.title, fill(said, told), fill(because, told), text.link)


def fill(text: str, facts: Mapping[str, str | float | int]) -> str:
    """Put facts in place of `{path}` or `{path|words}`, once and plainly, so that a fact is never read as a template.

    A number is written as people do: 24, not 24.0. For a fact that there is not stand the words, else an ellipsis.
    """
    return _PLACE.sub(lambda place: _written(facts.get(place[1], place[2] or UNKNOWN)), text) if "{" in text else text


def _written(value: str | float) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _told(facts: Facts, state: MemberState) -> Facts:
    """Return the facts with a start as local time, such as 2026-01-05 18:00."""
    starts = facts.get(STARTS)
    if not isinstance(starts, int | float):
        return facts
    zone = state.timezone or str(facts.get(ZONE, "UTC"))
    return {**facts, STARTS: local(starts, zone).strftime("%Y-%m-%d %H:%M")}
