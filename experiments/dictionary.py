"""Say what every column of a sweep's, a comparison's or a run's tables is: its unit and its meaning."""

from collections.abc import Mapping, Sequence

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
_MONTH = ("months", "programme month; 0 is before the first")
NOT_REACHED = "not reached"
_MAY_NOT_BE_REACHED = ("take_off",)
_BAND = {
    "median": "of runs: the middle one",
    "low": "of runs: nine in ten lie above this or below high, 5%",
    "high": "of runs: upper end of the band in which nine in ten lie, 95%",
    "mean": "mean over runs",
}
_LEVEL = {
    "outcome": ("name", "what was measured"),
    "replicates": ("number", "runs in which it was measured"),
    "title": ("text", "the outcome's title"),
    "shown_unit": ("text", "unit of the columns shown_..., the scale that reports show"),
    **{name: ("as the outcome's", words) for name, words in _BAND.items()},
    **{f"shown_{name}": ("shown_unit", words) for name, words in _BAND.items()},
}
_CONTRAST = {
    "first": ("name", "route whose outcome the other's is taken from"),
    "second": ("name", "route whose outcome is taken away"),
    "outcome": ("name", "what was measured"),
    "month": ("months", "programme month at which it was measured"),
    "pressure": ("name", "pressure that both routes were run under"),
    "structure": ("name", "structure of the model that both routes were run in"),
    "group": ("text", "which choices the structure is one of"),
    "title": ("text", "the structure's title"),
    "place": ("text", "title of the place in which the structure was tried"),
    "moved": ("true or false", "whether that is another place than the scenario's own"),
    "difference": ("as the outcome's", "mean paired difference, first minus second, on the same seeds"),
    "low": ("as the outcome's", "lower end of the difference's 95% interval"),
    "high": ("as the outcome's", "upper end of the difference's 95% interval"),
    "adjusted_low": ("as the outcome's", "lower end adjusted for all contrasts named beforehand; else as low"),
    "adjusted_high": ("as the outcome's", "upper end adjusted for all contrasts named beforehand; else as high"),
    "ahead": ("share", "pairs of runs in which the first is ahead"),
    "ahead_low": ("share", "lower end of that share's 95% interval"),
    "ahead_high": ("share", "upper end of that share's 95% interval"),
    "median_difference": ("as the outcome's", "the middle paired difference"),
    "verdict": ("text", "what the interval allows to be said"),
    "named_beforehand": ("true or false", "whether the contrast was named before any run"),
    "replicates": ("number", "pairs of runs"),
    "half_width": ("as the outcome's", "half the interval's width"),
    "precision": ("as the outcome's", "half-width that was asked for"),
    "precise_enough": ("true or false", "whether half_width is no larger than that"),
    "replicates_needed": ("number", "pairs at which it would be"),
    "first_median": ("as the outcome's", "the middle run of the first route"),
    "second_median": ("as the outcome's", "the middle run of the second route"),
}
_BY_TABLE = {
    "summary": _LEVEL, "contrasts": _CONTRAST, "pressures": _CONTRAST, "structures": _CONTRAST,
    "runs-under-structures": {"structure": _CONTRAST["structure"]},
}  # fmt: skip
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
            ("months", "month", *_MONTH),
        ]
        rows += [("months", name, *_outcome(name)) for name in MONTH_COLUMNS]
    rows += [("design", "point", *_KEYS["point"])]
    rows += [("design", column(factor.name), *_factor(factor)) for factor in work.factors]
    return pl.DataFrame(rows, schema=["table", "column", "unit", "meaning"], orient="row")


def dictionary_of(tables: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return table, column, unit and meaning of every column of a comparison's or a run's tables."""
    rows = []
    for table, names in tables.items():
        own = _KEYS | {"month": _MONTH} | _BY_TABLE.get(table, {})
        rows += [(table, name, *(own.get(name) or _outcome(name))) for name in names]
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
    if name in _MAY_NOT_BE_REACHED:
        meaning += f". Where it never is, '{NOT_REACHED}' in a spreadsheet and inf elsewhere"
    return unit, f"{how.title}: {meaning}" if meaning else how.title
