"""A place's network; shapes of kinds."""

from dataclasses import dataclass
from math import ceil, cos, pi, sin
from typing import Any

import numpy as np

from dashboard.charts.drawing import ENDS, INK, NAME, VALUE, Cell, Drawing, themed, under_legend
from dashboard.charts.heat_map import CIVIDIS
from experiments.comparison import PlacePicture
from experiments.reporting.numbers import joined
from simulation.outcomes import level
from simulation.state import Flags, Floats
from simulation.vocabulary import KIND_IDS, KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}


def _polygon(corners: int, *, turn: float = 0.0, inner: float = 1.0) -> str:
    """Return the path of a regular polygon, or of a star where every second corner lies at `inner`."""
    points = corners * (2 if inner < 1 else 1)
    radius = [1.0 if k % 2 == 0 or inner == 1 else inner for k in range(points)]
    turns = [2 * pi * k / points - pi / 2 + turn for k in range(points)]
    return _path([(r * cos(t), r * sin(t)) for r, t in zip(radius, turns, strict=True)])


def _path(points: list[tuple[float, float]]) -> str:
    """Return a closed path on a square of 200 units, whose corners it does not reach by itself."""
    steps = " L".join(f"{100 + 100 * x:.0f} {100 + 100 * y:.0f}" for x, y in points)
    return f"path://M{steps} Z"


def _cross(arm: float = 0.36, *, turn: float = 0.0) -> str:
    corners = [(-arm, -1), (arm, -1), (arm, -arm), (1, -arm), (1, arm), (arm, arm),
               (arm, 1), (-arm, 1), (-arm, arm), (-1, arm), (-1, -arm), (-arm, -arm)]  # fmt: skip
    return _path([(x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)) for x, y in corners])


SHAPES = {
    "council": _polygon(5, inner=0.45),
    "social-care": "rect",
    "council-services": "diamond",
    "health": _cross(),
    "housing": _polygon(5),
    "police": _polygon(3, turn=pi),
    "justice": "triangle",
    "employment": _polygon(3, turn=-pi / 2),
    "education": _polygon(6),
    "voluntary": "circle",
    "community": _cross(turn=pi / 4),
    "business": _polygon(3, turn=pi / 2),
}
"""ECharts' names or paths; a kind that is not listed is a circle. Tooltips and tables name the kind in words."""


def shape_of(kind: str) -> str:
    """Return the shape of a kind of organisation."""
    return SHAPES.get(kind, "circle")


TIE = "#7a7a7a"
STRAIN = ("#fff4e0", "#fdd49e", "#fdae6b", "#f16913", "#c13d03", "#7f2704")
SHOWN_TRUST = (0.2, 0.5, 0.8)
SCALE = 64
"""Pixels of the bar that says what colours mean."""


@dataclass(frozen=True)
class Colour:
    """What the marks' colour says, on a scale that stands still while months pass."""

    outcome: str
    name: str
    low: float
    high: float
    """In the scale shown."""
    colours: tuple[str, ...]
    factor: float
    ring: str
    """Around the mark of the chosen organisation."""
    unit: str = ""

    def of(self, value: float) -> str:
        """Return the colour of a value in the model's scale."""
        share = min(max((self.factor * value - self.low) / (self.high - self.low), 0.0), 1.0)
        at = share * (len(self.colours) - 1)
        first = min(int(at), len(self.colours) - 2)
        mixed = [
            round(a + (at - first) * (b - a)) for a, b in zip(*map(_rgb, self.colours[first : first + 2]), strict=True)
        ]
        return "#{:02x}{:02x}{:02x}".format(*mixed)

    def said(self, value: float) -> str:
        """Return a value in words: "practice 2.3"."""
        return f"{self.name} {level(self.outcome, value)}"


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


def practice_colour(highest: float) -> Colour:
    """Return the scale of practice: from 0 to the first whole number that holds the run's highest, at least 2."""
    return Colour("practice", "practice", 0, max(2, min(10, ceil(10 * highest))), CIVIDIS, 10, "#d55e00")


PRESSURE = Colour("felt_pressure", "pressure", 60, 140, STRAIN, 100, "#000000", "%")


