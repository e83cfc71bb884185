"""Read a table of observations, with every problem at once by file and line.

Columns: `score`, and one of `date` (2024-03, 2024-03-15) and `month` (programme month); if you like `organisation` (id
or name, or `all`), `behaviour` (id, number or title, or `all`), `respondents`, `uncertainty` (a standard error on the
file's scale) and `scale`. Comment lines above the table may name `# scale: 1-10` and `# starts: 2024-01`.
"""

import re
from pathlib import Path

from experiments.fitting.dates import ALLOWED as DATES
from experiments.fitting.dates import Month, month_from
from experiments.fitting.target_rows import EVERYONE, Way, plain, read_observation
from experiments.fitting.targets import Observation, Targets
from simulation.scenario.events import Closure, Merger
from simulation.scenario.problems import Findings
from simulation.scenario.scales import SCALES
from simulation.scenario.scenario import Scenario
from simulation.scenario.tables import Columns, Row, table_from
from simulation.scenario.text import TABLE_LIMIT, read_text
from simulation.start import roster

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
