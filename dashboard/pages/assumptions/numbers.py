"""Every number with slider, band, claims."""

import json
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

import solara

from dashboard.address import Settings, short
from dashboard.components import Box, Section, Text
from dashboard.pages.assumptions.bands import bands_of, reach_of
from dashboard.pages.assumptions.changes import after, own_numbers, set_number, title_of
from dashboard.session import Session
from experiments.reporting.numbers import capital
from simulation.outcomes import number
from simulation.parameters import ASSUMED, BY_NAME, GROUP_TITLES, PARAMETERS, Parameter

if TYPE_CHECKING:
    from experiments.claims import ClaimFinding
    from experiments.structures import Leaning


PRIMARY_WORDS = "The primary contrast, prototype-led minus manifesto-led"


@cache
def matters() -> dict[str, tuple[str, ...]]:
    """Return sentences by parameter, the primary contrast's first; empty where the results are of another model."""
    found: dict[str, tuple[str, ...]] = {}
    for finding, is_primary in _findings():
        what = PRIMARY_WORDS if is_primary else f"“{finding.says.rstrip('.')}”"
        for leaning in finding.space.leanings:
            side = "high" if leaning.correlation > 0 else "low"
            told = f"{what}: its effect is larger where this is {side}, {_clear(leaning)}."
            found[leaning.parameter] = (*found.get(leaning.parameter, ()), told)
    return found


@cache
def matter_most() -> frozenset[str]:
    """Return the parameters that the size of the primary contrast's effect goes with."""
    told = (finding.space.leanings for finding, is_primary in _findings() if is_primary)
    return frozenset(leaning.parameter for leanings in told for leaning in leanings)


def _findings() -> "list[tuple[ClaimFinding, bool]]":
    """Return every claim's finding and whether it is the primary contrast's, which is the first."""
    from experiments.baseline import claim_findings_in, measured
    from experiments.essay_claims import PRIMARY

    content = measured().content
    found = [(one, one.name == PRIMARY) for one in claim_findings_in(content)] if content else []
    return sorted(found, key=lambda one: not one[1])


def _clear(leaning: "Leaning") -> str:
    low, middle, high = (number(v, 2, signed=True) for v in (leaning.low, leaning.correlation, leaning.high))
    return f"rank correlation {middle} ({low} to {high})"


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
        "matters": parameter.name in matter_most(),
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


LONGEST = 60
_MECHANISMS = json.dumps([{"id": key, "title": title} for key, title in MECHANISMS.items()])


@solara.component_vue("numbers.vue", vuetify=False)
def _Numbers(
    listing: str, mechanisms_text: str, usual_text: str, given: dict[str, float], find: str, group: str,
    event_moved: Callable[[Any], None], event_chosen: Callable[[Any], None],
    event_found: Callable[[Any], None], event_grouped: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


def Numbers(session: Session) -> solara.Element:
    """Return the numbers."""
    settings = session.settings
    own = own_numbers(settings, session.visitor.places).numbers

    def take(given: Any, use: Callable[[Settings], None]) -> None:
        wanted = number_in(given)
        if wanted is not None:
            use(set_number(settings, *wanted, own))

    numbers = _Numbers(
        listing=listing(), mechanisms_text=_MECHANISMS, usual_text=values_text(own), given=dict(settings.parameters),
        find=settings.find, group=settings.mechanism,
        event_moved=lambda given: take(given, session.show_settings),
        event_chosen=lambda given: take(given, session.commit_settings),
        event_found=lambda given: session.commit(find=str(given).strip()[:LONGEST]),
        event_grouped=lambda given: session.commit(mechanism=given) if given in MECHANISMS else None,
    )  # fmt: skip
    words = Text(
        "Low, usual and high lie within the plausible range, split half-way between the usual value and its ends. What "
        "lies beyond is possible in the equations, but nobody would defend it."
    )
    return Section("Every number", words, Box(numbers))


def number_in(given: Any) -> tuple[str, float] | None:
    """Return name and value that a browser sent, which may send anything; None where it is no number of the model."""
    if not isinstance(given, dict):
        return None
    name, value = given.get("name"), given.get("value")
    usable = name in BY_NAME if isinstance(name, str) else False
    if not usable or isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return str(name), float(value)
