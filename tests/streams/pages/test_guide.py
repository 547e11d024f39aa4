"""Markdown as a guide: steps, branches, addresses, and nothing that an author could do to a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.playbooks.resources import Branch, Choice, Localised
from streams.pages.guide import STEPS_MAX, Guide, Way, read_guide


def guide(body: str) -> Guide:
    """The guide of a text at /guide/x."""
    return read_guide(Localised("T", "S", body=body), "/guide/x")


def test_headings_are_steps_and_links_to_them_their_branches() -> None:
    """A list of nothing but links to steps is the step's branches; a link within words stays one, with the step's address."""
    found = guide(
        "Before.\n\n## Slow?\nLook.\n\n- [Yes](#restart-it)\n- [No](#fine)\n\n## Restart it!\nSee [fine](#fine).\n\n## Fine\nOK"
    )
    assert found.intro == "<p>Before.</p>\n"
    assert [(step.id, step.title) for step in found.steps] == [
        ("slow", "Slow?"),
        ("restart-it", "Restart it!"),
        ("fine", "Fine"),
    ]
    assert found.steps[0].ways == (Way("Yes", "/guide/x/restart-it"), Way("No", "/guide/x/fine"))
    assert found.steps[0].html == "<p>Look.</p>\n"
    assert found.steps[1].html == '<p>See <a href="/guide/x/fine">fine</a>.</p>\n'


@pytest.mark.parametrize(
    "body", ["- [ ] Say hello\n- [x] Ask **one** thing\n\n  More.", "1. Say hello\n2. Ask **one** thing\n\n   More."]
)
def test_items_of_a_checklist_or_a_numbered_list_are_steps(body: str) -> None:
    """Where there are no headings."""
    found = guide(body)
    assert [(step.id, step.title, step.html) for step in found.steps] == [
        ("say-hello", "Say hello", ""),
        ("ask-one-thing", "Ask one thing", "<p>More.</p>\n"),
    ]


def test_steps_and_branches_of_the_catalog_have_addresses() -> None:
    """Its text is what goes before; each end of a tree is a step of its own; a choice may lead to another guide."""
    plain = read_guide(Localised("T", "S", body="Before.", steps=("Say hello", "Ask *one* thing")), "/guide/x")
    assert (plain.intro, plain.tree) == ("<p>Before.</p>\n", False)
    assert [(step.id, step.title) for step in plain.steps] == [
        ("say-hello", "Say hello"),
        ("ask-one-thing", "Ask *one* thing"),
    ]
    branches = (
        Branch("mail", "Is there mail?", (Choice("Yes", go="read"), Choice("No", end="Look **again**."))),
        Branch("read", "Did you read it?", (Choice("Yes", resource="manual"), Choice("No", end="Read it."))),
    )
    tree = read_guide(Localised("T", "S", branches=branches), "/guide/x")
    assert tree.tree
    assert [step.id for step in tree.steps] == ["mail", "read", "mail-2", "read-2"]
    assert tree.steps[0].ways == (Way("Yes", "/guide/x/read"), Way("No", "/guide/x/mail-2"))
    assert tree.steps[1].ways[0] == Way("Yes", "/guide/manual")
    assert tree.steps[2].html == "<p>Look <strong>again</strong>.</p>\n"


def test_plain_text_and_plain_lists_have_no_steps() -> None:
    """They are shown as they are."""
    assert guide("Hello *you*.\n\n- a\n- b") == Guide(
        "<p>Hello <em>you</em>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
    )


def test_ids_are_unique_and_never_empty() -> None:
    """Two steps of one name, a step of signs alone, words of any script."""
    assert [step.id for step in guide("## A\n## A\n## !!!\n## Größe prüfen").steps] == ["a", "a-2", "3", "größe-prüfen"]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "## <img src=x onerror=alert(1)>\n\n<b onclick='x()'>y</b>",
        "[x](data:text/html,hello)",
        "![x](https://tracker.example.org/pixel.gif)",
        '[x](https://example.org "><script>alert(1)</script>")',
    ],
)
def test_html_scripts_and_foreign_images_are_never_obeyed(body: str) -> None:
    """They are shown as text, or left out."""
    found = guide(body)
    html = found.intro + "".join(step.html for step in found.steps)
    for bad in ("<script", "<img", "<b ", 'href="javascript', 'href="data'):
        assert bad not in html


def test_links_to_elsewhere_get_no_hold_of_this_page() -> None:
    """Links within the guide need no such care."""
    assert 'rel="noopener noreferrer"' in guide("[x](https://example.org)").intro
    assert "rel=" not in guide("## A\n[x](#b)\n## B").steps[0].html


@given(st.text(alphabet=st.sampled_from(list("#-[]()*1. \n\tax<>`!|:")), max_size=200))
def test_any_text_gives_a_guide(body: str) -> None:
    """Bounded, with ids that are unique, whatever an author wrote."""
    found = guide(body)
    ids = [step.id for step in found.steps]
    assert len(ids) == len(set(ids)) <= STEPS_MAX
    assert all(ids)
    assert all(way.address.rpartition("/")[2] in ids for step in found.steps for way in step.ways)
