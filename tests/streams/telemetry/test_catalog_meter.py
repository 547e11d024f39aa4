"""The newest catalog's findings and helplines as gauges: nothing of an older one stays."""

from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Policy
from streams.telemetry.catalog_meter import CatalogMeter
from streams.telemetry.metrics import REGISTRY
from tests.support.stories import DAY, NOON, playbook, resource

EXPIRED = {"level": "error", "check": "expired"}


def shown(name: str, **labels: str) -> float | None:
    """Return the value of a series, None where it is not there."""
    return REGISTRY.get_sample_value(name, labels)


def a_catalog(expires: float, helpline: str) -> Catalog:
    """One page that a live playbook sends, and one helpline."""
    resources = (resource(expires=expires), resource(helpline, kind="helpline", expires=NOON + 9 * DAY))
    return Catalog(Bundle(resources, (playbook(),), {"*": Policy()}))


def test_findings_are_counted_by_level_and_check_and_begin_anew_with_each_catalog() -> None:
    meter = CatalogMeter()
    meter.show(a_catalog(NOON - DAY, "old"), NOON)
    assert shown("lotse_catalog_findings", **EXPIRED) == 1.0
    meter.show(a_catalog(NOON + 99 * DAY, "new"), NOON)
    assert shown("lotse_catalog_findings", **EXPIRED) is None


def test_a_day_later_the_same_catalog_is_looked_at_again() -> None:
    meter, catalog = CatalogMeter(), a_catalog(NOON + DAY, "line")
    meter.show(catalog, NOON)
    assert shown("lotse_catalog_findings", **EXPIRED) is None
    meter.show(catalog, NOON + 2 * DAY)
    assert shown("lotse_catalog_findings", **EXPIRED) == 1.0


def test_helplines_count_down_and_one_that_is_gone_is_gone() -> None:
    meter = CatalogMeter()
    meter.show(a_catalog(NOON + 99 * DAY, "old"), NOON)
    assert shown("lotse_catalog_helpline_expiry_seconds", resource="old") == 9 * DAY
    meter.show(a_catalog(NOON + 99 * DAY, "new"), NOON + DAY)
    assert shown("lotse_catalog_helpline_expiry_seconds", resource="old") is None
    assert shown("lotse_catalog_helpline_expiry_seconds", resource="new") == 8 * DAY


def test_without_a_catalog_nothing_is_shown() -> None:
    before = shown("lotse_catalog_findings", **EXPIRED)
    CatalogMeter().show(None, NOON)
    assert shown("lotse_catalog_findings", **EXPIRED) == before
