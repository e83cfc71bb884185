"""Write an analysis as files that anything can open: tables, figures, a report; and as JSON."""

from pathlib import Path
from typing import Any

from experiments.analysis.findings import Analysis
from experiments.analysis.tables import points, tables
from experiments.manifest import read_manifest
from experiments.store import write_csv, write_parquet
from experiments.sweep_files import SWEEP
from experiments.workplace import OutputError

KIND = "analysis"


def check_out(out: Path) -> None:
    """Refuse a folder that holds a sweep or results of another kind. Raises OutputError."""
    held = read_manifest(out)
    if (out / SWEEP).exists():
        msg = f"--out: {out} holds a sweep; name a folder of its own, such as {out / KIND}"
        raise OutputError(msg)
    if held is not None and held.get("kind") != KIND:
        msg = f"--out: {out} holds results of another kind ({held.get('kind')}); name an empty or a new folder"
        raise OutputError(msg)


def write_analysis(analysis: Analysis, folder: Path, *, report: bool = True) -> None:
    """Write the tables into a folder, and figures and report if asked. Raises OSError."""
    for name, table in tables(analysis).items():
        write_csv(table, folder / f"{name}.csv")
    write_parquet(points(analysis), folder / "points.parquet")
    if not report:
        return
    from experiments.analysis.figures import draw_figures
    from experiments.analysis.report import report_page
    from experiments.figures.saving import save

    pictures = draw_figures(analysis)
    (folder / "figures").mkdir()
    for picture in pictures:
        save(picture, folder / "figures")
    (folder / "report.html").write_text(report_page(analysis, pictures), encoding="utf-8")


def as_data(analysis: Analysis) -> dict[str, Any]:
    """Return all tables and where they come from, as plain data; numbers are in the model's scale."""
    basis = analysis.basis
    return {
        "basis": {"runs": basis.runs, "done": basis.done, "failed": basis.failed, "running": basis.running},
        **{name: table.to_dicts() for name, table in tables(analysis).items()},
        "notes": list(analysis.notes),
        "manifest": analysis.manifest,
    }
