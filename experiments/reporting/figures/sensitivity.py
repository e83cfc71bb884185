"""Indices, walks, steps, scores, region."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.reporting.figures.sheet import (
    MAIN,
    OTHER,
    Margins,
    Picture,
    analysis_key,
    analysis_provenance,
    beside,
    dot,
    rows_sheet,
    sheet,
    stripes,
)
from experiments.reporting.figures.style import BAND, FAINT, INK, SOFT, house_style
from experiments.reporting.numbers import counted, joined, lower, percent
from experiments.reporting.phrases import say
from experiments.reporting.sensitivity import answer, limit_words, line_words, size, step_name, step_words
from experiments.sensitivity.analysis import Analysis, Finding, Search
from experiments.sensitivity.data import Axis, Question, label, plain_axis
from experiments.sensitivity.feature_scoring import Scores
from experiments.sensitivity.morris import Screening
from experiments.sensitivity.one_at_a_time import Step, Steps
from experiments.sensitivity.scenario_discovery import AGAIN, Limit, Region
from experiments.sensitivity.sobol import Indices
from simulation import text
from simulation.outcomes import difference, interval, shown


def draw_indices(analysis: Analysis, finding: Finding, found: Indices) -> Picture:
    """Return the figure of a subject's indices, the largest total on top."""
    source = analysis_provenance(analysis)
    title = f"{finding.subject.title}: {title_words(finding, analysis)}"
    figure, ax = rows_sheet(title, source, [label(found.names[k]) for k in found.order], key=True)
    ax.axvline(0, color="#595959", lw=0.8, zorder=1)
    stripes(ax, len(found.names))
    for row, k in enumerate(found.order):
        total, first = float(found.total[k]), float(found.first[k])
        words = ("with the others (total)", "alone (first)") if row == 0 else (None, None)
        dot(ax, row - 0.14, total, total - found.total_half[k], total + found.total_half[k], color=MAIN, label=words[0])
        dot(
            ax, row + 0.16, first, first - found.first_half[k], first + found.first_half[k], color=OTHER, marker="s",
            ms=6, markerfacecolor="white", markeredgewidth=1.6, label=words[1],
        )  # fmt: skip
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, -0.03), max(high, 1.0))
    ax.set_xlabel("share of the variance between points")
    analysis_key(ax)
    return Picture(
        name="indices", scenario=finding.subject.key, title=title, alt=describe_indices(found),
        caption="Dot: total index, what a factor accounts for alone and together with others; square: first index, "
        "what it accounts for alone; lines: 95% intervals. The gap between the two is interaction.",
        table=indices_table(found), figure=figure, provenance=source,
    )  # fmt: skip


def title_words(finding: Finding, analysis: Analysis) -> str:
    """Return the verdict for a title: its reasons stand in the text."""
    found = answer(finding, analysis.question)
    return lower(found.words) if found.is_told else "the sample is too small to tell what moves it"


def describe_indices(found: Indices) -> str:
    """Describe the figure for those who can't see it."""
    said = [
        f"{label(found.names[k])} {found.total[k]:.2f} ±{found.total_half[k]:.2f} in total, {found.first[k]:.2f} alone"
        for k in found.order
    ]
    return f"Shares of the variance: {joined(said)}."


def indices_table(found: Indices) -> pl.DataFrame:
    """Return both indices with their intervals, by factor."""

    def pair(value: float, half: float) -> str:
        return f"{value:.2f} ({value - half:.2f} to {value + half:.2f})".replace("-", "−")

    return pl.DataFrame(
        {
            "Factor": [label(found.names[k]) for k in found.order],
            "Total": [pair(float(found.total[k]), float(found.total_half[k])) for k in found.order],
            "First": [pair(float(found.first[k]), float(found.first_half[k])) for k in found.order],
            "Judgement": [say(found.judgement(k)) for k in found.order],
        }
    )


# Draw the region found: along every factor it limits, which stretch or which choices belong to it.


PALE = "#9cc3e0"


