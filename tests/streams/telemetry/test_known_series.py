"""What is known beforehand is counted from 0: the first event of each kind is a step that Prometheus sees."""

from processors.decisions import SAFETY, Reason, verdict_of
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from streams.telemetry import known_series
from streams.telemetry.catalog_meter import CatalogMeter
from streams.telemetry.metrics import REGISTRY
from tests.support.stories import NOON, playbook, resource

PARTS = ("dismissed", "snoozed", "opted_out", "not_helpful", "wrong_moment", "already_solved")


def shown(name: str, **labels: str) -> float | None:
    """Return the value of a series, None where it is not there."""
    return REGISTRY.get_sample_value(name, labels)


def test_each_playbook_that_sends_has_its_series_before_it_sends() -> None:
    """With all that can be too much of it; one in shadow has none, the safety lane is named as such alone."""
    play = playbook("known.live", channels=("email", "in_app"))
    watching = playbook("known.shadow", maturity="shadow")
    help_in_distress = playbook("known.crisis", lane=SAFETY)
    bundle = Bundle((resource(),), (play, watching, help_in_distress), {"*": Policy()})
    CatalogMeter().show(Catalog(bundle), NOON)
    for channel in play.channels:
        assert shown("lotse_sends_total", playbook="known.live", channel=channel) == 0.0
        for part in PARTS:
            assert shown("lotse_over_trigger_total", part=part, playbook="known.live", channel=channel) == 0.0
    assert shown("lotse_sends_total", playbook=SAFETY, channel=SAFETY) == 0.0
    for name in ("known.shadow", "known.crisis"):
        assert shown("lotse_sends_total", playbook=name, channel="in_app") is None


def test_a_worker_begins_each_reason() -> None:
    known_series.of_worker()
    for reason in Reason:
        assert shown("lotse_decisions_total", verdict=verdict_of(reason).value, reason=reason.value) is not None


def test_a_way_out_begins_the_channels_it_serves() -> None:
    known_series.of_delivery("known-way", ("email",))
    for result in ("delivered", "retry", "failed", "unknown"):
        labels = {"via": "known-way", "result": result}
        assert shown("lotse_delivery_attempts_total", channel="email", **labels) == 0.0
        assert shown("lotse_delivery_attempts_total", channel="staff", **labels) is None
    assert shown("lotse_control_orders", kind="kill_switch") == 0.0


def test_a_gateway_begins_its_open_doors() -> None:
    known_series.of_gateway(["known-door"], ["signature"])
    assert shown("lotse_gateway_refused_total", door="known-door", reason="signature") == 0.0
    assert shown("lotse_gateway_events_total", door="known-door") == 0.0
