"""What is further down Place waits for the first screen, and while the run changes under a moving slider."""

from typing import Any

import pytest

from tests.dashboard.browsers import apart
from tests.dashboard.headless import Headless
from tests.dashboard.server_process import Served

NETWORK, LINES = "Organisations and their relationships", "Mean practice of all organisations"


def charts(visitor: Headless, title: str) -> list[dict[str, Any]]:
    """Return what the charts with such a title show."""
    return [state for state in visitor.widgets.values() if str(state.get("title", "")).startswith(title)]


def chart(visitor: Headless, title: str) -> dict[str, Any]:
    """Return what the first chart with such a title shows."""
    return charts(visitor, title)[0]


def busy(visitor: Headless) -> str:
    """Return whether what is further down says that it is behind."""
    return next(
        state["attributes"]["aria-busy"] for state in visitor.widgets.values()
        if state.get("class_") == "b-later"
    )  # fmt: skip


async def moved(served: Served, lines: str) -> None:
    """Move the luck, let go, scrub the month, and look at what is up and what is down the page."""
    async with Headless(served, "/?scenario=gateshead") as visitor:
        await visitor.catch_up()
        luck, month = visitor.find(label="Luck: seed"), visitor.find(label="Month")
        assert (busy(visitor), "seed 1000000" in chart(visitor, lines)["source"]) == ("false", True)
        await visitor.tell(luck, "moved", 1000007)
        assert "seed 1000007" in chart(visitor, NETWORK)["source"]
        assert (busy(visitor), "seed 1000000" in chart(visitor, lines)["source"]) == ("true", True)
        await visitor.tell(luck, "moved", 1000009)
        assert "seed 1000009" in chart(visitor, NETWORK)["source"]
        await visitor.tell(luck, "chosen", 1000009)
        await visitor.catch_up()
        assert (busy(visitor), "seed 1000009" in chart(visitor, lines)["source"]) == ("false", True)
        await visitor.tell(month, "moved", 30)  # the same run: nothing waits
        assert (busy(visitor), chart(visitor, lines)["mark"]) == ("false", 30)
        assert visitor.complaints == []


@pytest.mark.browser
def test_what_is_further_down_follows_once_the_slider_rests(served: Served) -> None:
    apart(moved(served, LINES))


async def come(served: Served) -> None:
    """Load Place, move its slider before the first screen is drawn, then say that it is."""
    async with Headless(served, "/", draws=False) as visitor:
        assert chart(visitor, NETWORK)
        assert charts(visitor, LINES) == []
        await visitor.tell(visitor.find(label="Luck: seed"), "moved", 1000007)
        assert charts(visitor, LINES) == []
        await visitor.draw()
        assert "seed 1000007" in chart(visitor, LINES)["source"]
        assert visitor.complaints == []


@pytest.mark.browser
def test_what_is_further_down_comes_once_the_first_screen_is_drawn(served: Served) -> None:
    apart(come(served))
