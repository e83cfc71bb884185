"""Read the table of a plan: the rows of a CSV file, a column a factor."""

import json
from collections.abc import Sequence
from pathlib import Path

from experiments.design import Row, Table, read_table
from experiments.factors import PARTS, Factor, Value, canonical
from experiments.plan_factors import read_factor
from experiments.sweep_work import Arm
from simulation.scenario.numbers import number_from
from simulation.scenario.problems import Findings
from simulation.scenario.text import read_text
from simulation.scenario.toml import Document

TABLE_LIMIT = 1 << 30


def read_rows(
    design: Table, arms: Sequence[Arm], document: Document, findings: Findings
) -> tuple[list[Factor | None], tuple[Row, ...]]:
    """Return the factors and rows of a table's CSV file, every distinct value tried alone."""
    path = Path(document.file).parent / design.file
    text = read_text(path, findings, limit=TABLE_LIMIT)
    if text is None:
        return [], ()
    parting, header, lines = read_table(text)
    if parting != ",":
        lines, commas, points = _with_points(lines)
        if commas and points:
            found = f"{commas[1]} and {points[1]}"
            message = "mix decimal commas with decimal points"
            findings.add(message, file=str(path), line=commas[0], value=found, allowed="one of them in the whole table")
        elif commas:
            findings.note("decimal commas were read", file=str(path))
    names = [canonical(name) for name in header]
    rows: list[list[Value | None]] = []
    for number, cells in lines:
        if len(cells) != len(header):
            findings.add("has another number of cells than the header", file=str(path), line=number)
        rows.append([_cell(cell, name) for cell, name in zip(cells, names, strict=False)])
    if not header or not rows:
        findings.add("the table has no rows", file=str(path))
    if findings.problems:
        return [], ()
    blank = sum(all(value is None for value in row) for row in rows)
    if blank:
        count = "a row" if blank == 1 else f"{blank:,} rows"
        findings.note(f"{count} of blanks: the scenario as it is", file=str(path))
    factors: list[Factor | None] = []
    for k, name in enumerate(header):
        spec = list(dict.fromkeys(row[k] for row in rows if row[k] is not None))
        held = Document({}, str(path))
        factor = read_factor(name, spec, design, arms, held, findings) if spec else None
        factors.append(factor and _spanning(factor))
        if not spec:
            findings.add("is a column without values", file=str(path), line=1, value=name)
    if len({json.dumps(row) for row in rows}) < len(rows):
        findings.note("some rows are the same: their runs are the same too", file=str(path))
    return factors, tuple(tuple(row) for row in rows)


_Said = tuple[int, str] | None
Lines = list[tuple[int, list[str]]]


def _with_points(lines: Lines) -> tuple[Lines, _Said, _Said]:
    """Return rows with decimal points for commas, and the first number with a comma and with a point, by line."""
    commas = points = None
    found: Lines = []
    for line, cells in lines:
        now = list(cells)
        for k, cell in enumerate(cells):
            other = cell.replace(",", ".").strip()
            if isinstance(number_from(other), str) or (other == cell.strip() and "." not in other):
                continue
            if other != cell.strip():
                now[k], commas = other, commas or (line, cell.strip())
            else:
                points = points or (line, other)
        found.append((line, now))
    return found, commas, points


def _spanning(factor: Factor) -> Factor:
    """Return a table's factor with the range of its numbers, for the rows hold the numbers themselves."""
    numbers = [value for value in factor.values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(factor.values):
        return factor
    whole = all(isinstance(value, int) for value in numbers)
    return Factor(name=factor.name, low=min(numbers), high=max(numbers), whole=whole)


def _cell(cell: str, name: str) -> Value | None:
    """Return a cell's number, or true or false, or its text, which is a name where the column is of parts."""
    text = cell.strip()
    if not text or name in PARTS:
        return text or None
    value = number_from(text)
    if isinstance(value, str):
        flags: dict[str, bool] = {"true": True, "false": False}
        return flags.get(text.casefold(), text)
    return int(value) if value.is_integer() and "." not in text and abs(value) < 1e15 else value
