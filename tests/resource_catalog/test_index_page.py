"""The directory of all resources: up to date for what is shipped, complete, and readable by machines of Markdown."""

import re
from datetime import date
from pathlib import Path

from resource_catalog.health.content import Content
from resource_catalog.index_page import NAME, index_page
from resource_catalog.loader import SHIPPED, load
from tests.resource_catalog.test_resource_file import GUIDE, written

DAY = date(2027, 1, 1)


def test_the_shipped_one_is_up_to_date() -> None:
    """`make generate` writes it; the day decides nothing."""
    page = (SHIPPED / NAME).read_text(encoding="utf-8")
    assert (
        page
        == index_page(Content.of(load(SHIPPED), DAY), SHIPPED)
        == index_page(Content.of(load(SHIPPED), date.max), SHIPPED)
    )


def test_each_resource_stands_there_once_and_its_links_lead_somewhere() -> None:
    """Every language of it, and nothing else."""
    page = (SHIPPED / NAME).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", page)
    assert sorted(SHIPPED / one for one in linked) == sorted((SHIPPED / "resources").rglob("*.md"))
    for one in load(SHIPPED).bundle.resources:
        assert page.count(f"`{one.id}`") == 1


def test_what_is_retired_stands_apart(tmp_path: Path) -> None:
    """With what replaced it; a pipe in a title does not break the table."""
    old = GUIDE + "retired: true\nreplaced_by: new\n"
    loaded = load(written(tmp_path, old_en=old, new_en=GUIDE.replace("A guide", "This | that")))
    page = index_page(Content.of(loaded, DAY), tmp_path)
    assert "| old | new |" in page
    assert (
        "**This \\| that** `new` | how-to | [en](resources/new.en.md) | a question that it answers | - | - | - |"
        in page
    )
