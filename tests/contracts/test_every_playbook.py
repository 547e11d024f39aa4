"""Each shipped playbook has scenarios that hold, at least as many that stay silent as that fire."""

import pytest

from resource_catalog.loader import SHIPPED, load
from resource_catalog.playbook_file import PlaybookFile
from resource_catalog.scenarios import play

LOADED = load(SHIPPED)


@pytest.mark.parametrize("file", LOADED.playbooks, ids=lambda file: file.playbook.id)
def test_its_scenarios_hold(file: PlaybookFile) -> None:
    """All scenarios, played through both stages."""
    assert [one for one in play(file, LOADED.bundle) if one.faults] == []


@pytest.mark.parametrize("file", LOADED.playbooks, ids=lambda file: file.playbook.id)
def test_it_stays_silent_as_often_as_it_fires(file: PlaybookFile) -> None:
    """Over-triggering is the enemy: silence is tested as much as sending, and the reason is shown."""
    silent = sum(1 for one in file.scenarios if one["expect"] == "nothing")
    assert len(file.scenarios) > silent, "nobody has seen it fire"
    assert silent >= len(file.scenarios) - silent
    assert file.playbook.because
