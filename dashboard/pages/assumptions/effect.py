"""What the changes do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from dashboard.address import titles
from dashboard.charts import Drawing, Line, line_chart
from dashboard.components import About, Box, Chart, Section, Text
from dashboard.pages.assumptions.changes import changes_of, put_back, usual
from dashboard.runs import NINE_TENTHS, Spread, by_month, chosen, run, source_of, spread_of
from dashboard.session import Session
from experiments.inference import Estimate, intervals, verdict
from experiments.reporting.figures.style import Line as Look
from experiments.reporting.phrases import say
from simulation.outcomes import PRACTICE_MATTERS, difference, interval, level
from simulation.run import Trajectory
from simulation.state import Floats

OUTCOME = "practice"
USUAL_LINE, CHANGED_LINE = "As the scenario says", "With your changes"
USUAL_LOOK, CHANGED_LOOK = Look("#595959", (0, (4, 1.6)), ""), Look("#0072B2", "-", "")


@dataclass(frozen=True)
class Effect:
    """Practice by month from month 0, as the scenario says and with the changes, on the same luck."""

    usual: Floats  # (months + 1,)
    changed: Floats | None
    """None where nothing was changed."""
    usual_spread: Spread
    changed_spread: Spread | None = None
    """None while a slider moves."""


def effect_of(
    usual: Trajectory, changed: Trajectory | None, usual_spread: Spread, changed_spread: Spread | None
) -> Effect:
    """Return the effect of the changes; without `changed` there are none."""
    return Effect(
        by_month(usual, OUTCOME), None if changed is None else by_month(changed, OUTCOME), usual_spread, changed_spread
    )


def short_words(effect: Effect) -> str:
    """Say the end of one run with and without the changes, in few words."""
    without = level(OUTCOME, float(effect.usual[-1]))
    if effect.changed is None:
        return f"Practice ends at {without} of 10 on this luck. Nothing is changed yet."
    ends = level(OUTCOME, float(effect.changed[-1]))
    gap = difference(OUTCOME, float(effect.changed[-1] - effect.usual[-1]))
    return f"Practice ends at {ends} of 10 with your changes, {without} without: {gap}, on the same luck."


def long_words(effect: Effect) -> str:
    """Say what the changes do over all seeds, with an interval and what it allows to be said."""
    if effect.changed is None:
        return "Move a number below: its line comes beside this one, on the same luck."
    if effect.changed_spread is None:
        return "Let go of the slider to see twenty runs with other luck."
    pair = [spread.at(OUTCOME, -1) for spread in (effect.changed_spread, effect.usual_spread)]
    (found,) = intervals(pair[0] - pair[1]).estimates()
    (low, high), runs = found.ends, found.seeds
    return (
        f"On {runs} seeds, each run with the changes and without, they move where practice ends by "
        f"{difference(OUTCOME, found.effect)} of 10 on average (95% interval {interval(OUTCOME, low, high)}): "
        f"{judged(low, high, runs)}. The bands hold nine runs in ten."
    )


def judged(low: float, high: float, runs: int) -> str:
    """Return what an interval of the paired difference in practice allows to be said."""
    said = verdict(Estimate((low + high) / 2, low, high, runs), matters=PRACTICE_MATTERS)
    return say(said, "change", way="more" if low + high > 0 else "less")


def drawing_of(effect: Effect, source: str) -> Drawing:
    """Return the chart: both lines, each with its band over other luck."""
    lines = [_line(USUAL_LINE, effect.usual, USUAL_LOOK, effect.usual_spread)]
    if effect.changed is not None:
        lines.append(_line(CHANGED_LINE, effect.changed, CHANGED_LOOK, effect.changed_spread))
    return line_chart(
        lines, OUTCOME, title="Mean practice, with your changes and without", source=source, file="assumptions"
    )


def _line(name: str, values: Floats, look: Look, spread: Spread | None) -> Line:
    if spread is None:
        return Line(name, values, look)
    low, high = (spread.path(OUTCOME, share) for share in NINE_TENTHS)
    return Line(name, values, look, low, high)


ABOUT = About(
    what="Practice averaged over all organisations and behaviours: as the scenario says, and with what you changed.",
    unit="0 (not at all) to 10 (wholly)",
    why="It shows what hangs on a number that nobody has measured.",
    basis="Computed by the model. Both lines meet the same luck. A band holds nine in ten of twenty runs.",
    notice="Does the gap outgrow the bands? A small gap on one seed may be luck: read the interval.",
)


@solara.component_vue("strip.vue", vuetify=False)
def _Strip(words: str, usual: list[float], changed: list[float]) -> None:
    pass


@solara.component_vue("changed.vue", vuetify=False)
def _Changed(content: str, event_put_back: Callable[[Any], None]) -> None:
    pass


def effect_in(session: Session) -> Effect:
    """Return what the changes do; runs with other luck only once a slider is let go."""
    settings, places = session.settings, session.visitor.places
    plain, now = chosen(usual(settings), places).scenario, session.chosen.scenario
    base = run(plain, settings.seed)
    if usual(settings) == settings:
        return effect_of(base, None, spread_of(plain), None)
    moving = session.visitor.draft is not None
    return effect_of(base, session.run(), spread_of(plain), None if moving else spread_of(now))


def Strip(effect: Effect) -> solara.Element:
    """Return the strip that stays in sight while numbers are moved."""
    changed = [] if effect.changed is None else [round(10 * value, 3) for value in effect.changed.tolist()]
    usual_line = [round(10 * value, 3) for value in effect.usual.tolist()]
    return Box(_Strip(words=short_words(effect), usual=usual_line, changed=changed), kind="b-month")


def Changed(session: Session) -> solara.Element:
    """Return the list of what was changed."""
    settings = session.settings
    found = changes_of(settings, titles("pressures"), session.visitor.places)

    def back(key: Any) -> None:
        session.commit_settings(put_back(settings, key) if key else usual(settings))

    content = json.dumps([change._asdict() for change in found], ensure_ascii=False)
    return Section("What you changed", _Changed(content=content, event_put_back=back))


def WhatItDoes(session: Session, effect: Effect) -> solara.Element:
    """Return both lines with what can be said of them."""
    seeds = effect.usual_spread.seeds
    runs = f"lines: one run each, seed {session.settings.seed}; bands: seeds {seeds[0]} to {seeds[-1]}"
    source = source_of(session.settings, session.chosen.scenario, runs=runs)
    return Section("What the changes do", Text(long_words(effect)), Chart(drawing_of(effect, source), about=ABOUT))
