"""Resource files: what a kind needs, steps, tones, dates, links and references; each fault with its place and how to mend it."""

from pathlib import Path

import pytest

from processors.playbooks.resources import Resource
from resource_catalog.loader import load
from resource_catalog.problems import CatalogError

LINK_WANTED = "link: expected https://..., mailto:, a path such as /guides, or resource:ID"
GUIDE = "title: A guide\nkind: how-to\ntheme: topic\nsummary: It helps.\n"


def written(directory: Path, **files: str) -> Path:
    """Write resources, `guide_en` as resources/guide.en.md; each text is the front matter."""
    for name, front in files.items():
        stem, _, locale = name.rpartition("_")
        path = directory / "resources" / f"{stem}.{locale}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}---\nBody\n", encoding="utf-8")
    return directory


def read(directory: Path, **files: str) -> dict[str, Resource]:
    """Return the resources of such a catalog by id."""
    return {one.id: one for one in load(written(directory, **files)).bundle.resources}


def faults(directory: Path, **files: str) -> list[str]:
    """Return what is wrong with such a catalog as `file:line: message`."""
    with pytest.raises(CatalogError) as caught:
        load(written(directory, **files))
    return [f"{Path(one.path).name}:{one.line}: {one.message}" for one in caught.value.problems]


def test_all_fields_are_read(tmp_path: Path) -> None:
    """What concerns a language goes to its text, the rest to the resource."""
    front = GUIDE + (
        "link: https://example.org/guide\nsteps:\n  - First this\n  - Then that\ndeeper: more\naudience: [host]\ntags: [day-one]\n"
        "tone: {warm: It helps gladly., warm-formal: It helps with pleasure.}\nsource: t17\nowner: ann\nreview_by: 2027-01-31\nexpires: 2027-06-30\nsearch: on_request\n"
    )
    guide = read(tmp_path, guide_en=front, more_en=GUIDE)["guide"]
    text = guide.locales["en"]
    assert (text.steps, text.link) == (("First this", "Then that"), "https://example.org/guide")
    assert text.tones == {"warm": "It helps gladly.", "warm-formal": "It helps with pleasure."}
    assert (guide.deeper, guide.audience, guide.tags, guide.source) == ("more", ("host",), ("day-one",), "t17")
    assert (guide.owner, guide.review_by, guide.search) == ("ann", "2027-01-31", "on_request")
    assert guide.expires == 1_814_313_600  # 2027-06-30T00:00Z


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("deeper: mor\n", "6: deeper: resource mor is not in the catalog; did you mean more?"),
        ("deeper: guide\n", "6: deeper: guide is this resource itself"),
        ("replaced_by: more\n", "6: replaced_by: goes with retired: true; until then this one is offered"),
        ("retired: true\nreplaced_by: gone\n", "7: replaced_by: resource gone is not in the catalog"),
        ("link: javascript:alert(1)\n", f"6: {LINK_WANTED}, found javascript:alert(1)"),
        ("link: resource:moer\n", "6: link: resource moer is not in the catalog; did you mean more?"),
        ("review_by: soon\n", "6: review_by: expected a date such as 2027-01-31, found 'soon'"),
        ("tone: {warn: Hello}\n", "6: unknown field warn; did you mean warm?"),
        ("tone: {warm: ''}\n", "6: warm: expected a text, found nothing"),
        ("steps: First\nstepps: [a]\n", "7: unknown field stepps; did you mean steps?"),
        ("steps: ['']\n", "6: steps: expected steps of 1 to 300 characters, found 0 in number 1"),
        ("steps: [" + "a, " * 21 + "]\n", "6: steps: at most 20 steps, found 21"),
        ("branches:\n  - {ask: Well?, choices: [{say: a, end: b}, {say: c, end: d}]}\n",
         "7: branches: go with kind: decision-tree, found how-to"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_how_to_mend_it(tmp_path: Path, added: str, expected: str) -> None:
    """One message for each."""
    assert faults(tmp_path, guide_en=GUIDE + added, more_en=GUIDE) == [f"guide.en.md:{expected}"]


@pytest.mark.parametrize("kind", ["video", "gif", "thread"])
def test_what_is_elsewhere_needs_a_link(tmp_path: Path, kind: str) -> None:
    """A kind that is nothing but a place to go."""
    front = GUIDE.replace("how-to", kind)
    assert faults(tmp_path, guide_en=front) == [f"guide.en.md:3: kind: a {kind} needs a link to it"]
    assert read(tmp_path, guide_en=front + "link: https://example.org/v\n")["guide"].kind == kind


def test_the_languages_of_a_resource_agree(tmp_path: Path) -> None:
    """Kind and search are the resource's own; dates and verification are those of the weaker."""
    other = GUIDE.replace("how-to", "microguide") + "search: never\n"
    assert faults(tmp_path, guide_de=GUIDE, guide_en=other) == [
        "guide.en.md:3: kind: microguide here, how-to in de; all languages of a resource have the same",
        "guide.en.md:6: search: never here, answers in de; all languages of a resource have the same",
    ]
    guide = read(
        tmp_path, guide_de=GUIDE + "review_by: 2027-01-31\n", guide_en=GUIDE + "review_by: 2026-12-31\nowner: ann\n"
    )
    assert (guide["guide"].review_by, guide["guide"].owner) == ("2026-12-31", "ann")


@pytest.mark.parametrize("name", ["guide", "guide.English", "gui de.en", ".en"])
def test_a_name_says_id_and_language(tmp_path: Path, name: str) -> None:
    """Anything else is told, not passed over."""
    (written(tmp_path, more_en=GUIDE) / "resources" / f"{name}.md").write_text(f"---\n{GUIDE}---\n", encoding="utf-8")
    assert faults(tmp_path) == [f"{name}.md:1: expected a name <id>.<language>.md, such as getting-started.en.md"]


def test_one_file_for_each_language(tmp_path: Path) -> None:
    """The same resource twice in one language would hide one of them."""
    written(tmp_path, guide_en=GUIDE)
    (tmp_path / "resources" / "z").mkdir()
    (tmp_path / "resources" / "z" / "guide.en.md").write_text(f"---\n{GUIDE}---\n", encoding="utf-8")
    assert faults(tmp_path) == ["guide.en.md:1: resource guide stands in another file of en too"]
