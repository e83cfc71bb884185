"""Time a first page in a browser, and weigh what a visitor takes in the server's memory."""

import asyncio
from contextlib import AsyncExitStack
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psutil

from tests.browser import profile
from tests.dashboard.apart import apart
from tests.dashboard.browsing import DESKTOP
from tests.dashboard.conftest import browsing
from tests.dashboard.headless import Headless
from tests.dashboard.serving import Served

MEGABYTE = 2**20
SECONDS_OF_REST = 2.0
VISITS = 4
"""Visits after which a browser was here before."""
OURS_THERE = """() => {
    const seen = (one) => one.getBoundingClientRect().top < innerHeight;
    const drawn = (one) => one.querySelector("svg, canvas") && !("waiting" in one.dataset);
    const charts = [...document.querySelectorAll(".b-canvas")];
    return document.querySelector("main h1") && charts.length && charts.filter(seen).every(drawn) && performance.now();
}"""
PEER_THERE = """() => {
    const picture = document.querySelector("img.widget-image");
    return picture && picture.complete && picture.naturalWidth && performance.now();
}"""
"""Milliseconds since the page was asked for, once all that the first screen shows is drawn; false until then."""


WORDS = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


class Opened(NamedTuple):
    """Milliseconds from asking for a page: until there is something to read, and until the first screen is drawn."""

    words: float
    drawn: float


def opened(context: Any, served: Served, there: str) -> Opened:
    """Return what a new tab takes to show the first page."""
    page = context.new_page()
    page.goto(served.url, wait_until="commit")
    drawn = float(page.wait_for_function(there, polling="raf").json_value())
    found = Opened(float(page.evaluate(WORDS)), drawn)
    page.wait_for_timeout(1_000)  # what is not on screen is drawn, so that the next does not wait for it
    page.close()
    return found


def first_pages(browser: Any, served: Served, there: str, times: int) -> tuple[list[Opened], list[Opened]]:
    """Return what a first page takes a browser that was here before, and one that was not.

    The first is one that keeps what it has seen, as people's do: from the third visit on Chromium has its scripts
    compiled. The second keeps nothing from one time to the next.
    """
    fresh = []
    for _ in range(times):
        with browsing(browser, DESKTOP) as context:
            fresh.append(opened(context, served, there))
    with TemporaryDirectory() as folder, profile(browser, folder, DESKTOP) as context:
        for _ in range(VISITS):
            opened(context, served, there)
        again = [opened(context, served, there) for _ in range(times)]
    return again, fresh


def memory_of_visitors(served: Served, number: int) -> float:
    """Return the megabytes of the server's memory that each of some idle visitors takes, who come and stay."""
    process = psutil.Process(served.process.pid)

    async def stay(count: int) -> int:
        async with AsyncExitStack() as here:
            for _ in range(count):
                await here.enter_async_context(Headless(served))
            await asyncio.sleep(SECONDS_OF_REST)
            return process.memory_info().rss

    apart(stay(2))  # what the first ever to come brings about is not a visitor's
    before = process.memory_info().rss
    return (apart(stay(number)) - before) / number / MEGABYTE
