"""A real Chromium without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.processes import tool

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")  # the first takes two thirds of the others' time


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the first there is; at the end close it. Meanwhile this thread has a running event loop, Playwright's."""
    path = next(filter(None, map(shutil.which, NAMES)), None) or tool("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
