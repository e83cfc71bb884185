"""What has the focus keeps it: a control that is there before and after a click is the same one in the browser.

One that is made anew loses the focus, and with it the place of whoever uses the keyboard or has the page read aloud.
Where a control goes away as it is pressed, the heading before it has the focus on.
"""

import pytest

from dashboard.pages.decide.draft import Intent
from dashboard.pages.decide.serialisation import INTENTS
from tests.dashboard.browsers import apart, settled
from tests.dashboard.conftest import NewVisitor
from tests.dashboard.controls import Act, use
from tests.dashboard.server_process import Served

ACTS: dict[str, tuple[Act, ...]] = {
    "/?scenario=gateshead": (("Month", "chosen", 60), ("Luck: seed", "chosen", 7), ("Route", "chosen", "blended")),
    "/decide?scenario=gateshead": (
        "Stop at month 24", ("Prototypes", "chosen", 50), "Make it 100%", "Fork: try it in a new branch",
        "Go on to the end", "Undo", "Redo", "Undo", "Stop at month 60", ("Sites", "chosen", "named"),
        ("Event", "chosen", "merger"), ("The learning partner", "chosen", "until"), "Go on one year",
    ),
    "/compare?months=6&paired=20": ("Compare: 60 runs", ("Name this comparison", "chosen", "One")),
    "/assumptions?scenario=gateshead": (("Scenario", "chosen", "gateshead"), ("Route", "chosen", "blended")),
    "/your-place": (),
}  # fmt: skip
"""Addresses, and what is done there before everything is clicked on. The page Sweep has its own servers."""


@pytest.mark.browser
@pytest.mark.parametrize("address", ACTS)
def test_what_stays_on_the_page_is_never_made_anew(served: Served, address: str) -> None:
    apart(use(served, address, ACTS[address]))


PRESSED: dict[str, tuple[str, ...]] = {
    f"/decide?scenario=gateshead&month=24&intent={INTENTS.to_text(Intent(shape='flat', talk='never'))}": (
        "Keep this prediction", "Remove the prediction", "Fork: try it in a new branch",
        "Remove the decision of month 24", "Remove “No open talk from 24”", "Go on to the end", "Stop at month 24",
    ),
    "/?seed=1000005": ("Reset Luck: seed to 1,000,000",),
    "/your-place": (
        "Start from a worked example", "Remove line 7", "Forget this place", "Keep it", "Forget this place",
        "Forget it for good",
    ),
}  # fmt: skip
"""Buttons that go away, or that can't be pressed again, by the address where they are; of two the last is pressed."""


@pytest.mark.browser
@pytest.mark.parametrize("address", PRESSED, ids=["decide", "place", "your-place"])
def test_whoever_presses_a_button_that_goes_away_stays_on_the_page(new_visitor: NewVisitor, address: str) -> None:
    tab = new_visitor().open(address)
    for name in PRESSED[address]:
        tab.get_by_role("button", name=name, exact=True).last.focus()
        tab.keyboard.press("Enter")
        settled(tab)
        held = tab.evaluate("document.querySelector('main').contains(document.activeElement)")
        assert held, f"{name}: {tab.evaluate('document.activeElement.outerHTML.slice(0, 200)')}"
