"""Hold what decides a run: places, pressures, routes, events, choices; frozen, validated, hashed."""

from simulation.scenario.load import (
    Ready,
    available,
    check_place,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
)
from simulation.scenario.places import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.problems import Problem, ProblemError
from simulation.scenario.route import Phase, Route, Shares
from simulation.scenario.scenario import Scenario
from simulation.scenario.settings import with_settings
from simulation.scenario.structure import Structure

__all__ = [
    "Phase",
    "PlaceFile",
    "Pressure",
    "Problem",
    "ProblemError",
    "Ready",
    "Route",
    "Scenario",
    "Shares",
    "Structure",
    "available",
    "check_place",
    "load_place",
    "load_pressure",
    "load_route",
    "load_scenario",
    "with_settings",
]
