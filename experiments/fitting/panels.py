"""Lay observations out in panels over time: all together, by behaviours, by kinds of organisation."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from experiments.fitting.fit import Fit
from experiments.fitting.targets import Observation
from simulation.start import roster
from simulation.state import Floats, Integers
from simulation.vocabulary import BEHAVIOURS, GROUPS, KINDS

Z90 = 1.6449
"""Standard errors to either side of a 90% interval."""
ALL = "all observations"


_Sort = tuple[str, Sequence[tuple[str, str]], Callable[[Observation], str]]


class Panel(NamedTuple):
    """Some of the observations, by month."""

    about: str
    name: str
    title: str
    months: dict[int, Integers]


def panels(fit: Fit) -> tuple[Panel, ...]:
    """Return every panel that there are observations for; where there is only one of a sort, it is left out."""
    seen = fit.plan.targets.observations
    people = roster(fit.plan.scenario.place)
    kind_of = dict(zip(people.ids, people.kinds, strict=True))
    by_behaviour = {behaviour.id: behaviour for behaviour in BEHAVIOURS}
    sorts: tuple[_Sort, ...] = (
        ("group", [(group, f"{group.capitalize()} behaviours") for group in GROUPS], lambda one: one.group),
        (
            "behaviour",
            [(b.id, f"{b.number}. {b.id.replace('_', ' ').capitalize()}") for b in by_behaviour.values()],
            lambda one: one.behaviour,
        ),
        ("kind", [(kind.id, kind.title) for kind in KINDS], lambda one: kind_of.get(one.organisation, "")),
    )
    groups = [one.group for one in {one.behaviour: one for one in seen}.values() if one.group]
    if len(set(groups)) == len(groups):  # a behaviour a group: the same numbers twice
        sorts = (sorts[0], sorts[2])
    found = [_panel("all", ALL, "All observations", seen, lambda _: True)]
    for about, names, key in sorts:
        some = [_panel(about, name, title, seen, lambda one, name=name, key=key: key(one) == name)  # type: ignore[misc]
                for name, title in names]  # fmt: skip
        some = [panel for panel in some if panel.months]
        found += some if len(some) > 1 else []
    return tuple(found)


def _panel(
    about: str, name: str, title: str, seen: Sequence[Observation], holds: Callable[[Observation], bool]
) -> Panel:
    rows: dict[int, list[int]] = {}
    for k, one in enumerate(seen):
        if holds(one):
            rows.setdefault(one.month, []).append(k)
    return Panel(about, name, title, {month: np.array(rows[month]) for month in sorted(rows)})


def panel_table(fit: Fit) -> pl.DataFrame:
    """Return what was observed and what plausible sets predict, a row a panel and month; scores and practice on 0-10.

    `observed` is the mean score, `error` its standard error. `low` and `high` hold nine in ten of what plausible sets
    predict for the mean as perceived, `lower` and `upper` half; `practice` is the middle one as enacted;
    `before_low` and `before_high` hold nine in ten over the whole prior.
    """
    scores = fit.plan.scores
    errors = fit.plan.world.errors
    before = _before(fit)
    rows = []
    for panel in panels(fit):
        for month, at in panel.months.items():
            perceived = fit.predictions.perceived[:, at].mean(axis=1)
            low, lower, middle, upper, high = np.quantile(perceived, (0.05, 0.25, 0.5, 0.75, 0.95))
            before_low, before_high = np.quantile(before[:, at].mean(axis=1), (0.05, 0.95))
            practice = np.median(fit.predictions.practice[:, at].mean(axis=1))
            error = np.sqrt((errors[at] ** 2).sum()) / len(at)
            numbers = (scores[at].mean(), error, low, lower, middle, upper, high, practice, before_low, before_high)
            rows.append((panel.about, panel.name, month, len(at), *(10 * float(number) for number in numbers)))
    columns = ("about", "panel", "month", "observations", "observed", "error", "low", "lower", "median", "upper",
               "high", "practice", "before_low", "before_high")  # fmt: skip
    return pl.DataFrame(rows, schema=list(columns), orient="row")


def observation_table(fit: Fit) -> pl.DataFrame:
    """Return every observation with what plausible sets predict for it; scores on 0-10."""
    low, middle, high = 10 * np.quantile(fit.predictions.scores, (0.05, 0.5, 0.95), axis=0)
    rows = [
        (one.line, one.organisation or "all", one.behaviour or "all", one.month, 10 * one.score, 10 * one.error,
         float(low[k]), float(middle[k]), float(high[k]), bool(low[k] <= 10 * one.score <= high[k]))
        for k, one in enumerate(fit.plan.targets.observations)
    ]  # fmt: skip
    columns = ("line", "organisation", "behaviour", "month", "score", "error", "low", "median", "high", "inside")
    return pl.DataFrame(rows, schema=list(columns), orient="row")


def _before(fit: Fit) -> Floats:
    """Return what the pilot's sets predict as perceived (n, K)."""
    offsets = np.array([fit.plan.chosen.offset(values.tolist()) for values in fit.pilot.values])
    found: Floats = fit.pilot.practice[:, 0] + offsets[:, None]
    return found
