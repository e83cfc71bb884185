"""Give tests small fits: a place of eight organisations, observed by the model itself or by nobody."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from experiments.calibration.observations import ALL, Observation, Targets
from experiments.calibration.plausible_sets import Fit, FitPlan, fit
from experiments.calibration.priors import chosen
from simulation.scenario import Scenario, load_route, load_scenario, with_settings

KEPT = TemporaryDirectory()
"""Removed when the tests end."""
SETTINGS = ("place.generated.organisations=8", "place.network.kind=complete", "months=24")
PARAMETERS = ("adoption_rate=0.01..0.5", "rationing_limit")
"""One that moves practice strongly over so wide a range, and one that does nothing: rationing is off."""
TRUTH = (0.05, 0.2, 0.08)
SMALL = {"sets": 70, "particles": 45, "populations": 3}


def scenario() -> Scenario:
    """Return a small generated place with the blended route."""
    return with_settings(load_scenario("generated"), SETTINGS).changed(route=load_route("blended"))


def plan(observations: list[Observation], **more: int) -> FitPlan:
    """Return the plan of a small fit."""
    what = scenario()
    return FitPlan(Targets(tuple(observations), scales=("0-10",)), what, chosen(what, PARAMETERS), **(SMALL | more))


def observations(months: tuple[int, ...] = (6, 12, 24), score: float = 0.0) -> list[Observation]:
    """Return a score of every organisation in these months."""
    return [Observation(f"organisation-{k}", ALL, month, score, 0.03) for month in months for k in range(8)]


def from_the_model(truth: tuple[float, ...] = TRUTH, seed: int = 77, **more: int) -> FitPlan:
    """Return a plan whose observations the model made with known values."""
    empty, values = plan(observations(), **more), np.array(truth)
    scores = empty.world.scores(empty.world.practice(values, seed), values, seed)
    made = [replace(one, score=float(score)) for one, score in zip(observations(), scores, strict=True)]
    return plan(made, **more)


def folder(name: str) -> Path:
    """Return a folder that is removed when the tests end."""
    return Path(KEPT.name) / name


@cache
def known() -> Fit:
    """Return the fit of observations that the model made."""
    return fit(from_the_model(), folder("known"), apart=False)


@cache
def impossible() -> Fit:
    """Return the fit of observations that no set can make: ten of ten everywhere in the first month."""
    what = plan(observations((1,), score=1.0), particles=40, populations=2, predictions=200)
    return fit(what, folder("impossible"), apart=False)
