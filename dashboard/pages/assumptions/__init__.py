"""Assumptions: every number and rule of the model, and what changes where one is moved."""

import solara

from dashboard.components import Box
from dashboard.pages.assumptions.choice import Rules
from dashboard.pages.assumptions.effect import Changed, Strip, WhatItDoes, effect_in
from dashboard.pages.assumptions.numbers import Numbers
from dashboard.pages.place import WhatIsRun
from dashboard.session import use_session

PATH = "/assumptions"
TITLE = "Assumptions"
LEAD = "Every number of the model: what it means, where it comes from, and what it does when you move it."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    effect = effect_in(session)
    return Box(
        WhatIsRun(session), Strip(effect), Changed(session), WhatItDoes(session, effect), Numbers(session),
        Rules(session), kind="b-stack b-assume",
    )  # fmt: skip
