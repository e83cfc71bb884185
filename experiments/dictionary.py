"""Say what every column of a sweep's tables is: its unit and its meaning."""

import polars as pl

from experiments.documentation import SERIES_MEANING
from experiments.factors import Factor
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.shown import shown
from experiments.sweep_runs import column
from experiments.sweep_work import Work
from simulation.parameters import BY_NAME

_KEYS = {
    "run": ("number", "number of the run in the sweep"),
    "id": ("hash", "identity of the run: scenario, settings, seed and model version"),
    "point": ("number", "row of the design"),
    "replicate": ("number", "which seed: first_seed + replicate; shared by all points, scenarios and routes"),
    "seed": ("number", "what decides all luck"),
    "scenario": ("name", "scenario"),
    "route": ("name", "entry route that was run"),
    "under_pressure": ("name", "pressure that was run"),
    "months": ("months", "programme months that were run"),
    "status": ("ok or failed", "whether the run came to its end"),
    "error": ("text", "why it failed"),
    "traceback": ("text", "where it failed, for a programmer"),
}
_SHARES = ("effort", "strategic_window", "energy", "breaches", "capped", "value_demand", "lost_demand")


def data_dictionary(work: Work) -> pl.DataFrame:
    """Return table, column, unit and meaning of every column of runs, months and design."""
    rows = [("runs", name, *said) for name, said in _KEYS.items()]
    rows += [
        ("runs", column(factor.name), *_factor(factor)) for factor in work.factors if column(factor.name) not in _KEYS
    ]
    rows += [("runs", name, *_outcome(name)) for name in RUN_COLUMNS]
    if work.keep == "months":
        rows += [
            ("months", "run", *_KEYS["run"]),
            ("months", "month", "months", "programme month; 0 is before the first"),
        ]
        rows += [("months", name, *_outcome(name)) for name in MONTH_COLUMNS]
    rows += [("design", "point", *_KEYS["point"])]
    rows += [("design", column(factor.name), *_factor(factor)) for factor in work.factors]
    return pl.DataFrame(rows, schema=["table", "column", "unit", "meaning"], orient="row")


def _factor(factor: Factor) -> tuple[str, str]:
    """Return unit and meaning of a factor's column."""
    parameter = BY_NAME.get(factor.name)
    own = "varied by the plan; empty where the scenario's own value stands"
    return (parameter.unit, f"{parameter.meaning}; {own}") if parameter else ("as in the scenario", own)


def _outcome(name: str) -> tuple[str, str]:
    """Return unit and meaning of an outcome, in the model's own scale and not in the one shown to people."""
    how = shown(name)
    unit = {10: "0-1", 100: "share"}.get(int(how.factor), how.unit or "number")
    if how.unit == "% of capacity":
        unit = "share of capacity"
    if name in _SHARES:
        unit = "share"
    meaning = SERIES_MEANING.get(name) or how.meaning
    return unit, f"{how.title}: {meaning}" if meaning else how.title
