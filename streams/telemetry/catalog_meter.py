"""What the catalog in force tells operators: what of it wants a look, and until when its helplines are trusted."""

from collections import Counter
from datetime import UTC, date, datetime

from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from resource_catalog.health import health
from resource_catalog.health.content import Content
from streams.telemetry.known_series import of_catalog
from streams.telemetry.metrics import FINDINGS, HELPLINE


class CatalogMeter:
    """Shows the newest catalog. Findings are looked for once for each catalog and day; those that need a history are left out."""

    def __init__(self) -> None:
        self._looked: tuple[str, date] | None = None

    def show(self, catalog: Catalog | None, now: float) -> None:
        """Bring the gauges up to date; `now` is epoch seconds."""
        if catalog is None:
            return
        looked = catalog.hash, datetime.fromtimestamp(now, UTC).date()
        if looked != self._looked:
            self._looked = looked
            HELPLINE.clear()  # one that is no longer in the catalog is nobody's concern
            FINDINGS.clear()
            of_catalog(catalog)
            for (level, check), found in _counted(catalog, looked[1]).items():
                FINDINGS.labels(level, check).set(found)
        for name, one in catalog.resources.items():
            if one.kind == "helpline" and one.verified:
                HELPLINE.labels(name).set(one.expires - now)


def _counted(catalog: Catalog, day: date) -> Counter[tuple[str, str]]:
    playbooks = tuple(one.spec for one in catalog.playbooks.values())
    bundle = Bundle(tuple(catalog.resources.values()), playbooks, catalog.policies)
    return Counter((one.level, one.check) for one in health(Content(bundle, day)))
