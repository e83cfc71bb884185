"""Give the account of a fit that a terminal prints, and its numbers as plain data."""

from dataclasses import asdict
from typing import Any

from experiments.commands.terminal import item, paragraph, table
from experiments.fitting.fit import Fit
from experiments.fitting.wording import (
    VERDICTS,
    explained_words,
    headline,
    months_words,
    place,
    sentences,
    value,
    what_sets_are,
)
from experiments.provenance import CAVEAT
from simulation.text import counted


def account(fit: Fit) -> str:
    """Return the whole account."""
    targets = fit.plan.targets
    title = headline(fit)
    people = (
        f" of {counted(len(targets.organisations), 'organisation')}"
        if targets.organisations
        else " of the place as a whole"
    )
    route = fit.plan.scenario.route.title or fit.plan.scenario.route.name
    many = f"{counted(len(targets.observations), 'observation')}{people}"
    asked = f"{place(fit)}, route {route}: {many}, {months_words(targets.months)}."
    said = "\n".join(item(text) for text in sentences(fit))
    note = "90% intervals. Told on average: share of the prior's variance that data of this shape explain."
    parts = [f"{title}\n{'=' * len(title)}\n{paragraph(asked)}", f"{told_table(fit)}\n{paragraph(note)}", said]
    return "\n\n".join([*parts, paragraph(f"{what_sets_are(fit)} {CAVEAT}".strip())])


def told_table(fit: Fit) -> str:
    """Return a row an unknown: before, after, width, and the verdict."""
    rows = [
        [one.name, VERDICTS[one.verdict], f"{value(one, one.prior_low)} to {value(one, one.prior_high)}",
         f"{value(one, one.low)} to {value(one, one.high)}", f"{100 * one.ratio:.0f}%", explained_words(one)]
        for one in fit.told
    ]  # fmt: skip
    return table(["unknown", "verdict", "before", "after", "width left", "told on average"], rows, left=2)


def numbers(fit: Fit) -> dict[str, Any]:
    """Return what a fit found as plain data; unknowns on the model's scale (practice and offset 0-1)."""
    return {
        "headline": headline(fit),
        "reproduces": fit.agreement.reproduces,
        "agreement": asdict(fit.agreement),
        "unknowns": [asdict(one) for one in fit.told],
        "trade_offs": [asdict(pair) for pair in fit.trade_offs],
        "populations": [
            {
                "number": one.number, "distance": one.distance, "sets": len(one.weights),
                "simulations": one.simulations, "accepted": one.accepted, "effective_sets": one.effective,
            }
            for one in fit.populations
        ],
        "why_ended": fit.why_ended,
        "runs": fit.simulations,
        "sentences": sentences(fit),
    }  # fmt: skip
