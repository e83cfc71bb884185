"""Write a comparison or a run as files that anything can open: Parquet, CSV, JSON, figures, a report."""

import io
import json
from pathlib import Path
from typing import Any

import polars as pl

from experiments.comparison import Comparison
from experiments.shown import shown
from simulation.scenario.tables import FORMULA, NUMBER


def write_comparison(comparison: Comparison, folder: Path, *, scenarios: dict[str, Any], report: bool = True) -> None:
    """Write a comparison's tables into a folder, and figures and report if asked. Raises OSError.

    `scenarios` is the full content of what was compared.
    """
    write_parquet(comparison.runs, folder / "runs.parquet")
    write_parquet(comparison.months, folder / "months.parquet")
    write_csv(summary(comparison.levels), folder / "summary.csv")
    write_csv(comparison.contrasts, folder / "contrasts.csv")
    if not comparison.pressures.is_empty():
        write_csv(comparison.pressures, folder / "pressures.csv")
        write_parquet(comparison.runs_under_pressures, folder / "runs-under-pressures.parquet")
    if not comparison.structures.is_empty():
        write_csv(comparison.structures, folder / "structures.csv")
        write_parquet(comparison.runs_under_structures, folder / "runs-under-structures.parquet")
    write_json(scenarios, folder / "scenarios.json")
    if not report:
        return
    from experiments.figures import draw_figures, write_figures
    from experiments.report import write_report

    pictures = draw_figures(comparison)
    write_figures(comparison, folder / "figures", pictures=pictures)
    write_report(comparison, folder, pictures=pictures)


def summary(levels: pl.DataFrame) -> pl.DataFrame:
    """Return levels with their title, and with their unit and numbers in the scale shown to people."""
    how = [shown(outcome) for outcome in levels["outcome"]]
    columns = [
        pl.Series("title", [entry.title for entry in how]),
        pl.Series("shown_unit", [entry.unit for entry in how]),
    ]
    factors = pl.Series("factor", [float(entry.factor) for entry in how])
    columns += [(levels[name] * factors).alias(f"shown_{name}") for name in ("median", "low", "high", "mean")]
    return levels.with_columns(columns)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet. Raises OSError."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    path.write_bytes(buffer.getbuffer())


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV; what is not measured stays empty, what is not reached is `inf`. Raises OSError.

    A text that a spreadsheet would take for a formula is kept from being one, as in `simulation.scenario.tables`.
    """
    texts = pl.col(pl.String)
    formula = texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
    frame = frame.with_columns(pl.when(formula).then(pl.lit("'") + texts).otherwise(texts).name.keep())
    path.write_text(frame.fill_nan(None).write_csv(), encoding="utf-8")


def write_json(data: Any, path: Path) -> None:
    """Write data as JSON. Raises OSError."""
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
