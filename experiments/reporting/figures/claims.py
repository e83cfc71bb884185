"""Draw what was found: effects with their intervals, shares of parameter space, and what structures change."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.claims import ClaimFinding
from experiments.inference import ENOUGH, HOLDS, OPEN, OPPOSITE, SMALL, TOLD, Verdict
from experiments.reporting.claims import structures_sentence
from experiments.reporting.figures.sheet import Margins, Picture, sheet
from experiments.reporting.figures.style import BAND, FAINT, INK, SOFT, house_style
from experiments.reporting.numbers import joined
from experiments.reporting.phrases import between, percent, say, size, smallest

LEFT = 2.35
"""Inches for the names of the claims."""
ROW = 0.36
LOOKS: Mapping[Verdict, tuple[str, str]] = {
    HOLDS: ("#0072B2", ""),
    SMALL: ("#ececec", ""),
    OPEN: ("#ffffff", "////"),
    OPPOSITE: ("#D55E00", ""),
}
"""Colour and hatch of what can be told; their greys differ too."""
MARKS: Mapping[Verdict, dict[str, Any]] = {
    HOLDS: {"marker": "o", "mfc": LOOKS[HOLDS][0], "mec": LOOKS[HOLDS][0]},
    SMALL: {"marker": "o", "mfc": "white", "mec": INK},
    OPEN: {"marker": "$?$", "mfc": SOFT, "mec": SOFT},
    OPPOSITE: {"marker": "X", "mfc": LOOKS[OPPOSITE][0], "mec": LOOKS[OPPOSITE][0]},
}
"""Signs of what can be told."""


def draw_figures(findings: Sequence[ClaimFinding], source: str) -> tuple[Picture, ...]:
    """Return the three figures; `source` says where the numbers come from."""
    with house_style():
        return effects(findings, source), shares(findings, source), structures(findings, source)


def effects(findings: Sequence[ClaimFinding], source: str) -> Picture:
    """Draw every claim's effect with its adjusted interval, in units of what matters, to the right as claimed."""
    held = sum(finding.at_defaults == HOLDS for finding in findings)
    title = f"At the defaults {held} of {len(findings)} claims show as claimed"
    if len(findings) == 1:
        title = f"At the defaults: {say(findings[0].at_defaults)}"
    figure, (ax,) = sheet(
        title, source, rows=1, columns=1, panel_height=ROW * len(findings), margins=Margins(left=LEFT, bottom=0.8)
    )
    _named_rows(ax, findings)
    ax.axvspan(-1, 1, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    ax.axvline(0, color=INK, lw=1.0, zorder=1)
    for k, finding in enumerate(findings):
        scale = finding.sign / finding.matters
        ends = [finding.adjusted_low * scale, finding.adjusted_high * scale]
        ax.plot([finding.left.effect * scale], [k + 0.16], marker="D", ms=4.5, mfc="white", mec=SOFT, ls="", zorder=2)
        ax.plot(ends, [k - 0.06] * 2, color=INK, lw=2.2, solid_capstyle="butt", zorder=3)
        full = finding.at_defaults in (HOLDS, OPPOSITE)
        ax.plot(
            [finding.effect * scale], [k - 0.06], marker="o", ms=6.5, mfc=INK if full else "white", mec=INK, zorder=4
        )
    ax.set_xlabel(
        "effect, as many times the smallest difference that matters\n"
        "right of zero: as claimed; left: the other way round"
    )
    return Picture(
        name="effects", scenario="claims", title=title,
        alt="; ".join(f"{f.name}: {size(f, f.effect)} ({_reach(f)})" for f in findings),
        caption=_effects_caption(findings),
        table=pl.DataFrame(
            {
                "Claim": [f.name for f in findings],
                "Effect": [size(f, f.effect) for f in findings],
                "Adjusted 95% interval": [_reach(f) for f in findings],
                "Mechanism switched off": [size(f, f.left.effect) for f in findings],
            }
        ),
        figure=figure, provenance=source,
    )  # fmt: skip


def _effects_caption(findings: Sequence[ClaimFinding]) -> str:
    """Return what the signs that are drawn mean."""
    hollow = any(finding.at_defaults not in (HOLDS, OPPOSITE) for finding in findings)
    parts = [
        "Dot and line: mean paired effect with its 95% interval, adjusted for the number of claims"
        + ("; a hollow dot is too small to matter or can’t be told" if hollow else ""),
        "Small diamond: what is left with the claim’s mechanism switched off",
        f"Grey: too small to matter ({joined(list(dict.fromkeys(smallest(finding) for finding in findings)))})",
        *(["In bold: claims that hold"] if any(_is_bold(finding) for finding in findings) else []),
    ]
    return ". ".join(parts) + "."


def shares(findings: Sequence[ClaimFinding], source: str) -> Picture:
    """Draw in what share of the points each claim holds, is too small, the other way round, or can't be told."""
    wide = sum(finding.holds_widely for finding in findings)
    title = (
        f"{wide} of {len(findings)} claims hold in at least {100 * ENOUGH:.0f}% of the points of parameter space that "
        "can be told"
    )
    if len(findings) == 1:
        title = f"Of the points of parameter space that can be told it holds in {percent(findings[0].space.of_told)}"
    margins = Margins(left=LEFT, bottom=0.95, right=0.3)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=ROW * len(findings), margins=margins)
    _named_rows(ax, findings)
    for k, finding in enumerate(findings):
        before = 0.0
        for kind, (colour, hatch) in LOOKS.items():
            share = 100 * finding.space.counts[kind] / finding.space.points
            ax.barh(k, share, 0.66, before, color=colour, hatch=hatch, edgecolor=SOFT, lw=0.6)
            if share >= 9 and kind != OPEN:
                ink = "white" if kind in (HOLDS, OPPOSITE) else INK
                ax.text(before + share / 2, k, f"{share:.0f}", color=ink, ha="center", va="center", size=9)
            before += share
    ax.set_xlim(0, 100)
    ax.set_xlabel("% of points")
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=SOFT, label=say(kind))
        for kind, (colour, hatch) in LOOKS.items()
        if any(finding.space.counts[kind] for finding in findings)
    ]
    _legend(ax, findings, handles, below=0.42)
    return Picture(
        name="shares", scenario="claims", title=title,
        alt="; ".join(
            f"{f.name}: holds in {percent(f.space.share(HOLDS))}, of those that can be told in "
            f"{percent(f.space.of_told)}"
            for f in findings
        ),
        caption="Each point is one set of all the numbers of the model, drawn from their plausible ranges"
        + ("; a point that can’t be told would take more seeds" if any(f.space.counts[OPEN] for f in findings) else "")
        + ".",
        table=pl.DataFrame(
            {"Claim": [f.name for f in findings]}
            | {say(kind).capitalize(): [percent(f.space.share(kind)) for f in findings] for kind in TOLD}
            | {"Holds, of those told": [percent(f.space.of_told) for f in findings]}
        ),
        figure=figure, provenance=source,
    )  # fmt: skip


