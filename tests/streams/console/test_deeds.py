"""The record's deeds have their words: each that the code notes by name, in both languages."""

import re

from streams.console.deeds import DEEDS, deed
from tests.support.tree import ROOT

NOTED = re.compile(r"""\.note\(\s*[\w.]*(?:"")?,\s*(f?)"([^"]+)"(?: if \w+ else "([^"]+)")?""")


def test_each_deed_that_is_noted_has_its_words() -> None:
    """Those that are put together of two words begin as some that have theirs do."""
    found = [
        one for path in (ROOT / "streams" / "console").glob("*.py") for one in NOTED.findall(path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    plain = {name for composed, *names in found if not composed for name in names if name}
    assert len(plain) > 20
    assert plain <= DEEDS.keys()
    begun = {name.partition("{")[0] for composed, name, _ in found if composed}
    assert {one for one in begun if one} <= {f"{name.partition('.')[0]}." for name in DEEDS}
    assert all(english and german and english != german for english, german in DEEDS.values())


def test_of_a_later_version_it_is_the_code() -> None:
    assert deed("of.later", "de") == "of.later"
    assert (deed("sign_in", "en"), deed("sign_in", "de")) == DEEDS["sign_in"]
