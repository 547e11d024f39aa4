"""The catalog in force: a bundle compiled, playbooks indexed by what triggers them."""

from processors.playbooks.catalog_search import CatalogSearch
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.playbooks.conditions import Definitions
from processors.playbooks.message import localised
from processors.playbooks.playbook_index import PlaybookIndex
from processors.playbooks.resources import Bundle, Localised, Policy, Resource
from processors.playbooks.watches import Watches

__all__ = ["EMPTY", "Catalog", "CompiledPlaybook"]


class Catalog:
    """One bundle, ready for use. Triggers are event types (`post.created`), signals (`signal.overdue`) or what is watched for
    (`absence.1209600`, `lifecycle.fading`; see processors.playbooks.watches).

    Playbooks are found through what they ask (processors.playbooks.playbook_index), so that a thousand of them cost an event no more
    than those that it may concern.
    """

    def __init__(self, bundle: Bundle, content_hash: str = "") -> None:
        self.hash = content_hash or bundle.hash()
        self.resources: dict[str, Resource] = {resource.id: resource for resource in bundle.resources}
        self.definitions = Definitions(bundle.segments, bundle.stages, bundle.tags)
        self.playbooks: dict[str, CompiledPlaybook] = {
            spec.id: CompiledPlaybook(spec, self.definitions) for spec in bundle.playbooks
        }
        self.policies = bundle.policies
        self.silences = bundle.silences
        self.watches = Watches(bundle.playbooks, self.definitions)
        self.learns = any(one.best_of for one in bundle.playbooks)
        self.search = CatalogSearch(bundle.resources)
        self._successors = {one.id: self._successor(one) for one in bundle.resources if one.retired}
        self._expiring = [(one.expires, one.id) for one in bundle.resources if one.expires]
        self._index = PlaybookIndex(self.playbooks.values())
        self.ending = frozenset(kind for one in self.playbooks.values() for kind in one.ends)
        # What any playbook has as its trigger, and (asked for each event, so with no call in between) those that one may concern; their
        # conditions are still to be asked.
        self.triggers, self.triggered = self._index.triggers, self._index.triggered
        self.tells_missed = "signal.missed" in self.triggers
        self._default = bundle.policies.get("*", Policy())

    def current(self, resource: str) -> str:
        """Return the id of the resource that stands in for a retired one, else the same."""
        return self._successors.get(resource, resource)

    def expired(self, now: float) -> frozenset[str]:
        """Return the resources whose day has passed (`now` in epoch s)."""
        return frozenset(name for day, name in self._expiring if day <= now)

    def _successor(self, resource: Resource) -> str:
        """Follow `replaced_by` to one that is not retired; where there is none, or a circle, it stays as it is."""
        seen = {resource.id}
        after: Resource | None = resource
        while after and after.retired and after.replaced_by not in seen:
            seen.add(after.replaced_by)
            after = self.resources.get(after.replaced_by)
        return after.id if after and not after.retired else resource.id

    def policy(self, community: str) -> Policy:
        """Return the community's policy, or the default one."""
        return self.policies.get(community, self._default)

    def localised(self, resource: Resource, *wishes: str) -> tuple[str, Localised]:
        """Return (locale, text): the first wish that there is (or its language), else English, else any."""
        return localised(resource, *wishes)


EMPTY = Catalog(Bundle(), "")
