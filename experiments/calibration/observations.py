"""A table of observations; dates, summaries, what a run shows of them."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from simulation.initial import roster
from simulation.run import Trajectory
from simulation.scenario.errors import Findings
from simulation.scenario.events import Closure, Merger
from simulation.scenario.scenario import Scenario
from simulation.scenario.tables import SCALES, Cells, Columns, Row, Scale, number_from, table_from
from simulation.scenario.text import TABLE_LIMIT, read_text
from simulation.state import Floats, Integers
from simulation.vocabulary import BEHAVIOUR_IDS, BEHAVIOURS, GROUPS

_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_YEAR, LAST_YEAR = 1900, 2200
ALLOWED = "a month such as 2024-03, or a day such as 2024-03-15"


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    def __str__(self) -> str:
        """Return it as dates are written in files.

        >>> str(Month(2024, 3))
        '2024-03'
        """
        return f"{self.year}-{self.month:02}"

    def after(self, months: int) -> "Month":
        """Return the month so many months later.

        >>> str(Month(2024, 11).after(3))
        '2025-02'
        """
        whole = self.year * 12 + self.month - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    def since(self, other: "Month") -> int:
        """Return how many months this one is after another."""
        return (self.year - other.year) * 12 + self.month - other.month


def month_from(text: str) -> Month | None:
    """Return the month of a date, or None where it is no date.

    >>> month_from("2024-03-15")
    Month(year=2024, month=3)
    >>> month_from("15/03/2024")
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups(default="1"))
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return None
    return Month(year, month)


# Hold a person's own observations: who scored what, in which programme month, how uncertain.


PLACE = ""
"""The organisation of an observation of the whole place: the mean over its organisations."""
ALL = ""
"""The behaviour of an observation of all nine: their mean."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One score as perceived, on 0-1, with its standard error (of the observation, not of the model)."""

    organisation: str
    behaviour: str
    month: int
    score: float
    error: float
    line: int = 0

    @property
    def group(self) -> str:
        """Return the group of its behaviour; "" for all nine."""
        return BEHAVIOURS[BEHAVIOUR_IDS.index(self.behaviour)].group if self.behaviour else ""


@dataclass(frozen=True)
class Targets:
    """All observations, in the order of the file; `starts` is programme month 1 where dates were used."""

    observations: tuple[Observation, ...]
    file: str = ""
    scales: tuple[str, ...] = ()
    starts: str = ""
    assumed_errors: int = 0
    """Observations without respondents or uncertainty, whose error is assumed."""

    @cached_property
    def months(self) -> tuple[int, ...]:
        """Return the programme months with observations."""
        return tuple(sorted({one.month for one in self.observations}))

    @property
    def organisations(self) -> tuple[str, ...]:
        """Return the organisations observed, without the whole place."""
        return tuple(dict.fromkeys(one.organisation for one in self.observations if one.organisation != PLACE))

    @property
    def detail(self) -> str:
        """Return what a run must record for these to be read from it."""
        single = [one for one in self.observations if one.organisation != PLACE]
        return "full" if any(one.behaviour != ALL for one in single) else "organisations" if single else "months"

    def content_hash(self) -> str:
        """Return a hash of what was observed; the file's name, line numbers and the order of rows do not count."""
        rows = sorted((o.organisation, o.behaviour, o.month, o.score, o.error) for o in self.observations)
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


# Read from a run what the observations saw: practice of those organisations and behaviours in those months.


WHOLE = -1
"""Stands for the whole place and for all nine behaviours."""


class Seeing(NamedTuple):
    """Where each of K observations is read: arrays (K,)."""

    organisation: Integers
    behaviour: Integers
    month: Integers
    detail: str


def seeing(targets: Targets, ids: Sequence[str]) -> Seeing:
    """Return where each observation is read in a place with these organisations."""
    rows = {identity: i for i, identity in enumerate(ids)}

    def numbers(read: list[int]) -> Integers:
        return np.array(read, dtype=np.int64)

    seen: tuple[Observation, ...] = targets.observations
    return Seeing(
        numbers([WHOLE if one.organisation == PLACE else rows[one.organisation] for one in seen]),
        numbers([BEHAVIOUR_IDS.index(one.behaviour) if one.behaviour else WHOLE for one in seen]),
        numbers([one.month for one in seen]),
        targets.detail,
    )


def seen(trajectory: Trajectory, where: Seeing) -> Floats:
    """Return practice as the model has it, enacted and 0-1, for each observation (K,)."""
    rows = trajectory.burn_in + where.month - 1
    values = trajectory["practice"][rows]
    single, one = where.organisation != WHOLE, where.behaviour != WHOLE
    place_one = ~single & one
    values[place_one] = trajectory.behaviours[rows[place_one], where.behaviour[place_one]]
    if where.detail != "months":
        whole = single & ~one
        values[whole] = trajectory.by_organisation["practice"][rows[whole], where.organisation[whole]]
    if where.detail == "full":
        cell = single & one
        values[cell] = trajectory.practice[rows[cell], where.organisation[cell], where.behaviour[cell]]
    return values


