"""Hold what decides a run: places, pressures, routes, events, choices; frozen, validated, hashed."""

from simulation.scenario.errors import Problem, ProblemError
from simulation.scenario.files import (
    Ready,
    available,
    check_place,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
)
from simulation.scenario.paths import with_settings
from simulation.scenario.place import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Phase, Route, Shares
from simulation.scenario.scenario import Scenario
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
