"""Read a table of observations, with every problem at once by file and line.

Columns: `score`, and one of `date` (2024-03, 2024-03-15) and `month` (programme month); if you like `organisation` (id
or name, or `all`), `behaviour` (id, number or title, or `all`), `respondents`, `uncertainty` (a standard error on the
file's scale) and `scale`. Comment lines above the table may name `# scale: 1-10` and `# starts: 2024-01`.
"""

import re
from collections.abc import Mapping
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from experiments.fitting.dates import ALLOWED as DATES
from experiments.fitting.dates import Month, month_from
from experiments.fitting.targets import ALL, PLACE, Observation, Targets
from simulation.scenario.cells import Cells
from simulation.scenario.events import Closure, Merger
from simulation.scenario.numbers import number_from
from simulation.scenario.problems import Findings
from simulation.scenario.scales import SCALES, Scale
from simulation.scenario.scenario import Scenario
from simulation.scenario.tables import Columns, Row, table_from
from simulation.scenario.text import TABLE_LIMIT, read_text
from simulation.start import roster
from simulation.vocabulary import BEHAVIOUR_IDS, BEHAVIOURS

COLUMNS = Columns(
    required=("score",),
    optional=("organisation", "date", "month", "behaviour", "respondents", "uncertainty", "scale"),
)
SAID = ("scale", "starts")
EVERYONE = "all"
SPREAD_OF_ANSWERS = 0.2
"""Standard deviation of single answers about an organisation's mean, 2 of 10 (assumed)."""
ERROR_UNKNOWN = 0.1
"""Standard error of a score of which nothing is said, 1 of 10 (assumed)."""
LAST_MONTH = 1200
MOST_ROWS = 20_000
_SAID = re.compile(r"#\s*(\w+)\s*[:=]\s*(.*?)[\s,;]*")


class _Way(NamedTuple):
    """How a file's cells are to be read."""

    scale: str
    starts: Month | None
    organisations: Mapping[str, list[str]]
    spelt: tuple[str, ...]
    ends: Mapping[str, int]
    file: str


def read_targets(
    path: Path, scenario: Scenario, *, scale: str = "", starts: str = "", notes: list[str] | None = None
) -> Targets:
    """Return the observations of a file, for the organisations of a scenario's place.

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
    way = _Way(
        scale=_scale(scale, said, findings, file=file),
        starts=_starts(starts, said, findings, file=file),
        file=file,
        **_organisations(scenario),  # type: ignore[arg-type]
    )
    _check_table(rows, findings, way)
    found = [_observation(row, way, findings) for row in rows or ()]
    kept = [one for one in found if one is not None]
    _refuse_twice(kept, findings, way)
    if findings.problems:
        return findings.settle(None)
    return findings.settle(_targets(kept, rows or [], way, findings), notes)


def _targets(kept: list[Observation], rows: list[Row], way: _Way, findings: Findings) -> Targets:
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
            findings.add("is not a date", value=text, allowed=DATES, **where)  # type: ignore[arg-type]
    if len(found) == 2 and None not in (found[0][0], found[1][0]) and found[0][0] != found[1][0]:
        findings.add(f"is where the file says the programme starts, and --starts says {option}", file=file, line=line,
                     value=comment)  # fmt: skip
    return found[0][0] if found else None


def _organisations(scenario: Scenario) -> dict[str, object]:
    """Return how organisations may be called, and the programme month at whose start any of them ends."""
    people = roster(scenario.place)
    called: dict[str, list[str]] = {}
    for identity, name in zip(people.ids, people.names, strict=True):
        called.setdefault(_plain(identity), []).append(identity)
        if _plain(name) != _plain(identity):
            called.setdefault(_plain(name), []).append(identity)
    ends = {event.organisation: event.month for event in scenario.all_events if isinstance(event, Closure | Merger)}
    spelt = (*people.ids, *(name for name in people.names if name not in people.ids), EVERYONE)
    return {"organisations": called, "spelt": spelt, "ends": ends}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _check_table(rows: list[Row] | None, findings: Findings, way: _Way) -> None:
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


def _observation(row: Row, way: _Way, findings: Findings) -> Observation | None:
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


def _row_scale(cells: Cells, way: _Way) -> Scale | None:
    own = cells.row.cells.get("scale", "")
    if own and own not in SCALES:
        cells.add("is not a known scale", "scale", allowed=list(SCALES), like=list(SCALES))
        return None
    if own and way.scale and own != way.scale:
        cells.add(f"stands against the scale said for the whole file, {way.scale}", "scale", allowed=way.scale)
    return SCALES.get(own or way.scale)


def _organisation(cells: Cells, way: _Way) -> str | None:
    """Return an organisation's id, PLACE for the whole place, or None with a problem added."""
    if "organisation" not in cells.row.cells:
        return PLACE
    text = cells.row.cells["organisation"]
    if not text:
        cells.add("the cell is blank", "organisation", allowed=f"an id or a name as in the place, or '{EVERYONE}'")
        return None
    found = way.organisations.get(_plain(text), [])
    if len(found) > 1:
        cells.add(f"is what {len(found)} organisations are called", "organisation", allowed=found)
        return None
    if found:
        return found[0]
    if _plain(text) == EVERYONE:
        return PLACE
    cells.add("is not an organisation of this place", "organisation", allowed=way.spelt, like=way.spelt)
    return None


def _behaviour(cells: Cells) -> str:
    text = cells.row.cells.get("behaviour", "")
    if not text or _plain(text) == EVERYONE:
        return ALL
    for behaviour in BEHAVIOURS:
        known = (behaviour.id, behaviour.id.replace("_", " "), str(behaviour.number), _plain(behaviour.title))
        if _plain(text).replace("-", " ") in (name.replace("-", " ") for name in known):
            return behaviour.id
    names = (*BEHAVIOUR_IDS, EVERYONE)
    cells.add("is not one of the nine behaviours", "behaviour", allowed=names, like=names)
    return ALL


def _month(cells: Cells, way: _Way) -> int | None:
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


def _refuse_twice(kept: list[Observation], findings: Findings, way: _Way) -> None:
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