# Sum observations up, month by month: mean, what groups of behaviours differ by, how organisations differ.


FEW = 5
"""Organisations in a month from which on their spread stands for each of them."""


class Summary(NamedTuple):
    """One number made of some observations: a mean less another mean, or the spread of several means."""

    month: int
    what: str
    rows: tuple[Integers, ...]
    kind: str


def summaries(observations: Sequence[Observation]) -> tuple[Summary, ...]:
    """Return how observations are summed up, in order of month."""
    found: list[Summary] = []
    for month in sorted({one.month for one in observations}):
        here = [k for k, one in enumerate(observations) if one.month == month]
        found.append(Summary(month, "mean", (_rows(here),), "mean"))
        groups = {group: [k for k in here if observations[k].group == group] for group in GROUPS}
        held = [group for group in GROUPS if groups[group]]
        for group in held[:-1]:
            found.append(Summary(month, group, (_rows(groups[group]), _rows(here)), "less"))
        by_organisation: dict[str, list[int]] = {}
        for k in here:
            if observations[k].organisation:
                by_organisation.setdefault(observations[k].organisation, []).append(k)
        single = tuple(_rows(rows) for rows in by_organisation.values())
        if len(single) >= FEW:
            found.append(Summary(month, "spread", single, "spread"))
        else:
            found += [
                Summary(month, name, (_rows(rows), _rows(here)), "less")
                for name, rows in list(by_organisation.items())[:-1]
            ]
    return tuple(found)


def summed_up(values: Floats, how: Sequence[Summary]) -> Floats:
    """Return summaries (..., S) of observations' values (..., K)."""
    parts = []
    for one in how:
        means = [values[..., rows].mean(axis=-1) for rows in one.rows]
        if one.kind == "spread":
            parts.append(np.stack(means, axis=-1).std(axis=-1))
        else:
            parts.append(means[0] - means[1] if one.kind == "less" else means[0])
    return np.stack(parts, axis=-1)


def _rows(rows: list[int]) -> Integers:
    return np.array(rows, dtype=np.int64)


# Read one row of a table of observations, saying what is wrong with each of its cells.


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
        cells.add(
            "nothing says when", "date" if "date" in cells.row.cells else "month", allowed=f"{ALLOWED}, or a month"
        )
        return None
    found = month_from(date)
    if found is None:
        cells.add("is not a date", "date", allowed=ALLOWED)
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


# Read a table of observations, with every problem at once by file and line.
#
# Columns: `score`, and one of `date` (2024-03, 2024-03-15) and `month` (programme month); if you like `organisation`
# (id
# or name, or `all`), `behaviour` (id, number or title, or `all`), `respondents`, `uncertainty` (a standard error on
# the
# file's scale) and `scale`. Comment lines above the table may name `# scale: 1-10` and `# starts: 2024-01`.


COLUMNS = Columns(
    required=("score",),
    optional=("organisation", "date", "month", "behaviour", "respondents", "uncertainty", "scale"),
)
SAID = ("scale", "starts")
MOST_ROWS = 10_000
_SAID = re.compile(r"#\s*(\w+)\s*[:=]\s*(.*?)[\s,;]*")


def read_targets(
    path: Path, scenario: Scenario | None, *, scale: str = "", starts: str = "", notes: list[str] | None = None
) -> Targets:
    """Return the observations of a file, for the organisations of a scenario's place; without one, of whatever place.

    `scale` and `starts` are what the command said. Raises ProblemError with all that is wrong.
    """
    findings = Findings()
    text = read_text(path, findings, limit=TABLE_LIMIT)
    if text is None:
        return findings.settle(None)
    file = str(path)
    said, above, rest = _comments(text, findings, file=file)
    rows = None
    if rest.strip():
        rows = table_from(rest, COLUMNS, findings, file=file, lines_above=above)
    else:
        findings.add("the file holds comments and no table", file=file, allowed=f"columns {', '.join(COLUMNS.all)}")
    way = Way(
        scale=_scale(scale, said, findings, file=file),
        starts=_starts(starts, said, findings, file=file),
        file=file,
        **(_organisations(scenario) if scenario is not None else {}),  # type: ignore[arg-type]
    )
    _check_table(rows, findings, way)
    found = [read_observation(row, way, findings) for row in rows or ()]
    kept = [one for one in found if one is not None]
    _refuse_twice(kept, findings, way)
    if findings.problems:
        return findings.settle(None)
    return findings.settle(_targets(kept, rows or [], way, findings), notes)


def _targets(kept: list[Observation], rows: list[Row], way: Way, findings: Findings) -> Targets:
    unknown = sum(not row.cells.get("respondents") and not row.cells.get("uncertainty") for row in rows)
    if unknown:
        some = "all observations" if unknown == len(rows) else f"{unknown} of {len(rows)} observations"
        text = f"{some} name neither respondents nor uncertainty: a standard error of 1 of 10 is assumed for them"
        findings.note(text, file=way.file)
    scales = tuple(dict.fromkeys(row.cells.get("scale") or way.scale for row in rows))
    dated = way.starts is not None and any(row.cells.get("date") for row in rows)
    starts = str(way.starts) if dated else ""
    return Targets(tuple(kept), file=way.file, scales=scales, starts=starts, assumed_errors=unknown)


