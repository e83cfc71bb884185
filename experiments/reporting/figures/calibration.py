"""Draw what a fit found: observations over what plausible sets predict, and every unknown before and after."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.calibration.plausible_sets import Fit
from experiments.calibration.posterior import INSIDE, Told
from experiments.reporting.calibration import (
    Z90,
    headline,
    meaning,
    panel_table,
    panels,
    parameters,
    place,
    value,
    width_words,
)
from experiments.reporting.figures.sheet import Margins, Picture, over_time, sheet
from experiments.reporting.figures.style import FAINT, INK, SOFT, house_style
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import say
from simulation.outcomes import number

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8a8a8a"
SHADES = {"narrowed": BLUE, "leans": "#56B4E9", "can't tell": GREY, "not to be read": FAINT}
BINS = 16
_SORTS = (
    ("observations-over-time", ("all", "group"), "all together and by group of behaviours"),
    ("kinds-over-time", ("kind",), "by kind of organisation"),
    ("behaviours-over-time", ("behaviour",), "by behaviour"),
)
CAPTION = (
    "Points: observed means; upright lines: 90% intervals of those who answered. Dark band: half, light band: nine in "
    "ten of what plausible sets predict for the mean as people score it. Dashed: practice as enacted, without the "
    "perception offset. Dotted: nine in ten over all ranges, before the fit. The bands hold luck and what is left open "
    "in the parameters."
)


def draw(fit: Fit, source: str) -> tuple[Picture, ...]:
    """Return the figures in reading order; the same fit gives the same bytes every time."""
    with house_style():
        table = panel_table(fit)
        pictures = [
            _over_time(fit, source, name, table.filter(pl.col("about").is_in(about)), words)
            for name, about, words in _SORTS
            if table["about"].is_in(about).any()
        ]
        return (pictures[0], before_and_after(fit, source), *pictures[1:])


def _over_time(fit: Fit, source: str, name: str, table: pl.DataFrame, words: str) -> Picture:
    """Return observed points with error bars over the predicted bands, a panel each."""
    titles = {panel.name: panel.title for panel in panels(fit)}
    names = table["panel"].unique(maintain_order=True).to_list()
    words = words if len(names) > 1 else "all together"
    inside = _inside(table)
    title = (
        f"{place(fit)}: {inside} of {len(table)} observed means lie in the range that plausible sets predict, {words}"
        if fit.agreement.reproduces
        else f"{place(fit)}: the model can’t reproduce the observations; the least bad sets, {words}"
    )
    which = "plausible sets" if fit.agreement.reproduces else "the least bad sets"
    caption = CAPTION.replace("plausible sets", which)
    columns = min(2 if len(names) <= 6 else 3, len(names))
    height = 1.75 if columns < 3 else 1.4
    figure, axes = over_time(title, source, len(names), y="score, 0–10", columns=columns, panel_height=height)
    top = max(float(table[column].max()) for column in ("high", "observed", "before_high"))  # type: ignore[arg-type]
    bottom = min(0.0, *(float(table[column].min()) for column in ("low", "before_low")))  # type: ignore[arg-type]
    last = max(fit.plan.targets.months)
    for ax, panel in zip(axes, names, strict=True):
        _panel(ax, table.filter(pl.col("panel") == panel))
        ax.set_title(titles[panel], weight="bold", color=INK, pad=5, size=11 if columns < 3 else 8.5)
        ax.set_ylim(bottom - 0.3 if bottom < 0 else 0, 1.06 * max(1.0, top))
        ax.set_xlim(min(-0.03 * last, -0.5), max(1.03 * last, last + 0.8))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    return Picture(
        name=name, scenario=fit.plan.scenario.name, title=title, alt=_told_over_time(table, titles), caption=caption,
        table=_numbers(table, titles), figure=figure, provenance=source,
    )  # fmt: skip


def _panel(ax: Axes, table: pl.DataFrame) -> None:
    held = {column: table[column].to_numpy() for column in table.columns if column not in ("about", "panel")}
    months = held["month"].astype(float)
    if len(months) == 1:  # a band needs some width
        months = np.array([months[0] - 0.4, months[0] + 0.4])
        held = {column: np.repeat(values, 2) for column, values in held.items()}
    for edge in ("before_low", "before_high"):
        ax.plot(months, held[edge], color=SOFT, lw=0.9, ls=(0, (1, 2)))
    ax.fill_between(months, held["low"], held["high"], color=BLUE, alpha=0.18, lw=0)
    ax.fill_between(months, held["lower"], held["upper"], color=BLUE, alpha=0.28, lw=0)
    ax.plot(months, held["median"], color="#004f80", lw=1.6)
    ax.plot(months, held["practice"], color=INK, lw=1.3, ls=(0, (5, 2)))
    error = Z90 * table["error"].to_numpy()
    ax.errorbar(
        table["month"], table["observed"], yerr=error, fmt="o", color=ORANGE, ecolor=ORANGE, ms=5, mec="white", mew=0.6,
        elinewidth=1.4, capsize=2.5, zorder=4,
    )  # fmt: skip


def _inside(table: pl.DataFrame) -> int:
    """Return how many observed means lie in their bands, with room for the observations' own error."""
    room = Z90 * pl.col("error")
    held = (pl.col("observed") >= pl.col("low") - room) & (pl.col("observed") <= pl.col("high") + room)
    return int(table.select(held.sum()).item())


