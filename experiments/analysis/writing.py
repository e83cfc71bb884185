"""Write an analysis as files that anything can open: tables, figures, a report; and as JSON."""

from pathlib import Path
from typing import Any

from experiments.analysis.findings import Analysis
from experiments.analysis.question import Question, plain
from experiments.analysis.tables import points, tables
from experiments.loading import Results
from experiments.store import write_csv, write_parquet
from experiments.sweep_work import changes

KIND = "analysis"


def work_of(results: Results, question: Question, halves: int) -> dict[str, Any]:
    """Return what decides an analysis, as far as people tell analyses apart by it; its sweep may have gone on since."""
    return {"kind": KIND, "sweep": results.work.content_hash(), "question": plain(question), "halves": halves}


def compare(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the analysis of a manifest differs from another."""
    sweep = held.get("sweep") or {}
    of = [] if sweep.get("hash") == work["sweep"] else [f"it is of another sweep ({sweep.get('title') or 'untitled'})"]
    keys = ("question", "halves")
    return of + changes({key: held.get(key) for key in keys}, {key: work[key] for key in keys})


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
