"""Playbooks by what triggers them, so that an event meets only those that may concern it."""

from collections.abc import Iterable
from typing import Any

from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.signals import Signal
from processors.text.normalise import fresh_words, tokens
from processors.text.reading import reading
from processors.text.spelling import stem
from processors.vocabulary import WORDS, Text

HEAD = 2  # letters; no stem is shorter, but for words that are
GATES_MAX = 32  # looked for in a text one by one; of more phrases the first words are looked up instead
TEXT_FIELDS = ("title", "text", "query", "name")
# Facts that may lead to a playbook, the most telling first; those of members change least between playbooks.
LEADS = ("event.channel", "event.name", "signal.journey", "signal.step", "signal.theme", "signal.kind", "signal.to", "signal.feature", "signal.event",
         "event.resource", "event.kind", "member.role", "member.region", "event.results")  # fmt: skip


class _Triggered:
    """The playbooks of one trigger: some always to be asked, some found by the value of a fact or by a word."""

    def __init__(self) -> None:
        self.always: list[CompiledPlaybook] = []
        self.by_fact: dict[str, dict[str | float, list[CompiledPlaybook]]] = {}
        self.by_word: dict[str, list[tuple[tuple[str, ...], CompiledPlaybook]]] = {}
        self._heads: set[str] = set()  # how the first words of phrases begin: a stem is a beginning of its word
        self._gates: dict[str, None] = {}  # of each phrase the longest stem: no text holds the phrase without it

    def add(self, playbook: CompiledPlaybook) -> None:
        if playbook.spec.words:
            for phrase in playbook.spec.words:
                stems = tuple(stem(word) for word in tokens(phrase))
                if stems:
                    self.by_word.setdefault(stems[0], []).append((stems, playbook))
                    self._heads.add(stems[0][:HEAD])
                    self._gates[max(stems, key=len)] = None
            return
        lead = next((path for path in LEADS if _values(playbook.spec.conditions.get(path))), None)
        if lead is None:
            self.always.append(playbook)
            return
        values = self.by_fact.setdefault(lead, {})
        for value in _values(playbook.spec.conditions[lead]):
            values.setdefault(value, []).append(playbook)

    def found(self, event: Event | None, signal: Signal | None, state: MemberState) -> list[CompiledPlaybook]:
        if not self.by_fact and not self.by_word:
            return self.always
        found = list(self.always)
        for path, values in self.by_fact.items():
            value = _fact(path, event, signal, state)
            if value in values:
                found += values[value]
        if self.by_word and event is not None:
            found += self._worded(event)
        return found

    def _worded(self, event: Event) -> list[CompiledPlaybook]:
        """Return the playbooks of whose phrases one stands in the event's text, by stems, each once.

        A stem is the beginning of its word, so most texts are passed over by a look for the stems of a few phrases.
        """
        text, words = _read(event)
        if len(self._gates) <= GATES_MAX and not any(map(text.__contains__, self._gates)):
            return []
        words = tokens(text) if words is None else words
        found: dict[str, CompiledPlaybook] = {}
        for place, word in enumerate(words):
            if word[:HEAD] not in self._heads:
                continue
            for phrase, playbook in self.by_word.get(stem(word), ()):
                if tuple(stem(one) for one in words[place : place + len(phrase)]) == phrase:
                    found.setdefault(playbook.spec.id, playbook)
        return list(found.values())


class PlaybookIndex:
    """Playbooks by trigger, then by what they ask of channel, name, journey, role or region, or by a word."""

    def __init__(self, playbooks: Iterable[CompiledPlaybook]) -> None:
        self._by_trigger: dict[str, _Triggered] = {}
        for playbook in playbooks:
            triggers = (playbook.spec.trigger, *playbook.spec.also) if playbook.spec.trigger else ()
            for trigger in triggers if playbook.spec.maturity != "off" else ():
                self._by_trigger.setdefault(trigger, _Triggered()).add(playbook)
        self.triggers = frozenset(self._by_trigger)

    def triggered(
        self, trigger: str, event: Event | None, signal: Signal | None, state: MemberState
    ) -> list[CompiledPlaybook]:
        """Return the playbooks that this trigger may concern; their conditions are still to be asked."""
        known = self._by_trigger.get(trigger)
        return known.found(event, signal, state) if known else []


def text_of(event: Event) -> str:
    """Return what an event says in words: title, text, query, name; of a member's own text without quotes and code."""
    parts = [str(value) for field in TEXT_FIELDS if (value := getattr(event.data, field, None))]
    text = "\n".join(parts)
    return fresh_words(text) if event.type in WORDS else text


def _read(event: Event) -> tuple[str, list[str] | None]:
    """Return an event's words in lower case, and their tokens where detectors have just read the same text."""
    data = event.data
    if event.type in WORDS and isinstance(data, Text) and not data.title:
        known = reading(data.text)
        return known.words, known.found
    return text_of(event).lower().replace("’", "'"), None


def _values(wanted: Any) -> tuple[str | float, ...]:
    """Return the texts and numbers of which a condition wants one; empty where it wants something else."""
    if isinstance(wanted, dict):
        if list(wanted) != ["any"]:
            return ()
        wanted = wanted["any"]
    values = [wanted] if isinstance(wanted, str | int | float) else wanted
    if not isinstance(values, list | tuple) or not all(isinstance(one, str | int | float) for one in values):
        return ()
    return tuple(dict.fromkeys(values))


def _fact(path: str, event: Event | None, signal: Signal | None, state: MemberState) -> Any:
    scope, _, name = path.partition(".")
    if scope == "member":
        return getattr(state, name)
    if scope == "signal":
        return signal.evidence.get(name) if signal else None
    return getattr(event.data, name, None) if event else None
