"""Map where each of two routes does better: two factors, one outcome, more runs where the sign is undecided.

>>> from tempfile import TemporaryDirectory
>>> from simulation.scenario import load_scenario
>>> plan = plan_map(load_scenario("generated").changed(months=2), steps=2, most=20)
>>> with TemporaryDirectory() as folder:
...     carry_out(plan, folder + "/map").cells.shape[0]
4
"""

from experiments.mapping.design import MapPlan, plan_map
from experiments.mapping.reading import RouteMap, read
from experiments.mapping.rounds import Stopped, carry_out

__all__ = ["MapPlan", "RouteMap", "Stopped", "carry_out", "plan_map", "read"]
