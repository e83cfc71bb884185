"""Run what is asynchronous in a thread of its own: the browser's driver keeps a loop running in the tests' thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe

from tests.dashboard.server_process import Served

T = TypeVar("T")


def apart(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns, or raise what it raises; works while another loop runs in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


# Visit pages in a real browser, and hold whatever goes wrong there against the test.


DESKTOP, PHONE = (1280, 900), (390, 844)
GRAVE = ("serious", "critical")


@dataclass
class Visitor:
    """One visitor's browser, apart from all others; `complaints` is checked when the test ends.

    `forgives` are parts of complaints that a test brings about on purpose.
    """

    context: Any
    served: Served
    complaints: list[str] = field(default_factory=list)
    forgives: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.context.on("request", self._request)
        self.context.on("response", self._response)
        self.context.on("requestfailed", self._failed)
        self.context.on("weberror", lambda error: self._complain(f"page error: {error.error}"))
        self.context.on("console", self._console)

    def open(self, address: str = "/") -> Any:
        """Open an address in a new tab and return it once the page and its charts are drawn."""
        page = self.context.new_page()
        page.goto(self.served.at(address))
        return settled(page)

    def _complain(self, words: str) -> None:
        if not any(part in words for part in self.forgives):
            self.complaints.append(words)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.served.url, "data:", "blob:")):
            self._complain(f"outside request: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self._complain(f"{response.status}: {response.url}")

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # what a page leaves unread as it is closed
            self._complain(f"failed: {request.url} ({request.failure})")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self._complain(f"console: {message.text}")


SETTLED = """() => {
    const shell = document.querySelector(".b-shell");
    const shown = shell && window.solara.rootPath + shell.dataset.address;
    return shown && decodeURI(shown) === decodeURI(location.pathname + location.search)
        && !window.app?.kernelBusy && !document.querySelector(".b-rest")
        && [...document.querySelectorAll(".b-canvas")].every(
            e => e.querySelector("svg, canvas") && !("waiting" in e.dataset));
}"""
REST = "() => new Promise(rest => setTimeout(() => requestAnimationFrame(rest), 50))"


def settled(page: Any) -> Any:
    """Wait until the page of the address is there with all its charts, and Python has nothing left to do."""
    page.locator("main h1").wait_for()
    for _ in range(2):
        page.wait_for_function(SETTLED)
        page.evaluate(REST)
    return page


def show(page: Any, address: str) -> Any:
    """Go to another address of the site without loading it anew, as its own links do."""
    page.evaluate("address => window.solara.router.push(address)", address)
    page.wait_for_function("""address => {
        const there = new URL(window.solara.rootPath + address, location);
        return location.pathname + location.search === there.pathname + there.search;
    }""", arg=address)  # fmt: skip
    return settled(page)


def check_accessible(page: Any) -> None:
    """Fail where axe finds what a person with a disability could not use (impact serious or critical)."""
    found = Axe().run(page).response["violations"]
    grave = [
        f"{fault['id']}: {fault['help']}: {[node['html'][:160] for node in fault['nodes'][:3]]}"
        for fault in found
        if fault["impact"] in GRAVE
    ]
    assert grave == []


def check_width(page: Any) -> None:
    """Fail where the page scrolls sideways; say which elements stick out."""
    width = page.viewport_size["width"]
    wide = page.evaluate(
        """width => document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 120))
            .concat(`scroll width ${document.documentElement.scrollWidth}`)""",
        width,
    )
    assert wide == []


def path_and_query(page: Any) -> str:
    return str(page.evaluate("location.pathname + location.search"))
