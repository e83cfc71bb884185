"""Write what a comparison found as one self-contained page, for people who change places first."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from experiments.comparison import Comparison
from experiments.figures import Picture, draw_figures
from experiments.reading import title
from experiments.report.answer import asked, headline, in_short
from experiments.report.assumptions import assumptions
from experiments.report.html import Html, el, join
from experiments.report.limits import cannot_say, how_sure, would_have_to_be_true
from experiments.report.origin import origin
from experiments.report.place import anchor, place_section
from experiments.wording import CAVEAT

__all__ = ["report_page", "write_report"]

FOLDER = Path(__file__).parent


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
    main = [
        in_short(comparison),
        asked(comparison),
        *(place_section(comparison, scenario, pictures) for scenario in comparison.scenarios),
        would_have_to_be_true(comparison),
        how_sure(comparison),
        cannot_say(comparison),
        assumptions(comparison),
        origin(comparison),
    ]
    caveat = el(
        "p",
        el("strong", f"{CAVEAT}."),
        " Almost every rate in this model is assumed, and a place is not its model. Nothing here is a verdict on a "
        "real place.",
    )
    body = [
        el("header", el("h1", words), el("div", caveat, class_="caveat"), _contents(comparison)),
        el("main", *main),
        el("footer", el("p", f"{CAVEAT}. behaviours {comparison.manifest.get('version', '')}, MIT licence.")),
    ]
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(words),
        description=escape(f"{CAVEAT}. {words}"),
        generator=escape(f"behaviours {comparison.manifest.get('version', '')}".strip()),
        style=(FOLDER / "style.css").read_text(encoding="utf-8"),
        body=join(body),
    )


def _contents(comparison: Comparison) -> Html:
    places = [(anchor(scenario), title(comparison, scenario)) for scenario in comparison.scenarios]
    links = [
        ("short", "In short"),
        ("asked", "What was asked"),
        *places,
        ("true", "What would have to be true"),
        ("sure", "How sure this is"),
        ("limits", "What the model cannot say"),
        ("assumptions", "Assumptions"),
        ("origin", "Where this comes from"),
    ]
    return el(
        "nav",
        el("ul", *(el("li", el("a", words, href=f"#{where}")) for where, words in links)),
        aria_label="Contents",
    )
