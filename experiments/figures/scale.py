"""Colour practice by one scale that reads the same in grey: the lighter, the more."""

from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure


def practice_scale(panels: list[np.ndarray]) -> dict[str, Any]:
    """Return colour map and limits for practice on 0-10, shared by all panels."""
    top = max(1.0, float(np.ceil(10 * max(values.max() for values in panels))))
    return {"cmap": "cividis", "norm": Normalize(0, top)}


def practice_bar(figure: Figure, scale: dict[str, Any], *, left: float, bottom: float) -> None:
    """Draw the colour bar under the panels, `left` and `bottom` in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((left / width, bottom / height, 2.2 / width, 0.13 / height))
    bar = figure.colorbar(ScalarMappable(**scale), cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)  # type: ignore[operator]
    top = int(scale["norm"].vmax)
    axes.set_xticks(np.arange(0, top + 1, 1 if top <= 5 else 2))
    axes.tick_params(labelsize=9.5, length=2)
    figure.text((left + 2.35) / width, (bottom + 0.065) / height, "practice, 0\u201310", va="center", size=10)
