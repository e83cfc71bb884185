"""A figure's layout, dots with intervals, saving."""

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from experiments.comparison import Comparison
from experiments.inference import Verdict
from experiments.reporting.figures.fonts import width, write_all_letters
from experiments.reporting.figures.style import BAND, FAINT, INK, SOFT, WIDTH, house_style
from experiments.reporting.phrases import CAVEAT, WORDS
from experiments.sensitivity.analysis import Analysis
from simulation.outcomes import PRACTICE_MATTERS
from simulation.text import counted

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

        return svg_text(self)


def comparison_provenance(comparison: Comparison, scenario: str) -> str:
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
    count: int | None = None,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with its title, footer and panels, row by row; `extra` inches stay free under the panels.

    Panels beyond `count` are left empty, and are not returned.
    """
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
    axes = list(grid.subplots(sharex=sharex, sharey=sharey, squeeze=False).ravel())
    for ax in axes[count:] if count is not None else ():
        ax.set_visible(False)
    return figure, axes[:count]


def over_time(
    title: str,
    source: str,
    count: int,
    *,
    y: str = "practice, 0\u201310",
    columns: int = 2,
    panel_height: float = 1.45,
    margins: Margins | None = None,
) -> tuple[Figure, list[Axes]]:
    """Return a figure of so many panels over months, in as many columns or fewer; its edges say what axes are."""
    columns = min(columns, count)
    figure, axes = sheet(
        title, source, rows=-(-count // columns), columns=columns, panel_height=panel_height, margins=margins,
        count=count,
    )  # fmt: skip
    for k, ax in enumerate(axes):
        if k + columns >= count:
            ax.tick_params(labelbottom=True)
            ax.set_xlabel("month of the programme")
        if k % columns == 0:
            ax.set_ylabel(y)
    return figure, axes


# Draw rows of dots with their intervals, a factor a row, and say where a figure comes from.


MAIN, OTHER = "#0072B2", "#D55E00"
ROW = 0.42
NAMES = 1.95
"""Inches of a row, and left of the panel for names."""


def analysis_provenance(analysis: Analysis) -> str:
    """Return where a figure comes from, in a line: sweep, seeds, runs, version."""
    work, manifest = analysis.work, analysis.manifest
    commit = manifest.get("commit") or ""
    made = f"behaviours {manifest['version']}" + (f" ({commit[:7]})" if commit else "")
    runs = f"{analysis.basis.done:,} of {counted(analysis.basis.runs, 'run')}"
    seeds = f"seeds {work.first_seed}–{work.first_seed + work.replicates - 1}"
    return f"{work.title or 'a sweep'}, {runs}, {seeds}, {made}"


def rows_sheet(
    title: str, source: str, names: Sequence[str], *, key: bool = False, row: float = ROW, left: float = NAMES
) -> tuple[Figure, Axes]:
    """Return a figure with a panel of rows, each beside its name, from the top down.

    `key` leaves room for a key, `row` is the inches of a row, `left` those for names.
    """
    margins = Margins(left=left, right=0.3, top=0.42 if key else 0.1, bottom=0.6)
    figure, (ax,) = sheet(
        title, source, rows=1, columns=1, panel_height=row * max(2, len(names)) + 0.1, margins=margins
    )
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), ["\n".join(textwrap.wrap(name, round(12 * left))[:2]) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return figure, ax


def dot(ax: Axes, row: float, value: float, low: float, high: float, **look: Any) -> None:
    """Draw a dot and its interval."""
    colour = look.pop("color", INK)
    ax.plot([low, high], [row, row], color=colour, lw=2.0, solid_capstyle="butt", zorder=2)
    ax.plot([value], [row], color=colour, ls="", zorder=3, marker=look.pop("marker", "o"), ms=look.pop("ms", 7), **look)


def stripes(ax: Axes, rows: int) -> None:
    """Draw a faint line under every row."""
    for row in range(rows - 1):
        ax.axhline(row + 0.5, color="#e6e6e6", lw=0.6, zorder=0)


def analysis_key(ax: Axes) -> None:
    """Draw the key above the panel."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=9.5, handletextpad=0.4,
        borderaxespad=0.1, labelcolor=INK,
    )  # fmt: skip


def beside(ax: Axes, row: float, words: str) -> None:
    """Write words at the right end of a row, inside the panel."""
    ax.annotate(
        words, (1, row), xycoords=("axes fraction", "data"), xytext=(-2, 0), textcoords="offset points", ha="right",
        va="center", size=9, color=SOFT,
    )  # fmt: skip


# Draw contrasts as dots with their intervals, row by row: a filled dot is ahead, an open one leans.


