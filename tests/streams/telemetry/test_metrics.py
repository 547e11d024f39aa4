"""Metrics: promtool finds nothing to say; the probes answer; no member ids."""

import shutil
import subprocess
import urllib.error
import urllib.request

import pytest

from processors.outputs import Outputs
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import REGISTRY, Meter
from tests.support.stories import Story, catalog, event


def fetch(url: str) -> tuple[int, str]:
    """Return status and body."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.integration
def test_promtool_finds_no_fault_with_what_a_worker_shows() -> None:
    """After decisions, chunks, cuts and dead letters the page is clean and names no member."""
    meter = Meter(lambda: 10.0)
    story = Story(catalog()).tell(event("post.created", 0, text="hello"))
    meter.concluded("member", Outputs(decisions=story.decisions, detections={"asked": 2}))
    meter.dead("community.activity.v1", "json")
    meter.chunk_folded("members", 0, 5, 0.1, 9000)
    meter.cut_closed("members", 0, 3, 100, 0.2)
    meter.recovered("members", 0, 3, 0.1)
    meter.delivered("decisions.v1", 1, 10, 0.01)
    meter.rebalanced(2)
    port = serve("127.0.0.1:0", REGISTRY, {"live": lambda: True, "ready": lambda: False}, dict, lambda: None)
    status, page = fetch(f"http://127.0.0.1:{port}/metrics")
    assert status == 200
    assert 'lotse_decisions_total{reason="sent",verdict="send"}' in page
    assert "town/ann" not in page
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing: make test installs it"
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=page, capture_output=True, text=True, timeout=60, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_probes_answer_by_what_they_find() -> None:
    """200 where it is so, 503 where not, 404 with the list elsewhere."""
    port = serve("127.0.0.1:0", REGISTRY, {"live": lambda: True, "ready": lambda: False}, dict, lambda: None)
    assert [fetch(f"http://127.0.0.1:{port}/{path}")[0] for path in ("live", "ready", "elsewhere")] == [200, 503, 404]
