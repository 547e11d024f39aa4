"""Failpoints refuse unknown names and wait for their time."""

import pytest

from streams.runtime.failpoints import Failpoints


def test_an_unknown_point_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown failpoint 'nowhere'; known are claimed"):
        Failpoints("nowhere", 0, "kill")


def test_only_the_named_point_is_armed_and_only_when_due() -> None:
    assert not Failpoints(None, 0, "kill").armed("closed")
    assert not Failpoints("closed", 60, "kill").armed("closed")
    assert Failpoints("closed", 0, "kill").armed("closed")
    assert not Failpoints("closed", 0, "kill").armed("states")