def draw_region(analysis: Analysis, finding: Finding, search: Search, region: Region) -> Picture:
    """Return the figure of a subject's region."""
    source, question = analysis_provenance(analysis), analysis.question
    sought = line_words(search.line, question, finding.subject)
    holds = "holds up" if region.holds else "does not hold up"
    title = f"{finding.subject.title}: where {sought}; the region {holds} on halves of the sample"
    figure, ax = rows_sheet(title, source, [limit.axis.label for limit in region.limits])
    ax.set_xlim(0, 1.42)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    for row, limit in enumerate(region.limits):
        whole = limit.again >= AGAIN
        ax.plot([0, 1], [row, row], color=FAINT, lw=3, solid_capstyle="butt", zorder=1)
        for low, high, words in stretches(limit):
            ax.barh(row, high - low, left=low, height=0.4, color=MAIN if whole else PALE, lw=0, zorder=2)
            ax.annotate(
                words, ((low + high) / 2, row), xytext=(0, -13), textcoords="offset points", ha="center", va="center",
                size=8.5, color=INK,
            )  # fmt: skip
        beside(ax, row, f"found again in {percent(limit.again)}")
    ax.set_xlabel(
        f"each factor’s range in the sample, from its lowest (left) to its highest;\n{percent(region.density)} inside "
        f"are like that, {percent(region.base)} everywhere; {percent(region.coverage)} of all such lie inside"
    )
    return Picture(
        name="region", scenario=finding.subject.key, title=title, alt=describe_region(region, sought),
        caption="Blue: the part of each factor’s range that belongs to the region; pale where fewer than "
        f"{percent(AGAIN)} of the halves of the sample limited the factor again. Factors not named are free.",
        table=region_table(region), figure=figure, provenance=source,
    )  # fmt: skip


def stretches(limit: Limit) -> list[tuple[float, float, str]]:
    """Return the parts of a factor's range that belong to the region, as shares of the range, with their words."""
    if limit.axis.numbers is None:
        levels = limit.axis.levels
        width = 1 / len(levels)
        return [
            (k * width + 0.01, (k + 1) * width - 0.01, str(level))
            for k, level in enumerate(levels)
            if level in limit.choices
        ]
    low, high = ends(limit.axis)
    shares = [float(np.clip((end - low) / (high - low), 0, 1)) for end in (limit.low, limit.high)]
    return [(shares[0], shares[1], f"{plain_axis(limit.low)} – {plain_axis(limit.high)}")]


def ends(axis: Axis) -> tuple[float, float]:
    """Return the lowest and highest of a factor that is a number."""
    return float(axis.levels[0]), float(axis.levels[-1])


def describe_region(region: Region, sought: str) -> str:
    """Describe the figure for those who can't see it."""
    return f"The region where {sought}: {joined([limit_words(limit) for limit in region.limits])}."


def region_table(region: Region) -> pl.DataFrame:
    """Return the limits with their quasi-p values and how often halves limited the factor again."""

    def chance(limit: Limit) -> str:
        known = [value for value in limit.quasi_p if not np.isnan(value)]
        return ", ".join("below 0.001" if value < 0.001 else f"{value:.3f}" for value in known)

    return pl.DataFrame(
        {
            "Factor": [limit.axis.label for limit in region.limits],
            "In the sample": [limit.axis.span for limit in region.limits],
            "In the region": [limit_words(limit).removeprefix(f"{limit.axis.label} is ") for limit in region.limits],
            "Quasi-p value": [chance(limit) for limit in region.limits],
            "Found again in": [percent(limit.again) for limit in region.limits],
        }
    )


# Draw feature scores: the median over forests with the lowest and highest, beside pure chance.


