"""What signals bring is what they are declared to bring: playbooks are checked by the declaration."""

from collections import defaultdict

import pytest

from processors import pipeline
from processors.signals import EVIDENCE, KINDS, SHARP
from resource_catalog.loader import SHIPPED, load
from resource_catalog.scenarios import play

OF_WATCHES = {"lifecycle", "segment", "absence", "schedule"}


def test_each_kind_is_declared() -> None:
    """Those of detectors and those of time; no others."""
    assert {*KINDS} | OF_WATCHES == EVIDENCE.keys()


def test_what_arises_in_the_scenarios_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """All shipped scenarios, played: no evidence beyond the declaration, and what is declared of a kind arises as well."""
    found: dict[str, set[str]] = defaultdict(set)
    real = pipeline.arising

    def seen(*given):  # type: ignore[no-untyped-def]
        if given[4] is not None:
            found[given[4].kind] |= given[4].evidence.keys()
        return real(*given)

    monkeypatch.setattr(pipeline, "arising", seen)
    loaded = load(SHIPPED)
    for file in loaded.playbooks:
        play(file, loaded.bundle)
    del found[SHARP]  # of no playbook
    assert len(found) >= 20
    assert {kind: names - EVIDENCE[kind] for kind, names in found.items() if names - EVIDENCE[kind]} == {}
    unseen = {kind: EVIDENCE[kind] - names for kind, names in found.items() if EVIDENCE[kind] - names}
    assert unseen == {"asked_by_many": {"resource", "locale"}}  # tests/processors/playbooks/test_catalog_answers.py
