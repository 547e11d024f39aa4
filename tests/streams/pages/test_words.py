"""What pages say: the same in both languages, and a word for each thing that they name."""

import re

from processors.commands import ACTIONS
from processors.playbooks.resources import KINDS
from resource_catalog.loader import SHIPPED, load
from streams.pages.words import WORDS, named
from streams.web.files import STATIC

TEMPLATES = "".join(
    path.read_text(encoding="utf-8") for path in (STATIC.parent.parent / "pages" / "templates").iterdir()
)


def test_both_languages_say_the_same_things() -> None:
    """No word is missing in either, none is empty, no place for a value is lost."""
    assert WORDS["en"].keys() == WORDS["de"].keys()
    for key, english in WORDS["en"].items():
        german = WORDS["de"][key]
        assert german.strip()
        assert re.findall(r"\{\w+\}", english) == re.findall(r"\{\w+\}", german), key


def test_there_is_a_word_for_all_that_is_named() -> None:
    """Kinds of resources, actions, and what the shipped catalog speaks of."""
    for words in WORDS.values():
        assert {f"kind_{kind}" for kind in KINDS} <= words.keys()
        assert {
            f"{action}_{part}" for action in ACTIONS if action != "open" for part in ("title", "done")
        } <= words.keys()
        bundle = load(SHIPPED).bundle
        shown = {one.theme for one in bundle.resources} | {one.kind for one in bundle.playbooks if one.lane != "staff"}
        assert {f"about_{name}" for name in shown} <= words.keys()


def test_what_has_no_word_is_said_as_it_is_written() -> None:
    """Themes of a community's own."""
    assert named("board-games", "de") == "Board games"


def test_templates_use_words_that_exist() -> None:
    """Each name after t."""
    used = set(re.findall(r"\bt\.(\w+)", TEMPLATES)) - {"from", "to"}
    assert used
    assert used <= WORDS["en"].keys()
