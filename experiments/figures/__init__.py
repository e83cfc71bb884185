"""Draw what a comparison found: one figure a file, as SVG and PNG, with provenance inside.

Every figure is drawn with matplotlib's objects, never through pyplot, and gives the same bytes every time.
"""

from collections.abc import Sequence
from pathlib import Path

from experiments.comparison import Comparison
from experiments.figures import (
    difference_over_time,
    groups_over_time,
    heat_map,
    network,
    pressures,
    routes_over_time,
    structures,
)
from experiments.figures.saving import save
from experiments.figures.sheet import Picture
from experiments.figures.style import house_style
from experiments.reading import in_order, main_pair, pressure_contrasts

__all__ = ["Picture", "draw_figures", "write_figures"]


def draw_figures(comparison: Comparison) -> tuple[Picture, ...]:
    """Return the figures of every scenario in reading order; those that need two routes only where there are two."""
    with house_style():
        return tuple(picture for scenario in comparison.scenarios for picture in _of_scenario(comparison, scenario))


def _of_scenario(comparison: Comparison, scenario: str) -> list[Picture]:
    pair = main_pair(comparison)
    pictures = [routes_over_time.draw(comparison, scenario)]
    if pair is not None:
        pictures.append(difference_over_time.draw(comparison, scenario, pair))
        if pressure_contrasts(comparison, scenario, pair):
            pictures.append(pressures.draw(comparison, scenario, pair))
    under_structures = structures.draw(comparison, scenario)
    if under_structures is not None:
        pictures.append(under_structures)
    routes = in_order(comparison)
    pictures.append(groups_over_time.draw(comparison, scenario, routes))
    if scenario in comparison.pictures:
        pictures.append(heat_map.draw(comparison, scenario, routes))
        pictures.append(network.draw(comparison, scenario, routes))
    return pictures


def write_figures(comparison: Comparison, folder: Path, *, pictures: Sequence[Picture] | None = None) -> list[Path]:
    """Write every figure as SVG and PNG into a folder, made if it is missing; return the paths in order.

    `pictures` are those of `draw_figures`, where they have been drawn already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_figures(comparison) if pictures is None else pictures
    return [path for picture in drawn for path in save(picture, folder)]
