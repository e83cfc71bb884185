"""Lay a figure out: a title that says what to see, panels, a footer with caveat and provenance."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from experiments.comparison import Comparison
from experiments.figures.fonts import width, write_all_letters
from experiments.figures.style import INK, SOFT, WIDTH
from experiments.wording import CAVEAT

TITLE_SIZE, FOOTER_SIZE = 12.5, 8.5
TEXT_WIDTH = 72 * (WIDTH - 0.24)
"""Points."""


@dataclass(frozen=True)
class Picture:
    """A figure with all that stands for it in words: `alt` for those who can't see it, `table` for its numbers."""

    name: str
    scenario: str
    title: str
    alt: str
    caption: str
    table: pl.DataFrame
    figure: Figure
    provenance: str

    def __post_init__(self) -> None:
        """Give every text of the figure the fonts that it takes."""
        write_all_letters(self.figure)

    @property
    def stem(self) -> str:
        """Return the name of the figure's files, without their ending."""
        return f"{self.name}-{self.scenario}"

    @cached_property
    def svg(self) -> str:
        """Return the figure as an SVG document, the same text every time."""
        from experiments.figures.saving import svg_text

        return svg_text(self)


def provenance(comparison: Comparison, scenario: str) -> str:
    """Return where a figure comes from, in a line: scenario, seeds, version."""
    manifest = comparison.manifest
    seeds = manifest.get("seeds") or {}
    runs = comparison.runs.filter(pl.col("scenario") == scenario)["seed"]
    first, last = seeds.get("first", runs.min()), seeds.get("last", runs.max())
    version, commit = manifest.get("version", "?"), manifest.get("commit") or ""
    made = f"behaviours {version}" + (f" ({commit[:7]})" if commit else "")
    return f"scenario {scenario}, {runs.n_unique()} paired seeds {first}\u2013{last}, {made}"


@dataclass(frozen=True)
class Margins:
    """Inches around the panels, inside the title and the footer."""

    left: float = 0.62
    right: float = 0.22
    top: float = 0.3
    bottom: float = 0.55
    across: float = 0.35
    down: float = 0.55


def wrapped(words: str, font: FontProperties) -> Iterator[str]:
    """Break words into lines that fit the width of a figure in a font."""
    line, so_far, space = "", 0.0, width(" ", font)
    for word in words.split():
        more = width(word, font)
        if line and so_far + space + more > TEXT_WIDTH:
            yield line
            line, so_far = "", 0.0
        while more > TEXT_WIDTH:  # a language without blanks, or a very long name
            fits = next(k for k in range(len(word) - 1, 0, -1) if width(word[:k], font) <= TEXT_WIDTH)
            yield word[:fits]
            word = word[fits:]
            more = width(word, font)
        line, so_far = f"{line} {word}".strip(), so_far + space + more
    yield line


def sheet(
    title: str,
    source: str,
    *,
    rows: int,
    columns: int,
    panel_height: float,
    margins: Margins | None = None,
    extra: float = 0.0,
    sharey: bool = True,
    sharex: bool = True,
    widths: list[float] | None = None,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with its title, footer and panels, row by row; `extra` inches stay free under the panels."""
    m = margins or Margins()
    title_lines = list(wrapped(title, FontProperties(size=TITLE_SIZE, weight="bold")))
    footer_lines = list(wrapped(f"{CAVEAT} \u00b7 {source}", FontProperties(size=FOOTER_SIZE)))
    head = 0.12 + 0.215 * len(title_lines) + m.top
    foot = 0.1 + 0.15 * len(footer_lines) + m.bottom + extra
    height = head + rows * panel_height + (rows - 1) * m.down + foot
    figure = Figure(figsize=(WIDTH, height))
    figure.text(
        0.12 / WIDTH, 1 - 0.1 / height, "\n".join(title_lines), ha="left", va="top", size=TITLE_SIZE, weight="bold",
        color=INK, linespacing=1.25,
    )  # fmt: skip
    figure.text(
        0.12 / WIDTH, 0.06 / height, "\n".join(footer_lines), ha="left", va="bottom", size=FOOTER_SIZE, color=SOFT
    )
    inner = WIDTH - m.left - m.right
    panel_width = (inner - (columns - 1) * m.across) / columns
    grid = figure.add_gridspec(
        rows, columns, left=m.left / WIDTH, right=1 - m.right / WIDTH, top=1 - head / height, bottom=foot / height,
        wspace=m.across / panel_width, hspace=m.down / panel_height, width_ratios=widths,
    )  # fmt: skip
    axes = grid.subplots(sharex=sharex, sharey=sharey, squeeze=False)
    return figure, list(axes.ravel())
