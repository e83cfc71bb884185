"""Time a first page in a browser, and weigh what a visitor takes in the server's memory."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

import psutil

from benchmarks.plain_browser import plain_browser
from tests.dashboard.browsers import DESKTOP, apart
from tests.dashboard.headless import Headless
from tests.dashboard.server_process import Served

MEGABYTE = 2**20
SECONDS_OF_REST = 2.0
REST = 1.5
"""Seconds in which what is not on screen is drawn, so that the next page does not wait for it."""
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


class Opened(NamedTuple):
    """Milliseconds from asking for a page: until there is something to read, and until the first screen is drawn."""

    words: float
    drawn: float


def first_pages(sides: Sequence[tuple[Served, str]], times: int) -> list[tuple[list[Opened], list[Opened]]]:
    """Return for each side what a first page takes a browser that was here before, and one that was not, in turn.

    A side is a server and what holds once its page is drawn. The first is a browser that keeps what it has seen, as
    people's do: from the third visit on Chromium has its scripts compiled. The second keeps nothing.
    """
    found: list[tuple[list[Opened], list[Opened]]] = [([], []) for _ in sides]
    with plain_browser(DESKTOP) as browser:
        for visit in range(VISITS + times):
            for (served, there), (again, fresh) in zip(sides, found, strict=True):
                taken = Opened(*browser.opened(served.url, there, REST))
                if visit >= VISITS:
                    again.append(taken)
                    with browser.visitor() as newcomer:
                        fresh.append(Opened(*browser.opened(served.url, there, REST, browserContextId=newcomer)))
    return found


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
