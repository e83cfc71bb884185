"""The model: what a user needs, loaded when it is asked for.

>>> from simulation import load_scenario, simulate
>>> simulate(load_scenario("gateshead"), seed=1).months
120
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.outcomes import OUTCOMES as OUTCOMES
    from simulation.outcomes import Outcome as Outcome
    from simulation.own_mechanism import Mechanism as Mechanism
    from simulation.place import Place as Place
    from simulation.policy import Decision as Decision
    from simulation.policy import PartnerView as PartnerView
    from simulation.policy import Policy as Policy
    from simulation.policy import PolicyError as PolicyError
    from simulation.policy import route_for as route_for
    from simulation.run import Trajectory as Trajectory
    from simulation.run import simulate as simulate
    from simulation.scenario import ProblemError as ProblemError
    from simulation.scenario import Route as Route
    from simulation.scenario import Scenario as Scenario
    from simulation.scenario import load_place as load_place
    from simulation.scenario import load_pressure as load_pressure
    from simulation.scenario import load_route as load_route
    from simulation.scenario import load_scenario as load_scenario

MODEL_VERSION = 1
"""Part of the identity of every stored run. The CHANGELOG says what moved, and why, whenever this is raised."""

_FACE = {
    "Decision": "simulation.policy", "Mechanism": "simulation.own_mechanism", "OUTCOMES": "simulation.outcomes",
    "Outcome": "simulation.outcomes", "PartnerView": "simulation.policy", "Place": "simulation.place",
    "Policy": "simulation.policy", "PolicyError": "simulation.policy", "ProblemError": "simulation.scenario",
    "Route": "simulation.scenario", "Scenario": "simulation.scenario", "Trajectory": "simulation.run",
    "load_place": "simulation.scenario", "load_pressure": "simulation.scenario", "load_route": "simulation.scenario",
    "load_scenario": "simulation.scenario", "route_for": "simulation.policy", "simulate": "simulation.run",
}  # fmt: skip
__all__ = ["MODEL_VERSION", *_FACE]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_FACE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
