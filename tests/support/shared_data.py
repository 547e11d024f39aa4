"""Public data sets and payloads that lie beside the checkout, or where the environment says; tests that want them skip without."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"
BESIDE = SHARED / "data"


def shared_data() -> Path:
    """Return the folder of the data sets; it need not exist."""
    given = os.environ.get("LOTSE_SHARED_DATA")
    return Path(given) if given else BESIDE


def requires_shared(name: str) -> pytest.MarkDecorator:
    """Return a mark that skips, with the reason, where a data set (a folder or file of this name) is absent."""
    reason = f"no data set {name}: put it beside the checkout as shared/data/{name}, or set LOTSE_SHARED_DATA"
    return pytest.mark.skipif(not (shared_data() / name).exists(), reason=reason)


def shared_payloads() -> Path:
    """Return the folder of example payloads, one folder a platform; it need not exist."""
    given = os.environ.get("LOTSE_SHARED_PAYLOADS")
    return Path(given) if given else SHARED / "payloads"


def requires_payloads() -> pytest.MarkDecorator:
    """Return a mark that skips, with the reason, where the example payloads are absent."""
    reason = "no example payloads: put them beside the checkout as shared/payloads, or set LOTSE_SHARED_PAYLOADS"
    return pytest.mark.skipif(not shared_payloads().is_dir(), reason=reason)
