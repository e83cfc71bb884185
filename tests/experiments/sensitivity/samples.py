"""Give tests sampled designs with outcomes of known functions, and a small sweep of the real model."""

from pathlib import Path
from typing import Any

import numpy as np

from experiments.design import Morris, Sobol, unit_sample
from experiments.factors import Factor
from experiments.inference import Floats
from experiments.runner import sweep
from experiments.work import work_of
from simulation.scenario import load_scenario

PLAN = """
title = "Small {type}"
scenarios = ["generated"]
routes = {routes}
months = {months}
replicates = {replicates}
[design]
type = "{type}"
{design}
[factors]
{factors}
"""
BOTH, ONE = ("manifesto-led", "prototype-led"), ("prototype-led",)
FACTORS = """
initial_pressure = "plausible"
trust_gain = "plausible"
"place.network.kind" = ["random", "small-world"]
"""
DESIGNS = {
    "sobol": "points = 8\nseed = 1\nsecond_order = true",
    "morris": "trajectories = 4\nseed = 1",
    "latin-hypercube": "points = 48\nseed = 1",
    "one-at-a-time": "",
}


def ishigami(unit: Floats) -> Floats:
    """Return Ishigami's function (a = 7, b = 0.1) on the unit cube; a fourth factor does nothing."""
    x = np.pi * (2 * unit - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


ISHIGAMI_FIRST, ISHIGAMI_TOTAL = (0.3139, 0.4424, 0.0, 0.0), (0.5576, 0.4424, 0.2437, 0.0)
"""Its indices, by integration (Ishigami & Homma 1990)."""


def sobol(points: int, k: int = 4, *, second_order: bool = False) -> tuple[Sobol, Floats]:
    """Return a design and its sample."""
    design = Sobol(points=points, second_order=second_order, seed=1)
    return design, unit_sample(design, k)


def morris(walks: int, k: int) -> tuple[Morris, Floats]:
    """Return a design and its sample."""
    design = Morris(trajectories=walks, seed=2)
    return design, unit_sample(design, k)


def plan(folder: Path, design: str, *, months: int = 12, replicates: int = 2, routes: tuple[str, ...] = BOTH) -> Path:
    """Write a small plan of a design."""
    factors = FACTORS
    if design == "one-at-a-time":
        factors = 'initial_pressure = [0.9, 1.0]\ntrust_gain = [0.09, 0.1]\n"place.network.kind" = ["random"]\n'
    path = folder / f"{design}.toml"
    path.write_text(
        PLAN.format(
            type=design, design=DESIGNS[design], months=months, replicates=replicates, factors=factors,
            routes=list(routes),
        )
    )  # fmt: skip
    return path


def swept(folder: Path, design: str, **more: Any) -> Path:
    """Run a small sweep of the real model and return its folder."""
    return sweep(plan(folder, design, **more), folder / design).folder


def switched_off(folder: Path) -> Path:
    """Run a sweep in which a factor can do nothing: what talk damages is never reached without a partner."""
    scenario = load_scenario("generated").changed(months=6)
    factors = [Factor(name="initial_pressure", low=0.88, high=1.04), Factor(name="talk_damage", low=0.0, high=0.2)]
    work = work_of([scenario], factors, routes=["none"], design=Sobol(points=16, seed=1), replicates=2)
    return sweep(work, folder / "off").folder