def draw_scores(analysis: Analysis, finding: Finding, found: Scores) -> Picture:
    """Return the figure of a subject's scores."""
    source = analysis_provenance(analysis)
    above, count = len(found.above_chance), len(found.names)
    words = f"{counted(above)} of {counted(count)} factors score{'s' * (above == 1)} above pure chance"
    title = f"{finding.subject.title}: {words}"
    figure, ax = rows_sheet(title, source, [label(found.names[k]) for k in found.order])
    ax.axvspan(0, found.chance, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    stripes(ax, count)
    for row, k in enumerate(found.order):
        clear = found.low[k] > found.chance
        dot(
            ax, row, float(found.middle[k]), float(found.low[k]), float(found.high[k]), color=MAIN,
            markerfacecolor=MAIN if clear else "white", markeredgewidth=1.5,
        )  # fmt: skip
    ax.set_xlim(0, 1.06 * float(max(found.high.max(), found.chance)))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel("score: share of what the forests part by")
    return Picture(
        name="scores", scenario=finding.subject.key, title=title, alt=describe_scores(found),
        caption=f"Dot: median of {len(found.explained)} forests of extra trees; line: lowest to highest; grey: up to "
        "the highest score of a factor of pure chance that each forest was given besides.",
        table=scores_table(found), figure=figure, provenance=source,
    )  # fmt: skip


def describe_scores(found: Scores) -> str:
    """Describe the figure for those who can't see it."""
    said = [f"{label(found.names[k])} {found.middle[k]:.2f}" for k in found.order]
    return f"Scores: {joined(said)}; pure chance {found.chance_middle:.2f}, {found.chance:.2f} at most."


def scores_table(found: Scores) -> pl.DataFrame:
    """Return scores with their lowest and highest, pure chance last."""
    rows = [
        (label(found.names[k]), f"{found.middle[k]:.3f}", f"{found.low[k]:.3f} to {found.high[k]:.3f}")
        for k in found.order
    ]
    rows.append(("pure chance", f"{found.chance_middle:.3f}", f"up to {found.chance:.3f}"))
    return pl.DataFrame(rows, schema=["Factor", "Score", "Lowest to highest"], orient="row")


# Draw what one thing changed at a time does: a row a change, those of a factor together, the largest on top.


def draw_steps(analysis: Analysis, finding: Finding, found: Steps) -> Picture:
    """Return the figure of a subject's steps."""
    source, question = analysis_provenance(analysis), analysis.question
    rows = ordered(found)
    title = f"{finding.subject.title}: {lower(answer(finding, question).words)}"
    figure, ax = rows_sheet(title, source, [step_name(step) for step in rows], row=0.34, left=2.7)
    scale, matters = shown(question.outcome).factor, question.matters or 0.0
    ax.axvspan(-scale * matters, scale * matters, color=BAND, lw=0, zorder=0)
    ax.axvline(0, color=INK, lw=1.0, zorder=1)
    for row, step in enumerate(rows):
        low, high = scale * step.adjusted_low, scale * step.adjusted_high
        ax.plot([low, high], [row, row], color=MAIN, lw=1.6, zorder=2)
        ax.barh(row, scale * step.difference, height=0.5, color=MAIN, alpha=0.35, lw=0, zorder=1)
        clear = step.verdict == "ahead"
        ax.plot(
            [scale * step.difference], [row], marker="o", ms=6.5, color=MAIN, zorder=3,
            markerfacecolor=MAIN if clear else "white", markeredgewidth=1.4,
        )  # fmt: skip
        if row and rows[row - 1].factor != step.factor:
            ax.axhline(row - 0.5, color="#c4c4c4", lw=0.8, zorder=0)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.3 * (right - left))
    for row, step in enumerate(rows):
        beside(ax, row, step_words(step))
    unit = shown(question.outcome).unit
    ax.set_xlabel(f"change against the scenario as it is ({unit})" if unit else "change against the scenario as it is")
    return Picture(
        name="steps", scenario=finding.subject.key, title=title, alt=describe_steps(question, rows),
        caption="Dot: mean paired change on the same seeds, filled where it is clear; lines: 95% intervals that hold "
        f"together{'; grey: too small to matter' if matters else ''}. What two changes do together can’t be seen here.",
        table=steps_table(question, rows), figure=figure, provenance=source,
    )  # fmt: skip


