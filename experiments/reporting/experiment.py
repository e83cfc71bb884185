"""A paired experiment of one's own: its sentence, its table, and its figure with a dot and an interval a row."""

from typing import NamedTuple

import polars as pl

from experiments.contrast import Result
from experiments.inference import Estimate, Verdict
from experiments.reporting.figures.sheet import Margins, Picture, draw_rows, key, sheet
from experiments.reporting.figures.style import house_style
from experiments.reporting.numbers import capital
from experiments.reporting.phrases import STATES, verdict_words
from simulation import MODEL_VERSION, outcomes


class Row(NamedTuple):
    """The effect at one place: as the experiment stands, or in one of its repeats."""

    name: str
    found: Estimate
    verdict: Verdict
    words: str

    @property
    def difference(self) -> float:
        """The effect."""
        return self.found.effect

    @property
    def low(self) -> float:
        """Lower end of its interval."""
        return self.found.low

    @property
    def high(self) -> float:
        """Upper end of its interval."""
        return self.found.high


def rows(result: Result) -> list[Row]:
    """Return the effect as the experiment stands, and in every repeat."""
    own = Row("As it stands", result.estimate, result.verdict, verdict_words(result))
    names = {repeat.name: repeat.words for repeat in result.experiment.repeats}
    return [
        own,
        *(Row(names[key], *there, verdict_words(result, *there)) for key, there in result.repeats.items()),
    ]


def sentences(result: Result) -> list[str]:
    """Say what the experiment found: the effect and its verdict, what is left without its mechanism, and where."""
    experiment, found = result.experiment, result.estimate
    what = capital(experiment.quantity or experiment.name)
    said = [f"{what}: {_effect(result, found)}, on {found.seeds:,} paired seeds: {verdict_words(result)}."]
    if result.left is not None and experiment.ablation is not None:
        left, _ = result.left.estimates
        ending = f"; {STATES[result.state][1]}" if result.state else ""
        said.append(f"Where {experiment.ablation.meaning}: {_effect(result, left)}{ending}.")
    if result.repeats:
        same = sum(verdict == result.verdict for _, verdict in result.repeats.values())
        said.append(f"The verdict is the same in {same} of {len(result.repeats)} other places where it was tried.")
    return said


def table(result: Result) -> pl.DataFrame:
    """Return effect, interval and verdict, a row a place, in the scale shown."""
    outcome, shown = result.experiment.outcome, rows(result)
    return pl.DataFrame(
        {
            "Where": [row.name for row in shown],
            "Effect": [outcomes.difference(outcome, row.found.effect) for row in shown],
            "95% interval": [outcomes.interval(outcome, *row.found.ends) for row in shown],
            "Seeds": [row.found.seeds for row in shown],
            "Verdict": [row.words for row in shown],
        }
    )


def draw(result: Result) -> Picture:
    """Return the figure: a dot and its interval as the experiment stands, and in every repeat."""
    experiment, shown = result.experiment, rows(result)
    title = f"{capital(experiment.quantity or experiment.name)}: {verdict_words(result)}"
    source = f"{experiment.name}, {result.estimate.seeds} paired seeds, model version {MODEL_VERSION}"
    margins = Margins(left=2.5, right=0.3, top=0.1, bottom=0.75)
    with house_style():
        figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=0.52 * len(shown), margins=margins)
        factor = outcomes.shown(experiment.outcome).factor
        draw_rows(ax, [(row.name, row, row.words) for row in shown], factor=factor, matters=experiment.matters)
        ax.set_xlabel(experiment.quantity or experiment.name)
    return Picture(
        name="experiment", scenario=experiment.name, title=title, alt=" ".join(sentences(result)),
        caption=f"Dot: the effect; line: 95% interval; grey: too small to matter; {key(shown)}.",
        table=table(result), figure=figure, provenance=source,
    )  # fmt: skip


def _effect(result: Result, found: Estimate) -> str:
    outcome = result.experiment.outcome
    of = " of 10" if outcomes.shown(outcome).factor == 10 else ""
    words = f"{outcomes.difference(outcome, found.effect)}{of}"
    return f"{words} (95% interval {outcomes.interval(outcome, *found.ends)})"
