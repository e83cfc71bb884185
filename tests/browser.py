"""Give tests a real Chromium that reaches no network; where it must be there and is not, that is a failure."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
_open: list[Any] = []
"""The browser that is open: Playwright runs once in a process, so whoever asks meanwhile is given the same."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Open an installed Chromium; without one, fail where BEHAVIOURS_REQUIRE_BROWSER is set and skip elsewhere."""
    if _open:
        yield _open[0]
        return
    path = installed()
    if path is None:
        if os.environ.get("BEHAVIOURS_REQUIRE_BROWSER"):
            pytest.fail("no Chromium is installed, and this run requires one")
        pytest.skip("no Chromium is installed: what pages look like in a browser is not checked")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        _open.append(browser)
        try:
            yield browser
        finally:
            _open.clear()
            browser.close()


def installed() -> str | None:
    """Return the path of an installed Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
