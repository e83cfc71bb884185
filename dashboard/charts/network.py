"""Draw a place's network: organisations as marks (size, colour by practice), ties as lines (width by trust)."""

import numpy as np

from dashboard.charts.drawing import INK, SOFT, Cell, Drawing, themed
from dashboard.charts.heat_map import CIVIDIS
from experiments.comparison import PlacePicture
from experiments.shown import level
from simulation.state import Floats
from simulation.vocabulary import KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}
SYMBOLS = {
    "council": "pin", "social-care": "rect", "council-services": "diamond", "health": "roundRect",
    "housing": "triangle", "voluntary": "circle", "community": "circle",
}  # fmt: skip
"""ECharts' shapes; a kind without one of its own is a circle. The table and the tooltip name the kind in words."""


def network(
    people: PlacePicture, where: Floats, *, practice: Floats, trust: Floats, title: str, chosen: str = "",
    source: str = "", top: float = 10,
) -> Drawing:  # fmt: skip
    """Return the network.

    Positions `where` (N, 2) in 0-1 come from `experiments.figures.layout.positions`; practice (N,) and trust (L,) are
    in the model's scale; `chosen` is an organisation's id.
    """
    relative = np.sqrt(people.size / people.size.max())
    nodes = [
        {
            "id": identity, "name": people.names[i], "x": 1000 * float(where[i, 0]),
            "y": -700 * float(where[i, 1]), "value": round(10 * float(practice[i]), 1),
            "symbol": SYMBOLS.get(people.kinds[i], "circle"), "symbolSize": round(12 + 26 * float(relative[i])),
            "itemStyle": {"borderColor": INK, "borderWidth": 4 if identity == chosen else 1},
            "label": {"show": identity == chosen},
        }
        for i, identity in enumerate(people.ids)
    ]  # fmt: skip
    links = [
        {
            "source": people.ids[int(a)], "target": people.ids[int(b)],
            "lineStyle": {"width": round(0.3 + 4.7 * float(t) ** 1.5, 1), "color": SOFT, "opacity": 0.55},
        }
        for a, b, t in zip(people.tie_from, people.tie_to, trust, strict=True)
    ]  # fmt: skip
    option = themed(
        {
            "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}: {c}"},
            "visualMap": {
                "min": 0, "max": top, "dimension": 0, "calculable": False, "orient": "horizontal", "left": "center",
                "bottom": 0, "inRange": {"color": list(CIVIDIS)}, "text": [f"practice {top:g}", "0"], "seriesIndex": 0,
                "textStyle": {"color": INK},
            },
            "series": [{
                "type": "graph", "layout": "none", "roam": False, "top": 24, "bottom": 64, "left": 30, "right": 30,
                "data": nodes, "links": links, "label": {"color": INK, "position": "right", "fontSize": 13},
                "emphasis": {"label": {"show": True}},
            }],
        }
    )  # fmt: skip
    ties = np.bincount(np.concatenate([people.tie_from, people.tie_to]).astype(int), minlength=len(people.ids))
    rows: list[list[Cell]] = [
        [people.names[i], KIND_TITLES.get(people.kinds[i], people.kinds[i]), round(10 * float(practice[i]), 2),
         int(ties[i])]
        for i in range(len(people.ids))
    ]  # fmt: skip
    return Drawing(
        title, describe(people, practice, trust), option, ("Organisation", "Kind", "Practice, 0–10", "Ties"), rows,
        source=source, file="network", height=520,
    )  # fmt: skip


def describe(people: PlacePicture, practice: Floats, trust: Floats) -> str:
    """Describe the network for those who can't see it."""
    order = np.argsort(-practice)
    ends = ", ".join(f"{people.names[i]} {level('practice', float(practice[i]))}" for i in (order[0], order[-1]))
    mean = float(trust.mean()) if len(trust) else 0.0
    return (
        f"Network of {len(people.ids)} organisations and {len(trust)} working relationships. Mean practice "
        f"{level('practice', float(practice.mean()))}, mean trust {level('trust', mean)}. Highest and lowest: {ends}."
    )
