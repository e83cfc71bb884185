"""Give the account of a map that a terminal prints: the map in signs, then what may be said of it."""

from typing import Any

from experiments.commands.terminal import item, paragraph
from experiments.mapping.reading import RouteMap
from experiments.mapping.words import (
    axis_label,
    better,
    each_sentence,
    headline,
    measure,
    names,
    outward_sentence,
    rule_sentences,
    runs_sentence,
    sentences,
    value,
    when,
)
from experiments.provenance import CAVEAT
from experiments.wording import capital

SIGNS = {
    "first ahead": "++", "leans to first": "+", "no difference that matters": "=", "undecided": "?",
    "leans to second": "-", "second ahead": "--", "not measured": "x", "not run": ".",
}  # fmt: skip
MOST_COLUMNS = 24


def account(found: RouteMap) -> str:
    """Return the whole account."""
    heading = headline(found)
    first, second = names(found)
    drawn = [drawing(found)] if found.plan.shape[1] <= MOST_COLUMNS else []
    key = (
        f"{capital(measure(found))}. ++ {first} {better(found)}, + leans to it; -- {second} {better(found)}, - leans "
        "to it; = no difference that matters; ? undecided: the interval spans zero."
    )
    said = [*sentences(found), each_sentence(found), outward_sentence(found), runs_sentence(found)]
    parts = [
        f"{paragraph(heading)}\n{'=' * min(100, len(heading))}",
        *drawn,
        paragraph(key),
        "\n".join(item(text) for text in said),
        paragraph(" ".join(rule_sentences(found))),
        paragraph(CAVEAT),
    ]
    return "\n\n".join(parts)


def drawing(found: RouteMap) -> str:
    """Return the map in signs: a row a value of the second factor, the highest first."""
    verdicts: Any = found.texts("verdict")
    across, up = [value(level) for level in found.xs], [value(level) for level in found.ys]
    left = max(map(len, up))
    wide = max(map(len, across)) + 2
    rows = [
        f"{up[j].rjust(left)} |" + "".join(SIGNS[verdict].rjust(wide) for verdict in verdicts[j])
        for j in reversed(range(len(up)))
    ]
    foot = " " * left + " +" + "-" * (wide * len(across))
    ticks = " " * (left + 2) + "".join(text.rjust(wide) for text in across)
    under = f"{' ' * (left + 2)}  {axis_label(found.plan.x)}"
    return "\n".join([f"{axis_label(found.plan.y)}, upwards", *rows, foot, ticks, under])


def as_json(found: RouteMap, folder: Any) -> dict[str, Any]:
    """Return a map as plain data; numbers are in the model's own scale (practice 0-1)."""
    from experiments.mapping.files import lines

    return {
        "routes": list(found.plan.routes),
        "axes": {"x": found.plan.x.name, "y": found.plan.y.name},
        "outcome": found.plan.outcome,
        "read_at": when(found.plan),
        "cells": found.cells.to_dicts(),
        "lines": lines(found),
        "verdicts": found.counts,
        "runs": found.runs,
        "saved": found.saved,
        "manifest": found.manifest,
        "folder": str(folder),
    }
