"""Turn runs into charts: pure functions that return a `Drawing`, which the component `Chart` shows."""

from dashboard.charts.bars import parts_chart
from dashboard.charts.drawing import Drawing
from dashboard.charts.heat_map import heat_map, months_map
from dashboard.charts.lines import Line, line_chart, line_of
from dashboard.charts.network import PRESSURE, network, practice_colour

__all__ = [
    "PRESSURE", "Drawing", "Line", "heat_map", "line_chart", "line_of", "months_map", "network", "parts_chart",
    "practice_colour",
]  # fmt: skip
