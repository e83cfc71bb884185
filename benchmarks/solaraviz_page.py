"""Show the same model in Mesa's own SolaraViz: the peer that the dashboard is timed beside.

The peer is spared what it does worst: it runs to the end when it is made, so that a moved slider shows a whole new
course at once and not a step at a time, and its data collector is filled from the record.
"""

from typing import Any

import solara
from mesa.datacollection import DataCollector
from mesa.visualization import Slider, SolaraViz, make_plot_component

from benchmarks.both import ORGANISATIONS, SLIDER
from simulation.place import Place
from simulation.scenario import PlaceFile, Scenario
from simulation.scenario.files import load_route
from simulation.scenario.place import Generated

PLACE = PlaceFile(name="generated", generated=Generated(organisations=ORGANISATIONS))
ROUTE = load_route("prototype-led")


class ShownPlace(Place):
    """A place that has run to its end, with one number to move."""

    def __init__(self, initial_trust: float = 0.3, rng: Any = None) -> None:
        """Build the place, run it, and hand its record to the data collector."""
        super().__init__(Scenario(place=PLACE, route=ROUTE, settings={"initial_trust": initial_trust}), seed=1)
        self.run()
        self.datacollector = DataCollector(model_reporters={"practice": lambda model: float("nan")})
        self.datacollector.model_vars["practice"] = self.trajectory.series["practice"].tolist()


@solara.component
def Page() -> None:
    """Show the model with a slider and a plot."""
    model = solara.use_memo(ShownPlace, [])
    SolaraViz(
        model,
        components=[make_plot_component("practice")],
        model_params={"initial_trust": Slider(SLIDER, 0.3, 0.1, 0.5, 0.01)},
    )
