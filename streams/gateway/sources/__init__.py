"""The sources: platforms whose payloads become events, each by a pure mapper. One registry, `SOURCES`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from streams.gateway import signatures
from streams.gateway.mapping import Mapping, apply
from streams.gateway.payloads import Delivery, Ignored, Invalid, Mapped, Mapper, Outcome, Press, each
from streams.gateway.sources import (
    activitystreams,
    circle,
    cloudevents,
    discourse,
    ga4,
    hubspot,
    kit,
    mixpanel,
    segment,
    slack,
    xapi,
    zapier,
)


class Source(NamedTuple):
    """A platform: its mapper, and the scheme by which its requests are told from others'."""

    events: Mapper
    signature: signatures.Scheme


SOURCES: dict[str, Source] = {
    "activitystreams": Source(activitystreams.events, signatures.shared_secret),
    "circle": Source(circle.events, signatures.shared_secret),
    "cloudevents": Source(cloudevents.events, signatures.shared_secret),
    "discourse": Source(discourse.events, signatures.discourse),
    "ga4": Source(ga4.events, signatures.shared_secret),
    "hubspot": Source(hubspot.events, signatures.hubspot_v3),
    "kit": Source(kit.events, signatures.kit),
    "mixpanel": Source(mixpanel.events, signatures.shared_secret),
    "segment": Source(segment.events, signatures.shared_secret),
    "slack": Source(slack.events, signatures.slack),
    "xapi": Source(xapi.events, signatures.shared_secret),
    "zapier": Source(zapier.events, signatures.shared_secret),
}
# Other names for the same: what speaks another's language, or is known by an older name.
ALIASES = {"script": "zapier", "rudderstack": "segment", "convertkit": "kit"}


def read(documents: list[Any], delivery: Delivery, mapping: Mapping | None = None) -> Mapped:
    """Return what the documents of one request or file give; a list among them is a batch. Raises nothing.

    `delivery.source` names the source; `delivery.body` is not looked at. With a mapping, the source reads only what no rule
    of it fits.
    """
    source = ALIASES.get(delivery.source, delivery.source)
    delivery, mapped, mapper = delivery.of(source), Mapped([], [], [], []), SOURCES[source].events
    bodies = [body for one in documents for body in (one if isinstance(one, list) else [one])]
    for outcome in each(delivery, bodies, lambda one: _mapped(mapping, mapper, one)):
        if isinstance(outcome, Ignored):
            mapped.ignored.append(outcome.reason)
        elif isinstance(outcome, Invalid):
            mapped.errors.append(outcome.message)
        elif isinstance(outcome, Press):
            mapped.presses.append(outcome)
        else:
            mapped.events.append(outcome)
    if mapped == Mapped():
        mapped.ignored.append("an empty batch")
    return mapped


def _mapped(mapping: Mapping | None, mapper: Mapper, delivery: Delivery) -> Iterable[Outcome]:
    if mapping is None:
        return mapper(delivery)
    outcomes = list(apply(mapping, delivery))
    return outcomes if any(not isinstance(one, Ignored) for one in outcomes) else mapper(delivery)
