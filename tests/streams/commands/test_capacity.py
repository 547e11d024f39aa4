"""The command line of a plan: one object for machines, own measures, one message for each mistake."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.errors import UserError

ASKED = ["plan", "--members", "1000000", "--events-per-s", "1000"]


def test_measured_costs_and_given_assumptions_count(tmp_path: Path) -> None:
    """Of a bench of another machine only what is known is taken."""
    bench = tmp_path / "bench.json"
    bench.write_bytes(orjson.dumps({"pipeline_per_cpu_s": 100.0, "quix_ratio": 2.3, "latency_p99_ms": None}))
    made = orjson.loads(
        CliRunner().invoke(app, [*ASKED, "--bench", str(bench), "--assume", "peak=10", "--json"]).stdout
    )
    assert (made["workers"], made["costs"]["pipeline_per_cpu_s"], made["assumptions"]["peak"]) == (100, 100.0, 10.0)
    assert made.keys() >= {
        "partitions",
        "workers",
        "memory_gib_per_worker",
        "recovery_s",
        "cost_per_month",
        "assumptions",
    }


def test_people_see_what_it_rests_on() -> None:
    """The assumptions are part of the answer."""
    told = CliRunner().invoke(app, ASKED, env={"COLUMNS": "120"}).stdout
    assert "partitions" in told
    assert "retention_days" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--assume", "peek=2"], "peak"),
        (["--assume", "peak=much"], "no number"),
        (["--assume", "peak=0"], "above 0"),
        (["--bench", "nowhere.json"], "make bench"),
    ],
)
def test_a_mistake_is_one_message(words: list[str], said: str) -> None:
    """That says how to mend it."""
    result = CliRunner().invoke(app, [*ASKED, *words])
    assert isinstance(result.exception, UserError)
    assert said in str(result.exception)


@pytest.mark.parametrize("value", ["inf", "nan", "-inf", "1e10", "0", "much"])
def test_a_rate_that_is_none_is_refused(value: str) -> None:
    """With the name of the option, and no number made of it."""
    result = CliRunner().invoke(app, ["plan", "--members", "1000", "--events-per-s", value])
    assert (result.exit_code, "--events-per-s" in result.output) == (2, True)
