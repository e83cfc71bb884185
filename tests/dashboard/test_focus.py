"""What has the focus keeps it: a control that is there before and after a click is the same one in the browser.

One that is made anew loses the focus, and with it the place of whoever uses the keyboard or has the page read aloud.
"""

import pytest

from tests.dashboard.apart import apart
from tests.dashboard.serving import Served
from tests.dashboard.using import Act, use

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
