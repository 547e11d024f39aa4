"""The import contracts of pyproject.toml hold, and each of them catches the breach that it is there for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, ROOT

BREACHES = {
    "streams > sinks | resource_catalog > processors": ("sinks/dispatcher.py", "import streams.topics"),
    "processors is pure": ("processors/ids.py", "import time"),
    "only streams knows Faust": ("sinks/dispatcher.py", "import prometheus_client"),
    "rooms of processors": ("processors/member/rhythm.py", "import processors.playbooks.journeys"),
    "rooms of streams": ("streams/servers/log_reader.py", "import streams.catalog.feed"),
    "detectors do not import": ("processors/detectors/onboarding.py", "import processors.detectors.drop_off"),
    "policy stages do not import": ("processors/policy/stages/coin.py", "import processors.policy.stages.budget"),
    "sources do not import": ("streams/gateway/sources/kit.py", "import streams.gateway.sources.zapier"),
    "channels do not import": ("sinks/channels/webhook.py", "import sinks.channels.console"),
}


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of a tree."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=120, check=False)


def test_the_contracts_hold() -> None:
    """Layers, purity and independence."""
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="module")
def report_of_breaches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy of the tree in which every contract is broken."""
    copy = tmp_path_factory.mktemp("broken")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in BREACHES.values():
        with (copy / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    checked = lint_imports(copy)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    return checked.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_contract_catches_its_breach(contract: str, report_of_breaches: str) -> None:
    """A contract that a breach passes would be decoration."""
    (line,) = [
        one for one in report_of_breaches.splitlines() if one.startswith(contract) and one.endswith(("KEPT", "BROKEN"))
    ]
    assert line.endswith("BROKEN")


def test_every_contract_has_a_breach() -> None:
    """A contract added to pyproject.toml comes with a breach here."""
    names = [
        line.partition('"')[2]
        for line in (ROOT / "pyproject.toml").read_text().splitlines()
        if line.startswith('name = "')
    ][1:]
    assert len(names) == len(BREACHES)
