"""Write results as JSON: what is not measured or not reached is null."""

from __future__ import annotations

import json
import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.comparison import Comparison


def comparison_data(comparison: Comparison, out: Path) -> dict[str, Any]:
    """Return a comparison's levels, contrasts and provenance; numbers are in the model's scale (practice 0-1)."""
    return {
        "levels": comparison.levels.to_dicts(),
        "contrasts": comparison.contrasts.to_dicts(),
        "pressures": comparison.pressures.to_dicts(),
        "structures": comparison.structures.to_dicts(),
        "titles": comparison.titles,
        "manifest": comparison.manifest,
        "folder": str(out),
    }


def json_text(data: Any) -> str:
    """Return data as JSON for standard output, numbers that JSON does not know as null.

    Where that is not in UTF-8, letters outside ASCII are escaped, so that each arrives as it is.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    return json.dumps(_plain(data), indent=2, ensure_ascii=encoding != "utf8", allow_nan=False)


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return None if isinstance(data, float) and not isfinite(data) else data
