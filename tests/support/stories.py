"""Stories for tests: a catalog of one playbook, events by member and minute, and what comes of them."""

from dataclasses import dataclass, field
from typing import Any

from processors.commands import Command, Recall
from processors.decisions import Decision
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Localised, Playbook, Policy, Resource, Silence
from processors.vocabulary import VOCABULARY

NOON = 1_767_614_400.0  # Monday 2026-01-05 12:00 UTC
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def resource(name: str = "guide", **changes: Any) -> Resource:
    """A resource in English."""
    fields = {"kind": "how-to", "theme": "topic", "locales": {"en": Localised("A guide", "It helps.")}, **changes}
    return Resource(id=name, **fields)


def playbook(name: str = "play", trigger: str = "post.created", **changes: Any) -> Playbook:
    """A live playbook that offers `guide` in the app."""
    return Playbook(
        **{"id": name, "trigger": trigger, "resource": "guide", "theme": name, "maturity": "live", **changes}
    )


def catalog(
    *playbooks: Playbook,
    policy: Policy | None = None,
    silences: tuple[Silence, ...] = (),
    resources: tuple[Resource, ...] = (),
) -> Catalog:
    """A catalog of these playbooks."""
    return Catalog(Bundle(resources or (resource(),), playbooks or (playbook(),), {"*": policy or Policy()}, silences))


def event(kind: str, minute: float = 0.0, member: str = "ann", name: str = "", /, **fields: Any) -> Event:
    """An event of a member at a minute after noon."""
    return Event(
        name or f"{kind}/{member}/{minute}", kind, f"town/{member}", NOON + minute * MINUTE, VOCABULARY[kind](**fields)
    )


@dataclass
class Story:
    """A loop over a catalog that remembers what was decided."""

    catalog: Catalog
    decisions: list[Decision] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    recalls: list[Recall] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loop = Loop(self.catalog, self.decisions.append, self.commands.append, recalled=self.recalls.append)
        self.loop.advance(NOON - MINUTE)

    def tell(self, *events: Event) -> "Story":
        """Feed events in order."""
        for one in events:
            self.loop.feed(one)
        return self

    def wait(self, minute: float) -> "Story":
        """Let time pass until a minute after noon."""
        self.loop.advance(NOON + minute * MINUTE)
        return self

    @property
    def reasons(self) -> list[str]:
        """The reasons of all decisions, in order."""
        return [str(one.reason) for one in self.decisions]
