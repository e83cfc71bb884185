"""Hold what decides a run: places, pressures, routes, events, structural choices; frozen, validated, hashed."""

from simulation.scenario.places import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Phase, Route, Shares
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure

__all__ = ["Phase", "PlaceFile", "Pressure", "Route", "Scenario", "Shares", "Structure"]
