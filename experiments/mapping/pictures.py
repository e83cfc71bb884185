"""Draw a map's figures: where each route does better, and what each route comes to."""

from experiments.figures.sheet import Picture
from experiments.figures.style import house_style
from experiments.mapping import picture_of_difference, picture_of_levels
from experiments.mapping.reading import RouteMap


def draw(found: RouteMap) -> tuple[Picture, ...]:
    """Return the figures in reading order; the same map gives the same bytes every time."""
    with house_style():
        return picture_of_difference.draw(found), picture_of_levels.draw(found)
