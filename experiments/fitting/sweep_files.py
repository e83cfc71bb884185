"""Write plausible sets as a plan that `behaviours sweep` runs: routes compared on every one of them."""

import csv
import io
import re
from pathlib import Path

import numpy as np

from experiments.comparison_plan import PRIMARY
from experiments.fitting.fit import Fit
from experiments.fitting.predictive import resampled
from experiments.fitting.scenario_files import toml_lines, write_scenario
from simulation.scenario import load_route
from simulation.scenario.find import ready
from simulation.state import Floats

PLAN, POINTS = "plan.toml", "points.csv"
SETS, REPLICATES = 60, 4
"""Sets of a plan, drawn by weight, and seeds on which each is run."""


def equal_sets(fit: Fit, number: int = SETS) -> Floats:
    """Return sets of equal weight, drawn from the last population by weight; a heavy one stands several times."""
    return fit.last.values[resampled(fit.last.weights, number, seed=fit.plan.first_seed)]


def distinct(sets: Floats) -> int:
    """Return how many sets there are, one that stands several times counted as one."""
    return len(np.unique(sets, axis=0))


def write_plan(fit: Fit, folder: Path) -> list[Path]:
    """Write plan and points into a folder, and the scenario where it is no ready one; return what was written.

    The perception offset is no part of the model, and is left out. Raises OSError.
    """
    factors = [(k, prior) for k, prior in enumerate(fit.plan.chosen.free) if prior.factor is not None]
    sets = equal_sets(fit)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([prior.name for _, prior in factors])
    writer.writerows([[repr(float(row[k])) for k, _ in factors] for row in sets])
    (folder / POINTS).write_text(text.getvalue(), encoding="utf-8")
    scenario = write_scenario(fit.plan.scenario, folder)
    routes = list(dict.fromkeys([*PRIMARY, _own_route(fit, folder)]))
    lines = [
        f"# {distinct(sets)} plausible sets, drawn by weight from the fit beside this file: a set that",
        "# weighs much stands in several rows. Run it with: behaviours sweep THIS-FILE --out A-FOLDER",
        "# Illustrative, not predictive.",
        *toml_lines(
            {
                "title": f"Routes over sets that reproduce observations of {fit.plan.scenario.title or scenario}",
                "scenarios": [scenario],
                "routes": routes,
                "replicates": REPLICATES,
                "first_seed": fit.plan.first_seed,
                "design": {"type": "table", "file": POINTS},
            }
        ),
    ]
    (folder / PLAN).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder / PLAN, folder / POINTS]


def _own_route(fit: Fit, folder: Path) -> str:
    """Return the fitted route as a plan names it: a ready one's name, or a file that is written here."""
    route = fit.plan.scenario.route
    if route.name in ready("routes") and load_route(route.name).content_hash() == route.content_hash():
        return route.name
    said = route.model_dump(mode="json", by_alias=True, exclude={"name"}, exclude_none=True)
    name = f"fitted-{route.name}" if re.fullmatch(r"[\w-]+", route.name) else "fitted-route"
    lines = ["# The route that was fitted, as it was. Illustrative, not predictive.", *toml_lines(said)]
    (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"./{name}.toml"
