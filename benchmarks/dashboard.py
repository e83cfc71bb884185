"""Measure the dashboard beside Mesa's own SolaraViz of the same model: sliders, first pages, memory, many visitors."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from benchmarks.clicking import on_assumptions, on_peer, on_place, our_place
from benchmarks.crowding import move_ours, move_peers, moves
from benchmarks.opening import OURS_THERE, PEER_THERE, Opened, first_pages, memory_of_visitors
from benchmarks.serving import solaraviz
from tests.browser import chromium
from tests.dashboard.browsers import DESKTOP, Visitor
from tests.dashboard.conftest import browsing
from tests.dashboard.server_process import serving

UNCOUNTED, AFTER_CHANGE, BLOCK, BLOCKS = 5, 2, 10, 6
VISITORS, MOVES, PAGES = 20, 15, 7


class Side(NamedTuple):
    """What was measured of one of the two."""

    sliders: dict[str, list[float]]
    """Milliseconds from a key pressed to the drawing, by what is moved."""
    first_again: list[Opened]
    """What the first page takes in a browser that was here before."""
    first_fresh: list[Opened]
    """The same in one that was not."""
    megabytes: float
    """Memory of the server for each idle visitor."""
    crowd: list[float]
    """Seconds of each move where twenty move at once."""


class Asked(NamedTuple):
    """How much is measured."""

    uncounted: int = UNCOUNTED
    after_change: int = AFTER_CHANGE
    """Presses that are not counted once another tab was looked at: a browser lets those rest."""
    block: int = BLOCK
    blocks: int = BLOCKS
    pages: int = PAGES
    visitors: int = VISITORS
    moves: int = MOVES


USUAL = Asked()


def measure(asked: Asked = USUAL) -> tuple[Side, Side]:
    """Return what ours and the peer take, in one run, in turn where a browser is timed."""
    with serving("--most-visitors", str(4 * asked.visitors)) as ours, solaraviz() as peer:
        pages = first_pages([(ours, OURS_THERE), (peer, PEER_THERE)], asked.pages)
        with chromium() as browser:
            assumptions, place, theirs = _sliders(browser, ours, peer, asked)
        weights = [memory_of_visitors(served, asked.visitors) for served in (ours, peer)]
        crowds = [moves(served, move, asked.visitors, asked.moves)
                  for served, move in ((ours, move_ours), (peer, move_peers))]  # fmt: skip
    sliders = ({"Assumptions: Initial trust": assumptions, "Place: luck": place}, {"Initial trust, then Reset": theirs})
    one, other = (Side(*found) for found in zip(sliders, *zip(*pages, strict=True), weights, crowds, strict=True))
    return one, other


def _sliders(browser: Any, ours: Any, peer: Any, asked: Asked) -> list[list[float]]:
    """Return the milliseconds of each press on three sliders, block by block in turn."""
    with (
        browsing(browser, DESKTOP) as context,
        browsing(browser, DESKTOP) as another,
        browsing(browser, DESKTOP) as third,
    ):
        assumptions, place = (our_place(Visitor(one, ours).open("/")) for one in (context, another))
        theirs = third.new_page()
        theirs.goto(peer.url)
        theirs.locator("img.widget-image").wait_for()
        ways: Sequence[Iterator[float]] = (on_assumptions(assumptions), on_place(place), on_peer(theirs))
        tabs, found = (assumptions, place, theirs), [[], [], []]  # type: ignore[var-annotated]
        for way, tab in zip(ways, tabs, strict=True):
            tab.bring_to_front()
            list(islice(way, asked.uncounted))
        for _ in range(asked.blocks):
            for way, tab, milliseconds in zip(ways, tabs, found, strict=True):
                tab.bring_to_front()
                list(islice(way, asked.after_change))
                milliseconds += islice(way, asked.block)
        return found


def rows(ours: Side, peer: Side) -> Iterator[str]:
    """Yield the page's lines: figures side by side, with whether ours are within what was asked for."""
    yield "| what | asked for | ours | SolaraViz | times |"
    yield "| --- | --- | --- | --- | --- |"
    (theirs,) = peer.sliders.values()
    for name, taken in ours.sliders.items():
        yield from _percentiles(f"slider to redrawn chart ({name})", taken, theirs, (100, 200), "ms")
    for who, one, other, most in (
        ("a browser that was here before", ours.first_again, peer.first_again, 1.0),
        ("a new browser", ours.first_fresh, peer.first_fresh, None),  # asked for warm
    ):
        for part, what in enumerate(("words to read", "all of its first screen drawn")):
            here, there = (float(np.median([each[part] for each in taken])) / 1000 for taken in (one, other))
            yield _row(f"first page, {who}: {what}, median", here, there, most, "s")
    yield _row("memory an idle visitor", ours.megabytes, peer.megabytes, 2.0, "MB")
    yield from _percentiles(f"{VISITORS} visitors moving sliders at once", ours.crowd, peer.crowd, (None, 1.0), "s")


def _percentiles(
    name: str, one: Sequence[float], other: Sequence[float], asked: Sequence[float | None], unit: str
) -> Iterator[str]:
    for share, words, most in zip((50, 90), ("median", "p90"), asked, strict=True):
        yield _row(f"{name}, {words}", np.percentile(one, share), np.percentile(other, share), most, unit)


def _row(name: str, one: float, other: float, most: float | None, unit: str) -> str:
    digits = 0 if unit == "ms" else 2
    kept = "-" if most is None else f"under {most:g} {unit}: **{'met' if one < most else 'not met'}**"
    return f"| {name} | {kept} | {one:.{digits}f} {unit} | {other:.{digits}f} {unit} | {other / one:.1f} |"