def structures(findings: Sequence[ClaimFinding], source: str) -> Picture:
    """Draw what becomes of each claim under each structural alternative."""
    names = [one.name for one in findings[0].structures]
    held = [f.name for f in findings if f.kept == len(f.structures)]
    title = f"{len(held)} of {len(findings)} claims hold under all {len(names)} structural alternatives"
    if len(findings) == 1:
        title = structures_sentence(findings[0]).split(";")[0].rstrip(".")
    margins = Margins(left=LEFT, bottom=0.55, top=1.55)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=ROW * len(findings), margins=margins)
    _named_rows(ax, findings)
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(names)), names, rotation=90, size=8.5)
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    for k in range(len(findings)):
        ax.axhline(k, color=BAND, lw=0.8, zorder=0)
    for k, finding in enumerate(findings):
        for j, one in enumerate(finding.structures):
            ax.plot([j], [k], ls="", ms=8, **MARKS[finding.under(one)])
    drawn = {finding.under(one) for finding in findings for one in finding.structures}
    handles = [Line2D([], [], ls="", ms=8, label=say(kind), **MARKS[kind]) for kind in LOOKS if kind in drawn]
    _legend(ax, findings, handles, below=0.08)
    rows = {f.name: [f.under(one) for one in f.structures] for f in findings}
    return Picture(
        name="structures", scenario="claims", title=title,
        alt="; ".join(f"{name}: {_apart(names, told)}" for name, told in rows.items()),
        caption="Each column is the model with one structural choice other than the default. Intervals are adjusted "
        "for the number of alternatives.",
        table=pl.DataFrame(
            {"Claim": list(rows)}
            | {say(kind).capitalize(): [_which(names, told, kind) for told in rows.values()] for kind in TOLD}
        ),
        figure=figure, provenance=source,
    )  # fmt: skip


def _reach(finding: ClaimFinding) -> str:
    return between(finding, finding.adjusted_low, finding.adjusted_high)


def _which(names: Sequence[str], told: Sequence[Verdict], kind: Verdict) -> str:
    """Name the alternatives under which one thing is told."""
    return ", ".join(name for name, found in zip(names, told, strict=True) if found == kind) or "none"


def _apart(names: Sequence[str], told: Sequence[Verdict]) -> str:
    """Name the alternatives under which a claim does not hold."""
    others = [f"{name} {say(kind)}" for name, kind in zip(names, told, strict=True) if kind != HOLDS]
    return joined(others) or f"{say(HOLDS)} under all"


def _legend(ax: Axes, findings: Sequence[ClaimFinding], handles: Sequence[Any], *, below: float) -> None:
    """Say what colours or signs mean, so many inches below the panel."""
    height = ROW * len(findings)
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.3, -below / height), ncols=4, frameon=False, fontsize=9,
        handlelength=1.4, columnspacing=1.2,
    )  # fmt: skip


def _named_rows(ax: Axes, findings: Sequence[ClaimFinding]) -> None:
    """Write the claims' names and verdicts at the left, a row each."""
    ax.set_ylim(len(findings) - 0.5, -0.5)
    ax.set_yticks(np.arange(len(findings)), [finding.name for finding in findings], size=9.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for label, finding in zip(ax.get_yticklabels(), findings, strict=True):
        label.set_fontweight("bold" if _is_bold(finding) else "normal")


def _is_bold(finding: ClaimFinding) -> bool:
    return finding.verdict == HOLDS
