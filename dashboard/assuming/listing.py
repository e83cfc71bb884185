"""Put every number of the model into plain content for the browser: words, bands, slider, About."""

import json
from functools import cache
from typing import Any

from dashboard.assuming.bands import bands_of, reach_of
from dashboard.assuming.changes import after, title_of
from dashboard.assuming.matters import PRIMARY_WORDS, matters
from dashboard.entries import short
from experiments.wording import capital
from simulation.parameters import ASSUMED, GROUP_TITLES, PARAMETERS, Parameter

ALL = "all"
MECHANISMS = {**GROUP_TITLES, ALL: "All of them"}
"""What can be listed, with titles."""


@cache
def listing() -> str:
    """Return all numbers as JSON: groups in order, each with its rows."""
    groups = [
        {"id": key, "title": title, "rows": [_row(p) for p in PARAMETERS if p.group == key]}
        for key, title in GROUP_TITLES.items()
    ]
    return json.dumps(groups, ensure_ascii=False)


def values_text(numbers: Any) -> str:
    """Return the value of each number as JSON, by name."""
    return json.dumps({p.name: getattr(numbers, p.name) for p in PARAMETERS})


def _row(parameter: Parameter) -> dict[str, Any]:
    reach, bands = reach_of(parameter), bands_of(parameter)
    return {
        "name": parameter.name,
        "title": title_of(parameter),
        "meaning": capital(parameter.meaning),
        "unit": after(parameter),
        "basis": capital(parameter.basis),
        "assumed": parameter.basis == ASSUMED,
        "low": reach.low,
        "high": reach.high,
        "decimals": reach.decimals,
        "hard": [parameter.hard_low, parameter.hard_high],
        "bands": bands and [bands.low, bands.low_ends, bands.high_begins, bands.high],
        "middle": bands.middle if bands else "",
        "about": [[term, words] for term, words in _about(parameter) if words],
        "matters": any(told.startswith(PRIMARY_WORDS) for told in matters().get(parameter.name, ())),
        "sought": " ".join(
            (parameter.name, title_of(parameter), parameter.symbol, parameter.meaning, parameter.unit, parameter.basis)
        ).lower(),
    }


def _about(parameter: Parameter) -> list[tuple[str, str]]:
    known = parameter.low is not None and parameter.high is not None
    ends = f"{short(parameter.low or 0)} to {short(parameter.high or 0)}"
    return [
        ("Unit", parameter.unit),
        ("The table’s default", short(parameter.default)),
        ("Plausible", ends if known else "not known: no sweep moves it unless told"),
        ("Possible", f"{short(parameter.hard_low)} to {short(parameter.hard_high)}: the equations allow no more"),
        ("Source", "Assumed: no source measures it." if parameter.basis == ASSUMED else capital(parameter.basis)),
        ("In the equations", parameter.symbol),
        ("On the command line", parameter.name),
        ("Matters for", " ".join(matters().get(parameter.name, ()))),
    ]
