"""Larger public data sets that lie beside the checkout, or where LOTSE_SHARED_DATA says; tests that want them skip without."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data() -> Path:
    """Return the folder of the data sets; it need not exist."""
    given = os.environ.get("LOTSE_SHARED_DATA")
    return Path(given) if given else BESIDE


def requires_shared(name: str) -> pytest.MarkDecorator:
    """Return a mark that skips, with the reason, where a data set (a folder or file of this name) is absent."""
    reason = f"no data set {name}: put it beside the checkout as shared/data/{name}, or set LOTSE_SHARED_DATA"
    return pytest.mark.skipif(not (shared_data() / name).exists(), reason=reason)
