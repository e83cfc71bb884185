"""Read one row of a table of observations, saying what is wrong with each of its cells."""

from collections.abc import Mapping
from math import sqrt
from types import MappingProxyType
from typing import NamedTuple

from experiments.fitting.dates import ALLOWED as DATES
from experiments.fitting.dates import Month, month_from
from experiments.fitting.targets import ALL, PLACE, Observation
from simulation.scenario.cells import Cells
from simulation.scenario.numbers import number_from
from simulation.scenario.problems import Findings
from simulation.scenario.scales import SCALES, Scale
from simulation.scenario.tables import Row
from simulation.vocabulary import BEHAVIOUR_IDS, BEHAVIOURS

EVERYONE = "all"
SPREAD_OF_ANSWERS = 0.2
"""Standard deviation of single answers about an organisation's mean, 2 of 10 (assumed)."""
ERROR_UNKNOWN = 0.1
"""Standard error of a score of which nothing is said, 1 of 10 (assumed)."""
LAST_MONTH = 1200


class Way(NamedTuple):
    """How a file's cells are to be read."""

    scale: str
    starts: Month | None
    file: str
    organisations: Mapping[str, list[str]] | None = None
    """Ids by how each may be called; None where the place isn't known."""
    spelt: tuple[str, ...] = ()
    ends: Mapping[str, int] = MappingProxyType({})


def plain(text: str) -> str:
    """Return a text as names are compared: whatever its case and blanks."""
    return " ".join(text.split()).casefold()


def read_observation(row: Row, way: Way, findings: Findings) -> Observation | None:
    """Return one row's observation, or None with problems added."""
    before = len(findings.problems)
    cells = Cells(row, findings, way.file)
    scale = _row_scale(cells, way)
    organisation = _organisation(cells, way)
    behaviour = _behaviour(cells)
    month = _month(cells, way)
    score = _score(cells, scale)
    error = _error(cells, scale)
    if organisation is not None and organisation in way.ends and month is not None and month > way.ends[organisation]:
        ends = way.ends[organisation]
        cells.add(f"is observed at month {month}, after the scenario's event of month {ends} ends it", "organisation")
    if len(findings.problems) > before or month is None or score is None or organisation is None:
        return None
    return Observation(organisation, behaviour, month, score, error, row.line)


def _row_scale(cells: Cells, way: Way) -> Scale | None:
    own = cells.row.cells.get("scale", "")
    if own and own not in SCALES:
        cells.add("is not a known scale", "scale", allowed=list(SCALES), like=list(SCALES))
        return None
    if own and way.scale and own != way.scale:
        cells.add(f"stands against the scale said for the whole file, {way.scale}", "scale", allowed=way.scale)
    return SCALES.get(own or way.scale)


def _organisation(cells: Cells, way: Way) -> str | None:
    """Return an organisation's id, PLACE for the whole place, or None with a problem added."""
    if "organisation" not in cells.row.cells:
        return PLACE
    text = cells.row.cells["organisation"]
    if not text:
        cells.add("the cell is blank", "organisation", allowed=f"an id or a name as in the place, or '{EVERYONE}'")
        return None
    if way.organisations is None:
        return PLACE if plain(text) == EVERYONE else text
    found = way.organisations.get(plain(text), [])
    if len(found) > 1:
        cells.add(f"is what {len(found)} organisations are called", "organisation", allowed=found)
        return None
    if found:
        return found[0]
    if plain(text) == EVERYONE:
        return PLACE
    cells.add("is not an organisation of this place", "organisation", allowed=way.spelt, like=way.spelt)
    return None


def _behaviour(cells: Cells) -> str:
    text = cells.row.cells.get("behaviour", "")
    if not text or plain(text) == EVERYONE:
        return ALL
    for behaviour in BEHAVIOURS:
        known = (behaviour.id, behaviour.id.replace("_", " "), str(behaviour.number), plain(behaviour.title))
        if plain(text).replace("-", " ") in (name.replace("-", " ") for name in known):
            return behaviour.id
    names = (*BEHAVIOUR_IDS, EVERYONE)
    cells.add("is not one of the nine behaviours", "behaviour", allowed=names, like=names)
    return ALL


def _month(cells: Cells, way: Way) -> int | None:
    """Return the programme month; 0 is the month before the programme begins."""
    date, month = cells.row.cells.get("date", ""), cells.row.cells.get("month", "")
    if date and month:
        cells.add("stands beside a date", "month", allowed="a date, or a programme month")
        return None
    if month:
        value = cells.number("month", low=0, high=LAST_MONTH)
        if value is not None and not value.is_integer():
            cells.add("is not a whole number", "month", allowed="a programme month: 0 before the first, 1, 2, ...")
            return None
        return None if value is None else int(value)
    if not date:
        cells.add("nothing says when", "date" if "date" in cells.row.cells else "month", allowed=f"{DATES}, or a month")
        return None
    found = month_from(date)
    if found is None:
        cells.add("is not a date", "date", allowed=DATES)
        return None
    if way.starts is None:
        return None
    programme = found.since(way.starts) + 1
    if not 0 <= programme <= LAST_MONTH:
        first, last = way.starts.after(-1), way.starts.after(LAST_MONTH - 1)
        cells.add(f"is outside the months that can be run, with the programme's start in {way.starts}", "date",
                  allowed=f"{first} (the month before) to {last}")  # fmt: skip
        return None
    return programme


def _score(cells: Cells, scale: Scale | None) -> float | None:
    """Return the score on 0-1."""
    text = cells.row.cells.get("score", "")
    if not text:
        cells.add("the cell is blank", "score", allowed="a number; leave out rows that were not scored")
        return None
    value = number_from(text)
    if isinstance(value, str):
        said = "has a percent sign: write the number alone, with the scale percent" if text.endswith("%") else value
        cells.add(said, "score", allowed="a number")
        return None
    if scale is None:
        return None
    if not scale.low <= value <= scale.high:
        cells.add("is outside the scale", "score", allowed=f"{scale.low:g} to {scale.high:g}")
        return None
    return scale.to_share(value)


def _error(cells: Cells, scale: Scale | None) -> float:
    """Return the standard error on 0-1: as given, or from the number of respondents, or assumed."""
    width = 1.0 if scale is None else scale.high - scale.low
    given = cells.number("uncertainty", low=0, high=width, above=True)
    respondents = cells.number("respondents", low=1, high=1e6)
    if respondents is not None and not respondents.is_integer():
        cells.add("is not a whole number", "respondents", allowed="how many people answered")
    if given is not None:
        return given / width
    return ERROR_UNKNOWN if respondents is None else SPREAD_OF_ANSWERS / sqrt(respondents)
