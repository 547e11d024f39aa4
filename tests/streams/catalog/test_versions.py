"""Going back: to the last version in which a playbook was another, alone, with what it needs."""

import pytest

from processors.playbooks.resources import Bundle, Playbook, Resource
from streams.catalog.versions import Version, changed, earlier, specs_of, with_playbook_of
from streams.errors import UserError
from tests.support.stories import playbook, resource


def version(name: str, *playbooks: Playbook, resources: tuple[Resource, ...] = ()) -> Version:
    """A published catalog."""
    return Version(name * 16, 0.0, Bundle(resources, playbooks))


HISTORY = [
    version("aa", playbook("p", resource="old"), resources=(resource("old"), resource("guide"))),
    version("bb", playbook("p"), playbook("q"), resources=(resource("guide"),)),
    version("cc", playbook("p"), playbook("q", wait=5.0), resources=(resource("guide"),)),
]


def test_the_last_other_version_of_the_playbook_is_meant() -> None:
    """Not merely the last publication; or the one that is named."""
    assert earlier(HISTORY, "p").hash == HISTORY[0].hash
    assert earlier(HISTORY, "q").hash == HISTORY[1].hash
    assert earlier(HISTORY, "p", "bb").hash == HISTORY[1].hash


@pytest.mark.parametrize(
    ("history", "name", "named", "message"),
    [
        ([], "p", "", "no catalog was published yet"),
        (HISTORY, "p", "dd", "no published version dd; the last ones are"),
        (HISTORY, "r", "", "never published otherwise"),
    ],
)
def test_what_there_is_not_is_told(history: list[Version], name: str, named: str, message: str) -> None:
    """With a way out."""
    with pytest.raises(UserError, match=message):
        earlier(history, name, named)


def test_only_that_playbook_goes_back_with_what_it_needs() -> None:
    """The others stay as they are; a resource that is gone comes back with it."""
    bundle = with_playbook_of(HISTORY[2].bundle, HISTORY[0].bundle, "p")
    assert changed(HISTORY[2].bundle, bundle) == ["p"]
    assert {one.id for one in bundle.resources} == {"guide", "old"}
    with pytest.raises(UserError, match="does not hold it"):
        with_playbook_of(HISTORY[2].bundle, HISTORY[0].bundle, "q")


def test_a_sequence_is_one_playbook() -> None:
    """All its steps change and go back together."""
    steps = [playbook(f"course:{name}", sequence="course") for name in ("one", "two")]
    first, second = (
        Bundle((), tuple(steps)),
        Bundle((), (steps[0], playbook("course:two", sequence="course", wait=9.0))),
    )
    assert changed(first, second) == ["course"]
    assert specs_of(with_playbook_of(second, first, "course"), "course") == tuple(steps)
