"""The catalog in force: a bundle compiled, playbooks indexed by what triggers them."""

from collections import defaultdict

from processors.catalog_search import CatalogSearch
from processors.conditions import Condition, compile_condition
from processors.resources import Bundle, Localised, Playbook, Policy, Resource

RANK = {"low": 0, "normal": 1, "high": 2, "urgent": 3}


class CompiledPlaybook:
    """A playbook with its conditions as closures; `needs` are the facts that its texts and conditions read."""

    __slots__ = ("conditions", "needs", "rank", "spec")

    def __init__(self, spec: Playbook) -> None:
        self.spec = spec
        self.rank = RANK[spec.priority]
        self.conditions: tuple[Condition, ...] = tuple(
            compile_condition(path, want) for path, want in spec.conditions.items()
        )
        wanted = [path for path in spec.conditions if not path.startswith("member.")]
        self.needs = tuple(dict.fromkeys([*wanted, *_placeholders(spec.because), *_placeholders(spec.say)]))


class Catalog:
    """One bundle, ready for use. Triggers are event types (`post.created`) or signals (`signal.overdue`).

    Playbooks whose conditions fix a channel are found through it, so that a thousand of them cost an event no more
    than those of its own channel.
    """

    def __init__(self, bundle: Bundle, content_hash: str = "") -> None:
        self.hash = content_hash or bundle.hash()
        self.resources: dict[str, Resource] = {resource.id: resource for resource in bundle.resources}
        self.playbooks: dict[str, CompiledPlaybook] = {spec.id: CompiledPlaybook(spec) for spec in bundle.playbooks}
        self.policies = bundle.policies
        self.silences = bundle.silences
        self._everywhere: dict[str, list[CompiledPlaybook]] = defaultdict(list)
        self._by_channel: dict[tuple[str, str], list[CompiledPlaybook]] = defaultdict(list)
        for playbook in self.playbooks.values():
            self._index(playbook)
        self._default = bundle.policies.get("*", Policy())
        self.search = CatalogSearch(bundle.resources)
        self._successors = {one.id: self._successor(one) for one in bundle.resources if one.retired}
        self._expiring = [(one.expires, one.id) for one in bundle.resources if one.expires]

    def _index(self, playbook: CompiledPlaybook) -> None:
        if playbook.spec.maturity == "off":
            return
        channel = playbook.spec.conditions.get("event.channel")
        if isinstance(channel, str):
            self._by_channel[playbook.spec.trigger, channel].append(playbook)
        else:
            self._everywhere[playbook.spec.trigger].append(playbook)

    def triggered(self, trigger: str, channel: str | None) -> list[CompiledPlaybook]:
        """Return the playbooks that this trigger may concern; their conditions are still to be asked."""
        found = self._everywhere.get(trigger, [])
        special = self._by_channel.get((trigger, channel)) if channel else None
        return found + special if special else found

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
        for wish in (*wishes, "en"):
            for locale in (wish, wish.partition("-")[0]):
                if locale in resource.locales:
                    return locale, resource.locales[locale]
        return next(iter(resource.locales.items()))


def _placeholders(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:] if "}" in part]


EMPTY = Catalog(Bundle(), "")
