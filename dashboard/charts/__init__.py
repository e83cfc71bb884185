"""Turn runs into charts: pure functions that return a `Drawing`, which the component `Chart` shows."""

from dashboard.charts.drawing import Drawing
from dashboard.charts.heat_map import heat_map
from dashboard.charts.lines import Line, line_chart, line_of
from dashboard.charts.months_map import months_map
from dashboard.charts.network import PRESSURE, network, practice_colour
from dashboard.charts.parts import parts_chart

__all__ = [
    "PRESSURE", "Drawing", "Line", "heat_map", "line_chart", "line_of", "months_map", "network", "parts_chart",
    "practice_colour",
]  # fmt: skip
