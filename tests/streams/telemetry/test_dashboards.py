"""Dashboards are those of the code, ask for metrics that exist, and get series from a running deployment."""

import re
from pathlib import Path

import pytest
import yaml

from streams.console.standing import WORKER, asked
from streams.telemetry.dashboards import DASHBOARDS, FOLDER, NONE, WIDTH, files, model
from streams.telemetry.metrics import METRICS
from streams.topics import ACTIVITY, ANNOUNCEMENTS, DELIVERY, THREADS
from tests.support.kafka import Broker, wait_until
from tests.support.observing import Observed, ask, observed, prometheus, running_console
from tests.support.pages_process import running_pages
from tests.support.tree import ROOT

# What no town of minutes brings: the series, why, and the test that brings it about.
RARE = {
    "lotse_needless_ratio": (
        "ten members whom a coin left without help, and whose days to do it alone are over", "tests/streams/console/test_coverage.py",
    ),
    "lotse_regret_ratio": ("ten messages that lost to others, and whose days are over", "tests/streams/console/test_coverage.py"),
    "lotse_lead_seconds": ("ten members who were flagged, lost, or asked a third time", "tests/streams/console/test_coverage.py"),
}  # fmt: skip
TOWN = 110  # members: of fewer than a hundred, nothing is told of whom messages reach
NAME = re.compile(r"\b(?:lotse|process)_[a-z_]+")
KNOWN = {
    name
    for one in METRICS
    for name in (
        [f"{one.name}_{part}" for part in ("bucket", "count", "sum")] if one.kind == "histogram" else [one.name]
    )
} | {"process_resident_memory_bytes", "process_cpu_seconds_total"}
QUERIES = [
    (one.uid, panel.title, query) for one in DASHBOARDS for panel in one.panels for query in panel.queries.values()
]


def test_the_files_are_those_of_the_code() -> None:
    """`make generate` writes them; nothing else lies beside them."""
    assert {path: path.read_bytes() for path in FOLDER.iterdir()} == files()


@pytest.mark.parametrize(("board", "panel", "query"), QUERIES)
def test_each_query_asks_for_metrics_that_exist(board: str, panel: str, query: str) -> None:
    """By their full names, and for at least one."""
    names = set(NAME.findall(query))
    assert names
    assert names <= KNOWN, f"{board}, {panel}"


def test_each_metric_is_looked_at_somewhere() -> None:
    """A metric that no dashboard shows is one that nobody sees."""
    shown = {name for _, _, query in QUERIES for name in NAME.findall(query)}
    unseen = {one.name for one in METRICS if not any(name.startswith(one.name) for name in shown)}
    assert unseen == set()


def test_what_is_rare_is_brought_about_elsewhere() -> None:
    """Each with its reason, by a test that asks for its value."""
    for name, (_why, test) in RARE.items():
        assert name in KNOWN
        assert name in (ROOT / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("one", DASHBOARDS, ids=lambda one: one.uid)
def test_the_model_is_grafanas(one: object) -> None:
    """Unique ids, panels within the grid and not over each other, each with a source and a query."""
    board = model(one)  # type: ignore[arg-type]
    assert board["schemaVersion"] >= 36
    assert len(board["uid"]) <= 40
    cells: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= WIDTH
        own = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not own & cells, panel["title"]
        cells |= own
        assert panel["targets"]
        assert all(target["expr"] and target["datasource"]["uid"] == "prometheus" for target in panel["targets"])
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.integration
def test_every_query_gets_series_from_a_running_deployment(empty_kafka: Broker, redis_url: str, tmp_path: Path) -> None:
    """A real Prometheus scrapes all five processes while events come in; each query has series of its own, without the 0 that some end in."""
    with (
        observed(empty_kafka.bootstrap, redis_url, tmp_path) as running,
        running_pages(empty_kafka.bootstrap, 2, tmp_path / "pages.log", LOTSE_APP=running.settings.app) as pages,
        running_console(running.settings, tmp_path) as console,
        prometheus(tmp_path, {**running.targets(), "lotse-pages": pages.health, "lotse-console": console}) as server,
    ):
        wanting = {
            query.removesuffix(NONE).replace("$__rate_interval", "10s").replace("$__range", "5m")
            for _, _, query in QUERIES
            if not RARE.keys() & set(NAME.findall(query))
        }
        running.fill(TOWN)

        def all_answered() -> bool:
            running.live()
            answered = {query for query in wanting if ask(server, query)}
            wanting.difference_update(answered)
            return not wanting

        try:
            wait_until(all_answered, 90, "series for every query", 1.0)
        except TimeoutError:
            assert wanting == set()
        places, _, known = asked(running.settings)  # what the console's page System tells of the same deployment
    assert known
    assert {one.holder for one in places if one.process == WORKER} == {"w1"}
    assert {one.topic for one in places if one.process == WORKER} == {ACTIVITY, THREADS, ANNOUNCEMENTS}
    assert {one.process for one in places if one.topic == DELIVERY["in_app"]} == {"deliver console"}


def test_what_is_observed_is_what_is_scraped() -> None:
    """The names of jobs in tests are those of the shipped configuration, by which alerts go."""
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    assert {job["job_name"] for job in config["scrape_configs"]} == Observed.JOBS