def _told_over_time(table: pl.DataFrame, titles: dict[str, str]) -> str:
    parts = []
    for panel in table["panel"].unique(maintain_order=True):
        end = table.filter(pl.col("panel") == panel).row(-1, named=True)
        parts.append(
            f"{titles[panel]} at month {end['month']}: observed {number(end['observed'], 1)}, predicted "
            f"{number(end['median'], 1)} ({number(end['low'], 1)} to {number(end['high'], 1)})"
        )
    return "; ".join(parts) + "."


def _numbers(table: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Return the table behind a figure in words and rounded numbers."""

    def one(name: str) -> list[str]:
        return [number(float(at), 1) for at in table[name]]

    return pl.DataFrame(
        {
            "Observations": [f"{titles[name]}, month {month}" for name, month in table.select("panel", "month").rows()],
            "Observed, 0–10": one("observed"),
            "Standard error": [number(float(at), 2) for at in table["error"]],
            "Predicted": one("median"),
            "90% range": [f"{low} to {high}" for low, high in zip(one("low"), one("high"), strict=True)],
            "As enacted": one("practice"),
        }
    )


def before_and_after(fit: Fit, source: str) -> Picture:
    """Return a histogram of every unknown's plausible values against its prior."""
    last = fit.last
    columns = 2 if len(fit.told) > 1 else 1
    rows = -(-len(fit.told) // columns)
    title = _before_title(fit)
    figure, axes = sheet(
        title, source, rows=rows, columns=columns, panel_height=1.15, sharex=False, sharey=False,
        margins=Margins(down=0.72, bottom=0.3, top=0.42),
    )  # fmt: skip
    for k, (ax, one) in enumerate(zip(axes, fit.told, strict=False)):
        _histogram(ax, one, last.values[:, k], last.weights, left=k % columns == 0)
    for ax in axes[len(fit.told) :]:
        ax.set_visible(False)
    alt = "; ".join(
        f"{one.name}: {say(one.verdict)}, {value(one, one.low)} to {value(one, one.high)} of "
        f"{value(one, one.prior_low)} to {value(one, one.prior_high)}"
        for one in fit.told
    )
    return Picture(
        name="before-and-after", scenario=fit.plan.scenario.name, title=title, alt=f"{alt}.",
        caption="Bars: how much likelier values became, as times the prior (line at 1: no more than before). Black "
        "line below: the 90% interval. Grey: no narrower than chance would leave it where the data say nothing.",
        table=_before_numbers(fit.told), figure=figure, provenance=source,
    )  # fmt: skip


def _histogram(ax: Axes, one: Told, values: np.ndarray, weights: np.ndarray, *, left: bool) -> None:
    factor = 10 if one.name == "perception_offset" else 1
    edges = np.linspace(one.prior_low, one.prior_high, BINS + 1)
    held, _ = np.histogram(values, bins=edges, weights=weights / weights.sum())
    times = BINS * held
    colour = SHADES[one.verdict]
    top = 1.12 * max(2.0, float(times.max()))
    ax.bar(factor * edges[:-1], times, width=factor * np.diff(edges), align="edge", color=colour, alpha=0.75, lw=0)
    ax.axhline(1, color=SOFT, lw=0.9, ls=(0, (4, 3)))
    ax.plot(
        [factor * one.low, factor * one.high], [-0.1 * top] * 2, color=INK, lw=3, solid_capstyle="butt", clip_on=False
    )
    ax.plot([factor * one.median], [-0.1 * top], "o", color=INK, ms=5, clip_on=False)
    ax.set_ylim(-0.17 * top, top)
    ax.set_xlim(factor * one.prior_low, factor * one.prior_high)
    ax.spines["bottom"].set_visible(False)
    ax.set_yticks([0, 1] if top < 6 else [0, round(top / 1.12)])
    middle = (one.prior_low + one.prior_high) / 2
    ticks = [one.prior_low, middle, one.prior_high]
    labels = ax.set_xticks([factor * at for at in ticks], [value(one, at) for at in ticks])
    labels[0].label1.set_horizontalalignment("left")
    labels[-1].label1.set_horizontalalignment("right")
    ax.set_title(f"{one.name.replace('_', ' ')}: {say(one.verdict)}", weight="bold", size=9.5, color=INK, pad=4)
    if left:
        ax.set_ylabel("times the prior", size=9)


def _before_title(fit: Fit) -> str:
    if not fit.agreement.reproduces:
        return f"{place(fit)}: sets that do not reproduce the observations; their ranges are not to be read"
    narrowed = [one.name.replace("_", " ") for one in parameters(fit) if one.verdict == "narrowed"]
    silent = [one.name.replace("_", " ") for one in parameters(fit) if one.verdict == "can't tell"]
    if narrowed:
        rest = f", and can’t tell {joined(silent)}" if silent else ""
        return f"The observations narrow {joined(narrowed)}{rest}"
    return headline(fit)


def _before_numbers(told: Sequence[Told]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Unknown": [f"{one.name}: {meaning(one)}" for one in told],
            "Verdict": [capital(say(one.verdict)) for one in told],
            "Before": [f"{value(one, one.prior_low)} to {value(one, one.prior_high)}" for one in told],
            f"After, {100 * (INSIDE[1] - INSIDE[0]):.0f}%": [
                f"{value(one, one.low)} to {value(one, one.high)}" for one in told
            ],
            "Middle": [value(one, one.median) for one in told],
            "Width": [width_words(one) for one in told],
        }
    )
