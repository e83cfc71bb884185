"""Draw each kind of organisation as a shape of its own, the same as in printed figures."""

from math import cos, pi, sin

from simulation.vocabulary import KINDS

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
