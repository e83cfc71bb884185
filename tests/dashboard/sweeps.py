"""Make small sweeps and maps for tests, a second's work each at most."""

from pathlib import Path
from typing import Any

from experiments.design import LatinHypercube, Morris, OneAtATime, Sobol
from experiments.executors import Serial
from experiments.factors import Factor
from experiments.reporting.result_files import write_map
from experiments.route_map import carry_out, plan_map
from experiments.runner import sweep
from experiments.work import Arm, Work
from simulation.scenario import load_route, load_scenario

MONTHS = 12
ROUTES = ("manifesto-led", "prototype-led")
DESIGNS = {
    "hypercube": (LatinHypercube(points=24, seed=3), 24),
    "sobol": (Sobol(points=8, seed=3), 40),
    "morris": (Morris(trajectories=10, levels=4, seed=3), 40),
}


def work(design: str = "hypercube", *, routes: tuple[str, ...] = ROUTES, replicates: int = 2, chunk: int = 0) -> Work:
    """Return the plan of a small sweep over three numbers of the generated place."""
    base = load_scenario("generated").changed(months=MONTHS)
    drawn, points = DESIGNS[design]
    factors = (
        Factor(name="initial_pressure", low=0.88, high=1.04),
        Factor(name="initial_trust", low=0.1, high=0.5),
        Factor(name="partner_days", low=5, high=60),
    )
    return Work(
        title=f"A small {design}", arms=tuple(arm(base, route) for route in routes), factors=factors, design=drawn,
        points=points, replicates=replicates, first_seed=1_000_000, chunk_size=chunk,
    )  # fmt: skip


def arm(base: Any, route: str) -> Arm:
    return Arm(scenario="generated", route=route, pressure="none", what=base.changed(route=load_route(route)))


def steps_work() -> Work:
    """Return a plan of one thing at a time: one that no address can express (point 3), one that fails (point 4)."""
    base = load_scenario("generated").changed(months=MONTHS)
    factors = (Factor(name="initial_trust", values=(0.1, 0.5)), Factor(name="route.number_of_sites", values=(2,)),
               Factor(name="place.generated.practice_low", values=(0.9,)))  # fmt: skip
    return Work(
        title="Steps", arms=(arm(base, "blended"),), factors=factors, design=OneAtATime(), points=5, replicates=3,
        first_seed=1_000_000,
    )  # fmt: skip


def made(folder: Path, plan: Work) -> Path:
    """Carry a sweep out in a folder."""
    sweep(plan, folder, executor=Serial())
    return folder


def mapped(folder: Path) -> Path:
    """Make a map of three by three cells."""
    base = load_scenario("generated").changed(months=MONTHS)
    carry_out(plan_map(base, (ROUTES[1], ROUTES[0]), steps=3, most=20), folder, report=False, write=write_map)
    return folder