def network(
    people: PlacePicture, where: Floats, values: Floats, *, colour: Colour, practice: Floats, trust: Floats, title: str,
    alive: Flags | None = None, sites: Flags | None = None, chosen: str = "", source: str = "",
) -> Drawing:  # fmt: skip
    """Return the network.

    Positions `where` (N, 2) in 0-1 come from `experiments.reporting.figures.layout`; `values` (N,) are what colour
    says; practice (N,) and trust (L,) are in the model's scale; who is not `alive` (N,) is left out; `sites` (N,) get
    a dot; `chosen` is an organisation's id. What changes with the month stands in the drawing's `moving`.
    """
    there = np.ones(len(people.ids), dtype=np.bool_) if alive is None else alive
    dotted = np.zeros(len(people.ids), dtype=np.bool_) if sites is None else sites & there
    kinds = sorted(set(people.kinds), key=KIND_IDS.index)
    names = [KIND_TITLES[kind] for kind in kinds]
    option = themed(
        {
            "tooltip": {"trigger": "item", "confine": True, "formatter": [ENDS, ": trust ", VALUE]},
            "grid": {"left": 20, "right": 20, "top": 100, "bottom": 76},
            "xAxis": {"show": False, "min": 0, "max": 1}, "yAxis": {"show": False, "min": 0, "max": 1},
            "legend": {
                "data": [{"name": KIND_TITLES[kind], "icon": shape_of(kind)} for kind in kinds], "selectedMode": False,
                "left": 0, "top": 0, "itemWidth": 15, "itemHeight": 15, "itemGap": 12,
                "textStyle": {"color": INK, "fontSize": 13},
            },
            "graphic": [_scale(colour), _widths(), _marks()],
            "series": [{
                "itemStyle": {"borderColor": INK, "borderWidth": 0.8},
                "id": "place", "type": "graph", "coordinateSystem": "cartesian2d", "layout": "none",
                "label": {"color": INK, "position": "bottom", "fontSize": 13, "fontWeight": "bold",
                          "textBorderColor": "#ffffff", "textBorderWidth": 4, "formatter": [NAME]},
                "lineStyle": {"color": TIE, "opacity": 0.45},
                # Blurred alone: ECharts looks for ties in every series of one system, and the dots of sites have none.
                "emphasis": {"focus": "adjacency", "blurScope": "series", "label": {"show": True}},
                "categories": [{"name": name, "symbol": shape_of(kind),
                                "itemStyle": {"color": "#d9d9d9", "borderColor": INK}}
                               for kind, name in zip(kinds, names, strict=True)],
            }, {"id": "sites", "type": "scatter", "silent": True, "z": 5, **_DOT}],
            "media": under_legend(names, 26),
        }
    )  # fmt: skip
    moving = {
        "series": [{
            "id": "place", "data": _nodes(people, where, values, colour, kinds, there, chosen),
            "links": _links(people, trust, there, chosen),
        }, {"id": "sites", "data": where[dotted].tolist()}]
    }  # fmt: skip
    return Drawing(
        title, describe(people, practice, trust, there, dotted), option,
        *_table(people, practice, values, colour, there),
        source=source, file="network", height=580, moving=moving,
    )  # fmt: skip


def _nodes(
    people: PlacePicture, where: Floats, values: Floats, colour: Colour, kinds: list[str], there: Flags, chosen: str
) -> list[dict[str, Any]]:
    relative = np.sqrt(people.size / people.size.max())
    nodes = []
    for i, identity in enumerate(people.ids):
        is_chosen = identity == chosen
        node: dict[str, Any] = {
            "id": identity, "name": people.names[i], "value": where[i].tolist(),
            "category": kinds.index(people.kinds[i]), "symbolSize": round(13 + 25 * float(relative[i])),
            "tooltip": {"formatter": f"{people.names[i]}: {colour.said(float(values[i]))}"},
            "itemStyle": {"color": colour.of(float(values[i]))},
        }  # fmt: skip
        if is_chosen:
            node["label"] = {"show": True}
            node["itemStyle"] |= {"borderColor": colour.ring, "borderWidth": 4}
        if not there[i]:
            node |= {"symbolSize": 5, "itemStyle": {"opacity": 0.15}}
        nodes.append(node)
    return nodes


def _links(people: PlacePicture, trust: Floats, there: Flags, chosen: str) -> list[dict[str, Any]]:
    """Return the ties between those who are there, as wide as they are trusted; those of the chosen are darker."""
    links = []
    for a, b, t in zip(people.tie_from.tolist(), people.tie_to.tolist(), trust.tolist(), strict=True):
        if there[a] and there[b] and a != b:
            own = chosen in (people.ids[a], people.ids[b])
            look = {"width": width_of(t)} | ({"color": INK, "opacity": 0.8} if own else {})
            links.append({"source": a, "target": b, "value": round(10 * t, 1), "lineStyle": look})
    return links


def width_of(trust: float) -> float:
    """Return the width of a tie in pixels: almost none without trust, 5 at full trust."""
    return round(0.25 + 4.75 * trust**1.5, 2)