def _comments(text: str, findings: Findings, *, file: str) -> tuple[dict[str, tuple[int, str]], int, str]:
    """Return what the comment lines above the table say (with their lines), how many lines they are, and the rest."""
    said: dict[str, tuple[int, str]] = {}
    lines = text.split("\n")
    above = 0
    for line in lines:
        bare = line.strip().strip('"')
        if bare and not bare.startswith("#"):
            break
        above += 1
        found = _SAID.fullmatch(bare)
        if found is None or found[1].casefold() not in SAID:
            continue
        key = found[1].casefold()
        if key in said and said[key][1] != found[2]:
            findings.add(f"{key} is said on line {said[key][0]} too, otherwise", file=file, line=above, value=found[2])
        said[key] = (above, found[2])
    return said, above, "\n".join(lines[above:])


def _scale(option: str, said: dict[str, tuple[int, str]], findings: Findings, *, file: str) -> str:
    line, comment = said.get("scale", (None, ""))
    if comment and comment not in SCALES:
        findings.add("is not a known scale", file=file, line=line, value=comment, allowed=SCALES, like=SCALES)
        return ""
    if option and option not in SCALES:
        findings.add("is not a known scale", key="--scale", value=option, allowed=SCALES, like=SCALES)
        return ""
    if option and comment and option != comment:
        findings.add(f"is the file's scale, and --scale says {option}", file=file, line=line, value=comment)
    return option or comment


def _starts(option: str, said: dict[str, tuple[int, str]], findings: Findings, *, file: str) -> Month | None:
    line, comment = said.get("starts", (None, ""))
    found = [
        (month_from(text), text, where)
        for text, where in (
            (option, {"key": "--starts"}),
            (comment, {"file": file, "line": line, "key": "starts"}),
        )
        if text
    ]
    for month, text, where in found:
        if month is None:
            findings.add("is not a date", value=text, allowed=ALLOWED, **where)  # type: ignore[arg-type]
    if len(found) == 2 and None not in (found[0][0], found[1][0]) and found[0][0] != found[1][0]:
        findings.add(f"is where the file says the programme starts, and --starts says {option}", file=file, line=line,
                     value=comment)  # fmt: skip
    return found[0][0] if found else None


def _organisations(scenario: Scenario) -> dict[str, object]:
    """Return how organisations may be called, and the programme month at whose start any of them ends."""
    people = roster(scenario.place)
    called: dict[str, list[str]] = {}
    for identity, name in zip(people.ids, people.names, strict=True):
        called.setdefault(plain(identity), []).append(identity)
        if plain(name) != plain(identity):
            called.setdefault(plain(name), []).append(identity)
    ends = {event.organisation: event.month for event in scenario.all_events if isinstance(event, Closure | Merger)}
    spelt = (*people.ids, *(name for name in people.names if name not in people.ids), EVERYONE)
    return {"organisations": called, "spelt": spelt, "ends": ends}


def _check_table(rows: list[Row] | None, findings: Findings, way: Way) -> None:
    """Add what is wrong with the table as a whole."""
    if rows is None:
        return
    if not rows:
        findings.add("the table has no observations", file=way.file, allowed="a row an observation")
        return
    if len(rows) > MOST_ROWS:
        findings.add("is too many observations", file=way.file, value=f"{len(rows):,}", allowed=f"up to {MOST_ROWS:,}")
    header = rows[0].cells
    if "date" not in header and "month" not in header:
        findings.add("no column says when", file=way.file, key="columns", allowed="date, or month (of the programme)")
    if not way.scale and any(not row.cells.get("scale") for row in rows):
        findings.add(
            "no scale is named for the scores, and it is not guessed", file=way.file,
            allowed=f"--scale {'|'.join(SCALES)}, a comment line '# scale: 0-10' above the table, or a column scale",
        )  # fmt: skip
    if way.starts is None and not any(problem.key in ("--starts", "starts") for problem in findings.problems):
        dated = next((row for row in rows if row.cells.get("date")), None)
        if dated is not None:
            message = "is a date, and nothing says in which month the programme starts"
            allowed = "--starts 2024-01, or a comment line '# starts: 2024-01' above the table"
            value = dated.cells["date"]
            findings.add(message, file=way.file, line=dated.line, key="column date", value=value, allowed=allowed)


def _refuse_twice(kept: list[Observation], findings: Findings, way: Way) -> None:
    """Add the observations that stand twice: two rows would count as two surveys."""
    first: dict[tuple[str, str, int], int] = {}
    for one in kept:
        key = (one.organisation, one.behaviour, one.month)
        if key in first:
            findings.add(
                f"is scored for this behaviour and month {one.month} on line {first[key]} too",
                file=way.file, line=one.line, key="column organisation", value=one.organisation or EVERYONE,
                allowed="one row: the mean, and respondents for how many answered",
            )  # fmt: skip
        first.setdefault(key, one.line)
