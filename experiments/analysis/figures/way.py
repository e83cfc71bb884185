"""Draw the way from everything to the densest box: what density costs in coverage."""

import numpy as np
import polars as pl

from experiments.analysis.discovery import Region
from experiments.analysis.figures.drawing import OTHER, provenance
from experiments.analysis.findings import Analysis, Finding, Search
from experiments.analysis.sentences.regions import line_words
from experiments.analysis.sentences.words import percent
from experiments.figures.sheet import Margins, Picture, sheet
from experiments.figures.style import INK, SOFT
from simulation.text import counted

SHADES = ("#c7dcef", "#7fb2d9", "#3a86c0", "#0b4f8a", "#06263f")


def draw(analysis: Analysis, finding: Finding, search: Search, region: Region) -> Picture:
    """Return the figure of a search's way."""
    source = provenance(analysis)
    sought = line_words(search.line, analysis.question, finding.subject)
    title = f"{finding.subject.title}: the search for where {sought}"
    margins = Margins(left=0.75, right=0.3, top=0.45, bottom=0.6)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=3.0, margins=margins)
    way = region.way
    ax.axhline(region.base, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    ax.annotate("everywhere", (0.01, region.base), xytext=(0, 4), textcoords="offset points", size=9, color=SOFT)
    for count in sorted(set(way["factors"].to_list())):
        some = way.filter(pl.col("factors") == count)
        name = "none" if count == 0 else counted(count, "factor")
        ax.plot(
            some["coverage"].to_numpy(), some["density"].to_numpy(), ls="", marker="o", ms=7, zorder=3,
            color=SHADES[min(int(count), len(SHADES) - 1)], markeredgecolor=INK, markeredgewidth=0.5, label=name,
        )  # fmt: skip
    ax.plot(
        [region.coverage], [region.density], marker="o", ms=14, ls="", color=OTHER, markerfacecolor="none",
        markeredgewidth=2.2, zorder=4, label="taken",
    )  # fmt: skip
    if len(region.held_density):
        ax.plot(
            region.held_coverage, region.held_density, ls="", marker="x", ms=7, color=OTHER, markeredgewidth=1.8,
            zorder=4, label="half never seen",
        )  # fmt: skip
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(min(0.0, region.base) - 0.03, 1.05)
    ax.set_xlabel("coverage: share of all such points that lie inside")
    ax.set_ylabel("density: share inside")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.06, 1.0), ncols=7, frameon=False, fontsize=8.5,
              handletextpad=0.1, columnspacing=0.9, borderaxespad=0.1)  # fmt: skip
    return Picture(
        name="way", scenario=finding.subject.key, title=title, alt=describe(region),
        caption="Dots: boxes on the way, darker the more factors they limit; ring: the one taken"
        + (
            "; crosses: boxes of halves of the sample, read on the half that each never saw. Crosses near the ring "
            "mean that it holds up."
            if len(region.held_density)
            else "."
        ),
        table=table(region), figure=figure, provenance=source,
    )  # fmt: skip


def describe(region: Region) -> str:
    """Describe the figure for those who can't see it."""
    held = region.held_density
    seen = f" On halves never seen the density is {percent(np.median(held))} in the middle." if len(held) else ""
    return (
        f"From everything, of which {percent(region.base)} is sought, boxes grow denser and cover less. The one taken "
        f"has density {percent(region.density)} and coverage {percent(region.coverage)}.{seen}"
    )


def table(region: Region) -> pl.DataFrame:
    """Return the boxes on the way."""
    way = region.way
    return pl.DataFrame(
        {
            "Box": [f"{k}{', taken' if taken else ''}" for k, taken in enumerate(way["taken"])],
            "Factors limited": [str(count) for count in way["factors"]],
            "Points": [f"{count:,}" for count in way["points"]],
            "Coverage": [percent(value) for value in way["coverage"]],
            "Density": [percent(value) for value in way["density"]],
            "Share of the sample": [percent(value) for value in way["mass"]],
        }
    )