def ordered(found: Steps) -> list[Step]:
    """Return all steps, factor by factor, the factor with the largest step first."""
    return [step for factor in found.factors for step in found.of(factor)]


def describe_steps(question: Question, rows: list[Step]) -> str:
    """Describe the figure for those who can't see it."""
    said = [f"{step_name(step)} {difference(question.outcome, step.difference)} ({step_words(step)})" for step in rows]
    return f"Changes: {joined(said)}."


def steps_table(question: Question, rows: list[Step]) -> pl.DataFrame:
    """Return every step with its intervals and verdict, in the scale shown."""
    return pl.DataFrame(
        {
            "Change": [step_name(step) for step in rows],
            "Difference": [difference(question.outcome, step.difference) for step in rows],
            "95% interval": [interval(question.outcome, step.low, step.high) for step in rows],
            "Holding together": [interval(question.outcome, step.adjusted_low, step.adjusted_high) for step in rows],
            "Verdict": [step_words(step) for step in rows],
        }
    )


# Draw Morris' plane: how large effects are on average, against how much they differ from place to place.


def draw_walks(analysis: Analysis, finding: Finding, found: Screening) -> Picture:
    """Return the figure of a subject's elementary effects."""
    source, question = analysis_provenance(analysis), analysis.question
    title = f"{finding.subject.title}: {title_words(finding, analysis)}"
    margins = Margins(left=0.72, right=1.5, top=0.1, bottom=0.6)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=3.6, margins=margins)
    _draw_plane(ax, question, found)
    return Picture(
        name="walks", scenario=finding.subject.key, title=title, alt=describe_walks(question, found),
        caption="Across: mean size of an effect over the factor’s whole range (μ*); up: how much effects differ from "
        "place to place (σ); lines: 95% intervals. Above the broken line effects differ more than they are large: "
        f"interactions or bends.{' Grey: too small to matter.' if found.line > 0 else ''}",
        table=walks_table(question, found), figure=figure, provenance=source,
    )  # fmt: skip


