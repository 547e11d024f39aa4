"""Links: inside the catalog each is followed, outside none is asked."""

from pathlib import Path

import pytest

from resource_catalog.health.links import check, external
from tests.support.catalogs import GUIDE, content, told


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("See [more](resource:more) and [that](more.en.md#part), or [below](#a-part).\n\n## A part\n", ""),
        ("See [more](resource:moer).", "resource:moer: no such resource in the catalog"),
        ("See [more](moer.en.md).", "moer.en.md: no such file beside this one"),
        ("See [below](#another).\n\n## A part\n", "#another: no such heading in this text"),
        ("See [that](https://example.invalid/), [there](/guides) or [us](mailto:us@example.org).", ""),
        ("An array[0](not a link) is none.", "not: no such file beside this one"),
    ],
)
def test_links_inside_are_followed(tmp_path: Path, body: str, expected: str) -> None:
    """To resources, to files, to headings; what lies outside is not judged."""
    found = told(list(check(content(tmp_path, guide_en=f"{GUIDE}---\n{body}", more_en=GUIDE))))
    assert found == ([f"error dead-link guide: {expected}"] if expected else [])


def test_what_leads_to_something_retired_is_dead(tmp_path: Path) -> None:
    """Unless something has replaced it."""
    retired = GUIDE + "retired: true\n"
    found = content(tmp_path, guide_en=GUIDE + "deeper: old\n", old_en=retired, new_en=GUIDE)
    (dead,) = told(list(check(found)))
    assert dead.startswith("error dead-link guide: leads to old, which is retired;")
    found = content(tmp_path, guide_en=GUIDE + "deeper: old\n", old_en=retired + "replaced_by: new\n", new_en=GUIDE)
    assert list(check(found)) == []


def test_addresses_elsewhere_are_collected_once(tmp_path: Path) -> None:
    """With the first resource that has them; nothing is asked here."""
    body = "---\n[a](https://example.org/a) <https://example.org/b> [c](resource:guide) [a](https://example.org/a)"
    found = external(content(tmp_path, guide_en=GUIDE + "link: https://example.org/z\n" + body, more_en=GUIDE + body))
    assert [one.target for one in found] == ["https://example.org/a", "https://example.org/b", "https://example.org/z"]
    assert {one.resource for one in found} == {"guide"}
