"""Write what a comparison found as one self-contained page, for people who change places first."""

from collections.abc import Sequence
from pathlib import Path

from experiments.comparison import Comparison
from experiments.figures import Picture, draw_figures
from experiments.reading import title
from experiments.report.answer import asked, headline, in_short
from experiments.report.assumptions import assumptions
from experiments.report.limits import cannot_say, how_sure, would_have_to_be_true
from experiments.report.origin import origin
from experiments.report.page import whole_page
from experiments.report.place import anchor, place_section
from experiments.report.robustness import ANCHOR, HEADING, robustness
from experiments.robustness import is_tried

__all__ = ["report_page", "write_report"]


def write_report(comparison: Comparison, folder: Path, *, pictures: Sequence[Picture] | None = None) -> Path:
    """Write `report.html` into a folder and return its path; it needs no network and no other file.

    `pictures` are those of `draw_figures`, where they have been drawn already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    drawn = draw_figures(comparison) if pictures is None else pictures
    path.write_text(report_page(comparison, drawn), encoding="utf-8")
    return path


def report_page(comparison: Comparison, pictures: Sequence[Picture]) -> str:
    """Return the whole page."""
    words = headline(comparison)
    structures = robustness(comparison, pictures)
    main = [
        in_short(comparison),
        asked(comparison),
        *(place_section(comparison, scenario, pictures) for scenario in comparison.scenarios),
        *([] if structures is None else [structures]),
        would_have_to_be_true(comparison),
        how_sure(comparison),
        cannot_say(comparison),
        assumptions(comparison),
        origin(comparison),
    ]
    version = str(comparison.manifest.get("version", ""))
    return whole_page(words, _contents(comparison), main, version=version)


def _contents(comparison: Comparison) -> list[tuple[str, str]]:
    places = [(anchor(scenario), title(comparison, scenario)) for scenario in comparison.scenarios]
    return [
        ("short", "In short"),
        ("asked", "What was asked"),
        *places,
        *([(ANCHOR, HEADING)] if is_tried(comparison) else []),
        ("true", "What would have to be true"),
        ("sure", "How sure this is"),
        ("limits", "What the model cannot say"),
        ("assumptions", "Assumptions"),
        ("origin", "Where this comes from"),
    ]
