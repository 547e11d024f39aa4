"""A message as a member would see it, made without a member: the core's words, laid out as delivery does."""

from difflib import get_close_matches
from textwrap import wrap
from typing import NamedTuple

from processors.candidates import offered_to
from processors.commands import CHANNELS
from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.playbooks.message import compose
from processors.playbooks.resources import Bundle
from sinks.message import SHOWN, WORDS
from streams.errors import UserError
from streams.printing import printable

NOON = 1_767_614_400.0  # Monday 2026-01-05 12:00 UTC: any moment will do
# A number in place of each fact that a moment would bring.
EXAMPLES = {
    "channel.name": "#general",
    "event.title": "the meeting",
    "event.name": "meeting",
    "event.starts": "2026-01-08 18:00",
}
PRIVATE_ONLY = ("thread", "pinned", "staff")
WIDTH = 72


class Asked(NamedTuple):
    """What is to be shown, and to whom."""

    playbook: str
    channel: str
    locale: str
    role: str
    region: str
    interests: tuple[str, ...]
    facts: dict[str, str]
    community: str


class Preview(NamedTuple):
    """A message; `notes` say what is not as it would be, or why it would not go this way."""

    playbook: str
    channel: str
    resource: str
    locale: str
    title: str
    text: str
    because: str
    link: str
    open: str
    why: str
    answers: list[str]
    notes: list[str]


def preview_of(bundle: Bundle, asked: Asked) -> Preview:
    """Return the message. Raises `UserError` for a playbook, channel or resource that there is not."""
    catalog = Catalog(bundle)
    playbook = _playbook(catalog, asked.playbook)
    if asked.channel not in CHANNELS:
        near = get_close_matches(asked.channel, CHANNELS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(CHANNELS)}"
        raise UserError(f"--channel: no channel {asked.channel}; {hint}")
    state = MemberState(role=asked.role, region=asked.region, interests=asked.interests, locale=asked.locale)
    policy = catalog.policy(asked.community)
    facts = {path: asked.facts.get(path) or EXAMPLES.get(path) or f"<{path}>" for path in playbook.needs}
    name = offered_to(playbook, catalog, state, facts, NOON)
    resource = catalog.resources.get(catalog.current(name))
    if resource is None:
        raise UserError(
            f"{playbook.spec.id}: it offers what matches a question, so there is no message without one; try lotse backtest"
        )
    message = compose(playbook, resource, state, policy, facts, NOON)
    words = WORDS.get(message.locale.partition("-")[0], WORDS["en"])
    answers = [] if asked.channel in PRIVATE_ONLY else [words.answers[action] for action in SHOWN]
    said = message.text + message.because
    notes = _notes(playbook, asked, message.locale, [path for path in playbook.needs if f"<{path}>" in said])
    if asked.channel not in policy.channels:
        notes.append(f"the policy does not allow {asked.channel}")
    return Preview(
        playbook.spec.id, asked.channel, resource.id, message.locale, message.title, message.text, message.because, message.link,
        words.open, words.why, answers, notes,
    )  # fmt: skip


def shown(preview: Preview) -> str:
    """Return a preview as lines for a terminal."""
    lines = [preview.title, "", *_wrapped(preview.text), ""]
    if preview.link:
        lines += [f"{preview.open}: {preview.link}", ""]
    lines += _wrapped(f"{preview.why}: {preview.because}")
    if preview.answers:
        lines += ["", *_wrapped("  ".join(f"[{one}]" for one in preview.answers))]
    box = [f"| {printable(line):<{WIDTH}} |" for line in lines]
    edge = f"+{'-' * (WIDTH + 2)}+"
    head = f"{preview.playbook} over {preview.channel}, {preview.resource} in {preview.locale}"
    return "\n".join([head, edge, *box, edge, *(f"note: {note}" for note in preview.notes)])


def _wrapped(text: str) -> list[str]:
    return [line for part in text.split("\n") for line in (wrap(part, WIDTH) or [""])]


def _playbook(catalog: Catalog, name: str) -> CompiledPlaybook:
    found = catalog.playbooks.get(name) or next(
        (one for one in catalog.playbooks.values() if one.spec.sequence == name), None
    )
    if found is None:
        near = get_close_matches(name, catalog.playbooks, 1)
        raise UserError(f"the catalog has no playbook {name}" + (f"; did you mean {near[0]}?" if near else ""))
    return found


def _notes(playbook: CompiledPlaybook, asked: Asked, locale: str, unknown: list[str]) -> list[str]:
    notes = []
    if asked.channel not in playbook.spec.channels:
        notes.append(f"this playbook is sent over {' or '.join(playbook.spec.channels)}, never over {asked.channel}")
    if locale.partition("-")[0] != asked.locale.partition("-")[0]:
        notes.append(f"there is no text in {asked.locale}; members who read that get it in {locale}")
    for path in asked.facts:
        if path not in playbook.needs:
            there = ", ".join(sorted(playbook.needs)) or "none"
            notes.append(f"--fact {path} changes nothing; facts of this playbook: {there}")
    if unknown:
        notes.append(f"facts in <> come with the moment; give them with --fact {unknown[0]}=...")
    if playbook.spec.best_of:
        notes.append("of several resources the most useful is chosen; here the first is shown")
    return notes
