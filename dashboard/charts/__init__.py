"""Turn runs into charts: pure functions that return a `Drawing`, which the component `Chart` shows."""

from dashboard.charts.drawing import Drawing
from dashboard.charts.heat_map import heat_map
from dashboard.charts.lines import Line, line_chart, line_of
from dashboard.charts.network import network

__all__ = ["Drawing", "Line", "heat_map", "line_chart", "line_of", "network"]
