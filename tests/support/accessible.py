"""A page in a real Chromium held against axe, and against a sideways scroll."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize, expect

expect.set_options(timeout=60_000)  # ms: of a machine that is busy with other tests
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What the other colour scheme can change: its style sheets set colours alone (test_accessible.py).
COLOURS = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "rules": {}}
# What passed is left in the browser: to bring it here costs as much as to find it.
FIND = """options => axe.run(options).then(
  ({violations}) => violations.map(({id, nodes}) => [id, nodes.map(({html}) => html.slice(0, 160))]))"""


def check(page: Page) -> None:
    """Hold a page against axe's rules, and against a sideways scroll."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    _hold(page, OPTIONS)


def _hold(page: Page, options: dict[str, Any]) -> None:
    assert page.evaluate(FIND, options) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def check_in(page: Page, *schemes: Scheme, hold: Callable[[Page], None] = check) -> None:
    """Hold a page in each of the colour schemes, in those behind the first against what has to do with colours."""
    for number, scheme in enumerate(schemes):
        page.emulate_media(color_scheme=scheme)
        if number:
            _hold(page, COLOURS)
        else:
            hold(page)


def both(size: ViewportSize, path: str, crossed: str | tuple[str, ...]) -> Iterator[Scheme]:
    """Yield the colour schemes in which a path is looked at: both, for those that begin with `crossed` light and wide, dark and narrow."""
    for scheme in SCHEMES:
        if not path.startswith(crossed) or (size is WIDE) == (scheme == "light"):
            yield scheme