def _scale(colour: Colour) -> dict[str, Any]:
    """Return what the colours mean, at the left under the network."""
    text = {"fill": INK, "fontSize": 13}
    last = len(colour.colours) - 1
    stops = [{"offset": k / last, "color": one} for k, one in enumerate(colour.colours)]
    fill = {"type": "linear", "x": 0, "y": 0, "x2": 1, "y2": 0, "colorStops": stops}
    name = f"{colour.name} {colour.low:g}{colour.unit}"
    start = 8 + 7.4 * len(name)
    return {"type": "group", "left": 4, "bottom": 8, "silent": True, "children": [
        {"type": "text", "x": 0, "y": -7, "style": {"text": name, **text}},
        {"type": "rect", "x": start, "y": -8, "shape": {"width": SCALE, "height": 14}, "style": {"fill": fill}},
        {"type": "text", "x": start + SCALE + 6, "y": -7, "style": {"text": f"{colour.high:g}{colour.unit}", **text}},
    ]}  # fmt: skip


def _widths() -> dict[str, Any]:
    """Return three lines that show what trust looks like, at the right under the network."""
    text = {"fill": INK, "fontSize": 13}
    parts: list[dict[str, Any]] = [{"type": "text", "x": 0, "y": -7, "style": {"text": "trust", **text}}]
    for k, trust in enumerate(SHOWN_TRUST):
        x = 36 + 40 * k
        parts.append({"type": "line", "shape": {"x1": x, "y1": 0, "x2": x + 18, "y2": 0},
                      "style": {"stroke": TIE, "lineWidth": width_of(trust)}})  # fmt: skip
        parts.append({"type": "text", "x": x + 22, "y": -7, "style": {"text": f"{10 * trust:.0f}", **text}})
    return {"type": "group", "right": 6, "bottom": 8, "silent": True, "children": parts}


def _marks() -> dict[str, Any]:
    """Return what size and dots mean, in a line above the others."""
    text, style = {"fill": INK, "fontSize": 13}, _DOT["itemStyle"]
    dot = {"fill": style["color"], "stroke": style["borderColor"], "lineWidth": style["borderWidth"]}
    return {"type": "group", "left": 4, "bottom": 32, "silent": True, "children": [
        {"type": "text", "x": 0, "y": -7, "style": {"text": "larger: more weight", **text}},
        {"type": "circle", "shape": {"cx": 160, "cy": 0, "r": _DOT["symbolSize"] / 2}, "style": dot},
        {"type": "text", "x": 170, "y": -7, "style": {"text": "site of prototypes", **text}},
    ]}  # fmt: skip


_DOT: dict[str, Any] = {
    "symbolSize": 8, "itemStyle": {"color": "#ffffff", "borderColor": "#000000", "borderWidth": 1.5, "opacity": 1},
}  # fmt: skip


def _table(
    people: PlacePicture, practice: Floats, values: Floats, colour: Colour, there: Flags
) -> tuple[tuple[str, ...], list[list[Cell]]]:
    ties = np.bincount(
        np.concatenate([people.tie_from, people.tie_to]).astype(np.int64), minlength=len(people.ids)
    ).tolist()
    more = colour.outcome != "practice"
    rows: list[list[Cell]] = []
    for i, name in enumerate(people.names):
        row: list[Cell] = [name, KIND_TITLES.get(people.kinds[i], people.kinds[i])]
        row.append(round(10 * float(practice[i]), 2) if there[i] else None)
        if more:
            row.append(round(colour.factor * float(values[i]), 1) if there[i] else None)
        rows.append([*row, ties[i]])
    extra = ("Pressure as felt, % of capacity",) if more else ()
    return ("Organisation", "Kind", "Practice, 0–10", *extra, "Ties"), rows


def describe(people: PlacePicture, practice: Floats, trust: Floats, there: Flags, sites: Flags) -> str:
    """Describe the network for those who can't see it."""
    order = [i for i in np.argsort(-practice, kind="stable").tolist() if there[i]]
    mean_trust = float(trust[trust > 0].mean()) if (trust > 0).any() else 0.0
    if not order:
        return "Network of no organisations."
    ends = ", ".join(f"{people.names[i]} {level('practice', float(practice[i]))}" for i in (order[0], order[-1]))
    mean = float(practice[order].mean())
    tried = joined([name for name, site in zip(people.names, sites, strict=True) if site])
    return (
        f"Network of {len(order)} organisations and {len(trust)} working relationships. Mean practice "
        f"{level('practice', mean)}, mean trust {level('trust', mean_trust)}. Highest and lowest: {ends}."
        f"{f' Sites of prototypes: {tried}.' if tried else ''}"
    )