class Judged(Protocol):
    """A difference with its interval and verdict, in the model's own scale."""

    @property
    def difference(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...

    @property
    def verdict(self) -> Verdict: ...


MARKERS = {"filled": "o", "open": "o", "square": "s"}
"""Of a verdict's mark; any other has a diamond."""


def key(shown: Sequence[Judged]) -> str:
    """Say what each mark means that is drawn, and no other."""
    there = {found.verdict for found in shown}
    said = [f"{words.mark}: {words.label}" for verdict, words in WORDS.items() if verdict in there and words.mark]
    others = sorted(WORDS[verdict].label for verdict in there if not WORDS[verdict].mark)
    return " \u00b7 ".join([*said, *([f"diamond: {' or '.join(others)}"] if others else [])])


def draw_ground(ax: Axes, shown: Sequence[Judged], *, factor: float = 10, matters: float = PRACTICE_MATTERS) -> None:
    """Prepare axes for differences in the scale shown (practice: 0-10): range, zero, what is too small to matter."""
    matters *= factor
    ends = factor * np.array([[found.low, found.high] for found in shown])
    ends = ends[np.isfinite(ends).all(axis=1)]
    low, high = min([-1.6 * matters, *ends[:, 0]]), max([1.6 * matters, *ends[:, 1]])
    room = 0.06 * (high - low)
    ax.set_xlim(low - room, high + room)
    ax.axvspan(-matters, matters, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    ax.axvline(0, color=INK, lw=1.0, zorder=1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def draw_dot(ax: Axes, at: float, found: Judged, *, size: float = 8, factor: float = 10) -> None:
    """Draw one difference with its interval at a height."""
    ax.plot(
        [factor * found.low, factor * found.high], [at, at], color=INK, lw=size / 4, solid_capstyle="butt", zorder=2
    )
    mark = WORDS[found.verdict].mark
    ax.plot(
        [factor * found.difference], [at], marker=MARKERS.get(mark, "D"), ms=size, color=INK, zorder=3,
        markerfacecolor=INK if mark == "filled" else "white", markeredgewidth=1.5,
    )  # fmt: skip


def draw_rows(
    ax: Axes, rows: Sequence[tuple[str, Judged, str]], *, factor: float = 10, matters: float = PRACTICE_MATTERS
) -> None:
    """Draw differences row by row from the top down, each beside its name and what is said of it."""
    draw_ground(ax, [found for _, found, _ in rows], factor=factor, matters=matters)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    for k, (name, found, words) in enumerate(rows):
        draw_dot(ax, k, found, factor=factor)
        lines = textwrap.wrap(name, 26)[:2]
        for text, weight, line in [*((text, "bold", n) for n, text in enumerate(lines)), (words, "normal", len(lines))]:
            ax.annotate(
                text, (0, k), xycoords=("axes fraction", "data"), xytext=(-2.36 * 72, 7 * len(lines) - 14 * line),
                textcoords="offset points", va="center", size=10, weight=weight, annotation_clip=False,
                color=INK if weight == "bold" else SOFT,
            )  # fmt: skip


# Save a figure as SVG and PNG with its provenance inside the file, the same bytes every time.


CREATOR = "behaviours"
RIGHTS = "MIT licence"
LONG = re.compile(r"-?\d+\.\d{3,}")
"""Coordinates longer than anyone can see."""
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_text(picture: Picture) -> str:
    """Return a figure as an SVG document with a title, a description and Dublin Core metadata; no date."""
    buffer = io.StringIO()
    more = {
        "Identifier": picture.stem, "Creator": CREATOR, "Rights": RIGHTS, "Language": "en-GB",
        "Keywords": ["agent-based model", "simulation"], "Date": None,
    }  # fmt: skip
    with house_style():
        picture.figure.savefig(buffer, format="svg", metadata=_about(picture) | more)
    return NOT_IN_XML.sub("", _named(buffer.getvalue(), picture))


def _about(picture: Picture) -> dict[str, Any]:
    """Return what every file says of a figure."""
    return {"Title": picture.title, "Description": f"{CAVEAT}. {picture.alt}", "Source": picture.provenance}


def _named(svg: str, picture: Picture) -> str:
    """Give the SVG a role and an accessible name, and drop the comments that repeat its text."""
    svg = re.sub(r"\s*<!-- .*? -->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' d="[^"]*"', lambda path: LONG.sub(_short, path[0]), svg)
    words = f"<title>{escape(picture.title)}</title>\n <desc>{escape(picture.alt)}</desc>"
    return re.sub(r"(<svg [^>]*)>", lambda m: f'{m[1]} role="img">\n {words}', svg, count=1)


def _short(match: re.Match[str]) -> str:
    """Return a coordinate with two decimals: a hundredth of a point is not seen."""
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def png_bytes(picture: Picture) -> bytes:
    """Return a figure as a PNG with its provenance in text chunks."""
    buffer = io.BytesIO()
    with house_style():
        metadata = _about(picture) | {"Software": CREATOR, "Copyright": RIGHTS}
        picture.figure.savefig(buffer, format="png", metadata=metadata)
    return buffer.getvalue()


def save(picture: Picture, folder: Path) -> list[Path]:
    """Write a figure as SVG and PNG into a folder; return the two paths."""
    svg, png = folder / f"{picture.stem}.svg", folder / f"{picture.stem}.png"
    svg.write_text(picture.svg, encoding="utf-8")
    png.write_bytes(png_bytes(picture))
    return [svg, png]