def _draw_plane(ax: Axes, question: Question, found: Screening) -> None:
    scale = shown(question.outcome).factor
    across, up = scale * found.size, scale * found.spread
    right, top = 1.06 * scale * float(found.size_high.max()), 1.08 * scale * float(found.spread_high.max())
    ax.set_xlim(0, right)
    ax.set_ylim(0, max(top, 0.02 * right))
    ax.axvspan(0, scale * found.line, color=BAND, lw=0, zorder=0)
    ax.plot([0, max(right, top)], [0, max(right, top)], color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for k in range(len(found.names)):
        ax.plot(scale * np.array([found.size_low[k], found.size_high[k]]), [up[k]] * 2, color=MAIN, lw=1.2, zorder=2)
        ax.plot([across[k]] * 2, scale * np.array([found.spread_low[k], found.spread_high[k]]), color=MAIN, lw=1.2)
        ax.plot([across[k]], [up[k]], color=MAIN, marker="o", ms=7, zorder=3)
    _label(ax, found, across, up)
    unit = shown(question.outcome).unit
    ax.set_xlabel(f"mean size of an effect, μ* ({unit})" if unit else "mean size of an effect, μ*")
    ax.set_ylabel("spread of effects, σ")


def _label(ax: Axes, found: Screening, across: np.ndarray, up: np.ndarray) -> None:
    """Write each factor's name beside its dot, the names moved apart up and down where they would overlap."""
    from experiments.reporting.figures.style import spread

    low, high = ax.get_ylim()
    heights = spread(up, 0.062 * (high - low), low, high)
    for k, name in enumerate(found.names):
        ax.annotate(
            label(name), (across[k], up[k]), xytext=(1.02, heights[k]), textcoords=("axes fraction", "data"), size=9.5,
            va="center", color=INK, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#c4c4c4", "lw": 0.7, "shrinkA": 1, "shrinkB": 5},
        )  # fmt: skip


def describe_walks(question: Question, found: Screening) -> str:
    """Describe the figure for those who can't see it."""
    said = [
        f"{label(found.names[k])} {size(question, found.size[k])}, spread {size(question, found.spread[k])}"
        for k in found.order
    ]
    return f"Mean size of effects: {joined(said)}."


def walks_table(question: Question, found: Screening) -> pl.DataFrame:
    """Return size, mean and spread of effects with their intervals, in the scale shown."""

    def words(value: float, low: float, high: float, *, signed: bool = False) -> str:
        text = f"{difference(question.outcome, value)} ({interval(question.outcome, low, high)})"
        return text if signed else text.replace("+", "")

    rows = [(k, found.names[k]) for k in found.order]
    return pl.DataFrame(
        {
            "Factor": [label(name) for _, name in rows],
            "Mean size μ*": [words(found.size[k], found.size_low[k], found.size_high[k]) for k, _ in rows],
            "Mean μ": [words(found.mean[k], found.mean_low[k], found.mean_high[k], signed=True) for k, _ in rows],
            "Spread σ": [words(found.spread[k], found.spread_low[k], found.spread_high[k]) for k, _ in rows],
            "Judgement": [found.judgement(k) for k, _ in rows],
        }
    )


# Draw the way from everything to the densest box: what density costs in coverage.


SHADES = ("#c7dcef", "#7fb2d9", "#3a86c0", "#0b4f8a", "#06263f")


def draw_way(analysis: Analysis, finding: Finding, search: Search, region: Region) -> Picture:
    """Return the figure of a search's way."""
    source = analysis_provenance(analysis)
    sought = line_words(search.line, analysis.question, finding.subject)
    title = f"{finding.subject.title}: the search for where {sought}"
    margins = Margins(left=0.75, right=0.3, top=0.45, bottom=0.6)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=3.0, margins=margins)
    way = region.way
    ax.axhline(region.base, color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    ax.annotate("everywhere", (0.01, region.base), xytext=(0, 4), textcoords="offset points", size=9, color=SOFT)
    for count in sorted(set(way["factors"].to_list())):
        some = way.filter(pl.col("factors") == count)
        name = "none" if count == 0 else text.counted(count, "factor")
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
        name="way", scenario=finding.subject.key, title=title, alt=describe_way(region),
        caption="Dots: boxes on the way, darker the more factors they limit; ring: the one taken"
        + (
            "; crosses: boxes of halves of the sample, read on the half that each never saw. Crosses near the ring "
            "mean that it holds up."
            if len(region.held_density)
            else "."
        ),
        table=way_table(region), figure=figure, provenance=source,
    )  # fmt: skip


def describe_way(region: Region) -> str:
    """Describe the figure for those who can't see it."""
    held = region.held_density
    seen = f" On halves never seen the density is {percent(np.median(held))} in the middle." if len(held) else ""
    return (
        f"From everything, of which {percent(region.base)} is sought, boxes grow denser and cover less. The one taken "
        f"has density {percent(region.density)} and coverage {percent(region.coverage)}.{seen}"
    )


def way_table(region: Region) -> pl.DataFrame:
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


# Draw what an analysis found: one figure a file, in the house style, the same bytes every time.


def draw_figures(analysis: Analysis) -> tuple[Picture, ...]:
    """Return the figures of every subject in reading order; `Picture.scenario` is the subject's key."""
    with house_style():
        return tuple(picture for finding in analysis.findings for picture in _of(analysis, finding))


def _of(analysis: Analysis, finding: Finding) -> list[Picture]:
    pictures = []
    if finding.indices is not None:
        pictures.append(draw_indices(analysis, finding, finding.indices))
    if finding.screening is not None:
        pictures.append(draw_walks(analysis, finding, finding.screening))
    if finding.steps is not None:
        pictures.append(draw_steps(analysis, finding, finding.steps))
    search = finding.search
    if search is not None and search.region is not None:
        if search.region.limits:
            pictures.append(draw_region(analysis, finding, search, search.region))
        pictures.append(draw_way(analysis, finding, search, search.region))
    if finding.scores is not None:
        pictures.append(draw_scores(analysis, finding, finding.scores))
    return pictures
