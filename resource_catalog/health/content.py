"""The content as health looks at it: resources with their files, who offers what, the day, and what became of what was sent."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from processors.playbooks.resources import Bundle, Playbook, Resource
from resource_catalog.health.usage import Usage

if TYPE_CHECKING:  # a worker looks at bundles alone, and needs nothing that reads files
    from resource_catalog.loader import Loaded
    from resource_catalog.resource_file import ResourceFile


class Content:
    """A catalog on a day, with its files where it was read from such; `usage` is None where no history was given."""

    def __init__(
        self, bundle: Bundle, day: date, usage: Usage | None = None, files: "Iterable[ResourceFile]" = ()
    ) -> None:
        self.day, self.usage = day, usage
        self.epoch = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        self.resources = {one.id: one for one in bundle.resources}
        self.files = {(one.resource.id, one.locale): one.path for one in files}
        self.playbooks = [one for one in bundle.playbooks if one.maturity != "off"]
        self.policies = bundle.policies
        self.offering: dict[str, list[Playbook]] = {name: [] for name in self.resources}
        for playbook in self.playbooks:
            for name in offered(playbook):
                self.offering.setdefault(name, []).append(playbook)

    @classmethod
    def of(cls, loaded: "Loaded", day: date, usage: Usage | None = None) -> Self:
        """Return the content of a catalog that was read from files."""
        return cls(loaded.bundle, day, usage, loaded.files)

    @property
    def current(self) -> list[Resource]:
        """The resources that are not retired."""
        return [one for one in self.resources.values() if not one.retired]

    def path(self, resource: Resource, locale: str = "") -> str:
        """Return the file of a resource in a language, or in its first one."""
        return str(self.files.get((resource.id, locale or next(iter(resource.locales))), Path()))

    def live(self, resource: Resource) -> list[str]:
        """Return the ids of the playbooks that send a resource to members now."""
        return [one.id for one in self.offering[resource.id] if one.maturity not in ("off", "shadow")]

    @property
    def matching(self) -> bool:
        """Whether a playbook offers whatever matches a question."""
        return any(one.matching for one in self.playbooks)


def offered(playbook: Playbook) -> set[str]:
    """Return the ids of the resources that a playbook names."""
    return {playbook.resource, *playbook.best_of, *(one.resource for one in playbook.variants)} - {""}
