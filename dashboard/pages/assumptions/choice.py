"""Choose the pressure, and the rules that could be otherwise."""

import solara

from dashboard.address import titles
from dashboard.components import About, Choice, Controls, Section, Text
from dashboard.pages.assumptions.changes import PROFILES, RULES, Rule, usual
from dashboard.runs import chosen
from dashboard.session import Session

ABOUT_PRESSURE = About(
    what="How demand and budgets press on the place: a few numbers and, in some, events.",
    why="Pressure makes organisations rigid, and practice falls where it lasts.",
    basis="Each pressure’s own file lists its sources and what was assumed.",
    notice="It sets some of the numbers below. A number set by hand stands over it.",
)
ABOUT_PROFILE = About(
    what="Whether eight optional terms are in the model. The lean model leaves them out.",
    why="What holds in both does not hang on them.", basis="Which terms are optional was decided by the makers.",
)  # fmt: skip


def Rules(session: Session) -> solara.Element:
    """Return the pressure and the structural choices."""
    settings = session.settings
    own = chosen(usual(settings), session.visitor.places).scenario.pressure.name
    pressures = {"": "As the scenario says"} | {n: title for n, title in titles("pressures").items() if n != own}
    return Section(
        "Rules that could be otherwise",
        Text("The first option of each is the model’s own. None is measured: each is a way to look at a place."),
        Controls(
            Choice("Pressure on the place", settings.pressure if settings.pressure != own else "", pressures,
                   about=ABOUT_PRESSURE, on_choose=lambda name: session.commit(pressure=name)),
            *(_choice(session, rule) for rule in RULES),
            Choice("Size of the model", settings.profile, PROFILES, about=ABOUT_PROFILE,
                   on_choose=lambda name: session.commit(profile=name)),
            label="Rules that could be otherwise",
        ),
    )  # fmt: skip


def _choice(session: Session, rule: Rule) -> solara.Element:
    return Choice(
        rule.title, getattr(session.settings, rule.name), rule.options,
        about=About(rule.decides, basis="Assumed: a rule, not a finding.", notice=rule.notice),
        on_choose=lambda name: session.commit(**{rule.name: name}),
    )  # fmt: skip
