"""The catalogs under measurement: the shipped one with every detector at work, and larger ones."""

import msgspec

from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Playbook
from resource_catalog.loader import SHIPPED, load

KEY = "a control key for benchmarks"


def bundle(*extra: Playbook) -> Bundle:
    """Return the shipped catalog with distress support switched on, so that every detector works, and more playbooks."""
    shipped = load(SHIPPED).bundle
    policies = {
        name: msgspec.structs.replace(policy, distress_support=True, safety_owner="nobody")
        for name, policy in shipped.policies.items()
    }
    return msgspec.structs.replace(shipped, playbooks=(*shipped.playbooks, *extra), policies=policies)


def with_playbooks(count: int) -> Catalog:
    """Return a catalog of `count` playbooks on new posts, each of a channel of its own, beside the shipped ones."""
    pattern = load(SHIPPED).bundle.playbooks[0]
    return Catalog(
        bundle(
            *(
                msgspec.structs.replace(
                    pattern, id=f"extra.{number}", trigger="post.created", conditions={"event.channel": f"c{number}"}
                )
                for number in range(count)
            )
        )
    )
