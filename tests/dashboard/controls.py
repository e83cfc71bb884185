"""Use every control of a page without a browser, and see which others are made anew by it.

One that is made anew loses the focus, and with it the place of whoever uses the keyboard or has the page read aloud.
"""

from typing import Any

from tests.dashboard.headless import Headless
from tests.dashboard.server_process import Served

MOST = 40
"""Clicks on a page."""
Act = str | tuple[str, str, Any]
"""What is clicked on, or a control, an event and its value."""


async def use(served: Served, address: str, acts: tuple[Act, ...]) -> None:
    """Do what is asked, then click on everything that can be clicked, and see what is made anew by it."""
    async with Headless(served, address) as visitor:
        await visitor.catch_up()
        lost = {str(act): anew for act in acts if (anew := await made_anew(visitor, act))}
        clicked = {act for act in acts if isinstance(act, str)}
        while len(clicked) < MOST and (left := clickable(visitor) - clicked):
            clicked.add(name := min(left))
            if anew := await made_anew(visitor, name):
                lost[name] = anew
        assert visitor.complaints == []
        assert lost == {}


async def made_anew(visitor: Headless, act: Act) -> set[str]:
    """Do something; return the names of controls that were there, are there, and are others."""
    name, event, value = (act, "click", {}) if isinstance(act, str) else act
    before = controls(visitor)
    await visitor.tell(before[name][0], event, value)
    await visitor.catch_up()
    after = controls(visitor)
    return {
        name for name, ids in before.items() if len(after.get(name, [])) == len(ids) and set(ids) != set(after[name])
    }


def controls(visitor: Headless) -> dict[str, list[str]]:
    """Return the ids of all controls by name."""
    found: dict[str, list[str]] = {}
    for identity, state in visitor.widgets.items():
        if name := name_of(state):
            found.setdefault(name, []).append(identity)
    return found


def name_of(state: dict[str, Any]) -> str:
    """Return the name of a control, or "" for what is none."""
    if state.get("tag") == "button":
        return "".join(part for part in state.get("children", []) if not part.startswith("IPY_MODEL_"))
    return str(state.get("label") or "") if "value" in state or "chosen" in state else ""


def clickable(visitor: Headless) -> set[str]:
    """Return the names of buttons that can be pressed."""
    return {
        name_of(state) for state in visitor.widgets.values()
        if state.get("tag") == "button" and "aria-disabled" not in state.get("attributes", {})
    } - {""}  # fmt: skip
