"""Take the pictures of README and docs anew: `make pictures`. Needs an installed Chromium, and reaches no network."""

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from PIL import Image

from dashboard.pages.decide.branches import Decision, Tree
from dashboard.pages.decide.serialisation import BRANCHES
from experiments.reporting.result_files import write_map
from experiments.route_map import carry_out, plan_map
from simulation.scenario import Shares, load_scenario
from tests.browser import chromium
from tests.dashboard.browsers import Visitor, settled
from tests.dashboard.conftest import browsing
from tests.dashboard.server_process import serving

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DESK, PHONE = (1180, 1000), (390, 844)
DAYS = Shares(help=0.15, convene=0.15, prototype=0.45, reflect=0.15, rewire=0.1)
FORK = BRANCHES.to_text(Tree().forked(0, 24, "More prototypes from 24").decided(1, Decision(month=24, shares=DAYS)))

REST = 1_500
"""Milliseconds after which charts have come to rest."""
TO_TOP = """e => {
    e.scrollIntoView({ block: "start" });
    const bar = document.querySelector(".b-month");
    const over = bar ? bar.getBoundingClientRect().bottom + 12 - e.getBoundingClientRect().top : 0;
    if (over > 0 && over < innerHeight / 2) scrollBy(0, -over);
}"""
"""Scroll something to the top, under the line of the month where that stays in sight."""


class Picture(NamedTuple):
    """A page as it is shown: its address, what is pressed there, and the heading or chart that it is scrolled to."""

    name: str
    address: str
    top: str
    size: tuple[int, int] = DESK
    act: Callable[[Any], object] = lambda tab: None


def compare(tab: Any) -> None:
    """Run the comparison that the page offers."""
    tab.get_by_role("button", name="Compare:").click()
    tab.get_by_role("heading", name="What came out at month").wait_for()


PICTURES = (
    Picture("page-place", "/?scenario=gateshead&month=48", "At month 48"),
    Picture(
        "page-decide",
        f"/decide?scenario=gateshead&decisions={FORK}&branch=1&repeats=30",
        "What follows",
    ),
    Picture("page-compare", "/compare?scenario=gateshead", "What came out at month", act=compare),
    Picture("page-map", "/sweep?sweep=map", "Where each route does better"),
    Picture("page-place-phone", "/?scenario=gateshead&month=48", "Who works with whom", PHONE),
)


def take(picture: Picture, browser: Any, served: Any) -> bytes:
    """Return a picture of a page, as PNG of few colours."""
    with browsing(browser, picture.size, device_scale_factor=1.5) as context:
        visitor = Visitor(context, served)
        tab = visitor.open(picture.address)
        picture.act(tab)
        place = tab.locator("h1") if picture.top == "h1" else tab.get_by_role("heading", name=picture.top).first
        place.evaluate(TO_TOP)
        settled(tab)
        tab.wait_for_timeout(REST)
        shot = Image.open(io.BytesIO(tab.screenshot()))
        if visitor.complaints:
            raise RuntimeError("; ".join(visitor.complaints))
    content = io.BytesIO()
    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
    return content.getvalue()


def main() -> None:
    """Write every picture."""
    with TemporaryDirectory() as folder:
        there = Path(folder) / "map"
        plan = plan_map(load_scenario("gateshead"), ("prototype-led", "manifesto-led"))
        carry_out(plan, there, report=False, write=write_map)
        with serving("--map", str(there)) as served, chromium() as browser:
            for picture in PICTURES:
                path = IMAGES / f"{picture.name}.png"
                path.write_bytes(take(picture, browser, served))
                print(path.name, f"{path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
