"""Read a plan file: which scenarios, what is varied, by which design, on how many seeds."""

import hashlib
import json
from collections.abc import Sequence
from math import isfinite
from os.path import isfile
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from experiments.design import NEEDS_VALUES, Design, Grid, Morris, OneAtATime, Row, Sobol, Table, read_table, size
from experiments.factors import Factor, applied
from experiments.memory import memory_problems
from experiments.work import Arm, Work
from simulation.limits import MOST_SEED, SEEDS_ALLOWED, seeds_problem
from simulation.parameters import BY_NAME
from simulation.scenario import Problem
from simulation.scenario.errors import Findings, ProblemError
from simulation.scenario.files import Ready, read_place, read_pressure, read_route, read_scenario
from simulation.scenario.library import find
from simulation.scenario.paths import PARTS, Value, canonical, find_field
from simulation.scenario.tables import number_from, range_from
from simulation.scenario.text import read_text
from simulation.scenario.toml_positions import Document, read_toml
from simulation.scenario.validation import validated
from simulation.scenario.value_objects import Frozen, implausible

# Read what a plan varies: each factor as the plan gives it, tried at its ends in every scenario.


MOST_TRIED = 100
PLAUSIBLE = "plausible"
_READ: Any = {
    "route": ("routes", read_route),
    "pressure": ("pressures", read_pressure),
    "place": ("places", read_place),
}


class Range(Frozen):
    """A factor's range as a plan gives it; `steps` cuts it into values where the design needs them."""

    low: float
    high: float
    steps: int | None = Field(None, ge=1, le=1_000_000)
    scale: Literal["linear", "log"] = "linear"


def read_factor(
    name: str, spec: Any, design: Any, arms: Sequence[Arm], document: Document, findings: Findings
) -> Factor | None:
    """Return a factor as the plan gives it, tried at its ends in every arm, or None with problems added."""
    path = ("factors", name)
    where: dict[str, Any] = {"file": document.file, "line": document.line(path), "path": path}
    key = canonical(name)
    kinds = {find_field(arm.what, key, findings, **where) for arm in arms[:1] if not findings.problems}
    kinds |= {find_field(arm.what, key, findings, **where) for arm in arms[1:] if not findings.problems}
    if None in kinds or not kinds:
        return None
    factor = _given(key, spec, kinds, document, findings, path, where)
    if factor is None:
        return None
    if not factor.values and not kinds & {int, float}:
        findings.add("is not a number: give a list of values", value=name, **where)
        return None
    if isinstance(design, NEEDS_VALUES) and not factor.values and factor.steps is None:
        allowed = "a list of values, or a range with steps"
        findings.add(f"a design {design.type} needs values", allowed=allowed, **where)
        return None
    factor = _with_parts(factor, document, findings, where)
    if factor is not None:
        _try(factor, _ends(factor), arms, findings, where)
    return factor


def _given(
    key: str,
    spec: Any,
    kinds: set[Any],
    document: Document,
    findings: Findings,
    path: tuple[str, str],
    where: dict[str, Any],
) -> Factor | None:
    whole = int in kinds
    if isinstance(spec, str) and (ends := range_from(spec)) is not None:
        spec = {"low": ends[0], "high": ends[1]}
    if spec == PLAUSIBLE:
        parameter = BY_NAME.get(key)
        if parameter is None or parameter.low is None or parameter.high is None:
            findings.add(
                "has no plausible range", value=path[1], allowed="a range { low = ..., high = ... }, or a list", **where
            )
            return None
        return Factor(name=key, low=parameter.low, high=parameter.high)
    if isinstance(spec, list):
        wrong = [value for value in spec if not isinstance(value, bool | int | float | str)]
        if wrong or not spec:
            findings.add("is no list of values", value=path[1], allowed="numbers, texts, true or false", **where)
            return None
        if len({json.dumps(value) for value in spec}) < len(spec):
            findings.add("holds a value twice", value=path[1], **where)
            return None
        for value in spec:
            said = _misfit(value, kinds)
            if said is not None:
                findings.add(said[0], value=value, allowed=said[1], **where)
                return None
        return Factor(name=key, values=tuple(spec))
    if not isinstance(spec, dict):
        allowed = '[1, 2, 3], { low = 0, high = 1 }, or "plausible"'
        findings.add("is neither a list of values nor a range", value=spec, allowed=allowed, **where)
        return None
    span = validated(Range, spec, document, findings, path=path)
    if span is None:
        return None
    if not span.low < span.high:
        findings.add("has an end that is not above its start", value=f"{span.low:g} to {span.high:g}", **where)
    elif span.scale == "log" and span.low <= 0:
        findings.add("is the start of a logarithmic range", value=f"{span.low:g}", allowed="above 0", **where)
    elif whole and not (span.low.is_integer() and span.high.is_integer()):
        findings.add("has ends that are not whole numbers", value=f"{span.low:g} to {span.high:g}", **where)
    else:
        return Factor(name=key, whole=whole, **span.model_dump())
    return None


def _misfit(value: Value, kinds: set[Any]) -> tuple[str, str] | None:
    """Return what is wrong with a value of a list for a field that holds these kinds, and what is allowed."""
    if isinstance(value, float) and not isfinite(value):
        return "is no number to run with", "a finite number"
    if kinds & {int, float} and (isinstance(value, bool) or not isinstance(value, int | float)):
        said = number_from(value) if isinstance(value, str) else "is not a number"
        return said if isinstance(said, str) else "is a text and not a number", "a number"
    if bool in kinds and not isinstance(value, bool):
        return "is neither true nor false", "true, false"
    return None


def check_together(
    factors: Sequence[Factor],
    rows: Sequence[Row] | None,
    arms: Sequence[Arm],
    document: Document,
    findings: Findings,
) -> None:
    """Refuse a factor within a part that one of the parts named by another factor does not have.

    `rows` are a table's: of these only what stands together is looked at; else all values meet.
    """
    for k, part in enumerate(factors):
        for j, inner in enumerate(factors):
            if part.name not in PARTS or not inner.name.startswith(f"{part.name}."):
                continue
            met = part.values if rows is None else {row[k] for row in rows if None not in (row[k], row[j])}
            lacking = [str(value) for value in part.values if value in met and not _has(part, value, inner, arms)]
            if lacking:
                message = f"is a factor, and the {part.name} {lacking[0]} has nothing of that name"
                allowed = f"leave it out, or leave {', '.join(lacking)} out of the factor {part.name}"
                line = document.line(("factors", inner.name))
                findings.add(message, file=document.file, line=line, key="factors", value=inner.name, allowed=allowed)


def _has(part: Factor, value: Value, inner: Factor, arms: Sequence[Arm]) -> bool:
    """Tell whether every scenario has a factor's field when another factor gives it a part."""
    return all(find_field(applied(arm.what, [part], [value]), inner.name, Findings()) is not None for arm in arms)


def _with_parts(factor: Factor, document: Document, findings: Findings, where: dict[str, Any]) -> Factor | None:
    """Return the factor holding the parts that its values name."""
    if factor.name not in PARTS:
        return factor
    kind, read = _READ[factor.name]
    parts: dict[str, Any] = {}
    for value in dict.fromkeys(map(str, factor.values)):
        found = find(
            kind,
            value,
            findings,
            base=Path(document.file).parent,
            file=document.file,
            key=where.get("key", factor.name),
        )
        part = read(found, findings) if found is not None else None
        if part is None:
            return None
        parts[value] = part
    return factor.model_copy(update={kind: parts})


def _ends(factor: Factor) -> tuple[Value, ...]:
    """Return the values to try: a range's ends, a long list's smallest and largest number, or all."""
    if not factor.values:
        return factor.at(0.0), factor.at(1.0)
    numbers = [value for value in factor.values if isinstance(value, int | float)]
    many = len(factor.values) > MOST_TRIED and len(numbers) == len(factor.values)
    return (min(numbers), max(numbers)) if many else factor.values


def _try(
    factor: Factor, values: Sequence[Value], arms: Sequence[Arm], findings: Findings, where: dict[str, Any]
) -> None:
    """Add what is wrong with a factor's values, each tried alone in every arm; note what is implausible."""
    for value in values:
        for arm in arms:
            try:
                applied(arm.what, [factor], [value])
            except (ProblemError, TypeError, ValueError, OverflowError) as error:
                problems = error.problems if isinstance(error, ProblemError) else ()
                first = problems[0] if problems else None
                allowed = first.allowed if first else "a number"
                findings.add(first.message if first else "can't stand here", value=value, allowed=allowed, **where)
                return
        if factor.name in BY_NAME:
            for text in implausible({factor.name: float(value)}):
                findings.note(text, file=where["file"], line=where["line"])


# Read the table of a plan: the rows of a CSV file, a column a factor.


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


# Read a plan file: which scenarios, what is varied, by which design, on how many seeds.


PLANS = Path(__file__).parent / "plans"
MOST_RUNS = 1_000_000_000
BYTES_A_VALUE = 24
"""What laying out a design takes for each value, roughly: as drawn, in its column, and as it is written."""


class PlanDocument(Frozen):
    """What may stand in a plan file; scenarios, routes and pressures by name, or by path from its folder.

    `keep` "months" stores every run's months too. `runs_a_part` is how many runs are stored together (0: about a
    second's work).
    """

    title: str = ""
    description: str = ""
    scenarios: tuple[str, ...] = Field(("generated",), min_length=1)
    routes: tuple[str, ...] = ()
    pressures: tuple[str, ...] = ()
    months: int | None = Field(None, ge=1, le=1200)
    replicates: int = Field(1, ge=1, le=100_000_000)
    first_seed: int = Field(1_000_000, ge=0, le=MOST_SEED)
    keep: Literal["runs", "months"] = "runs"
    runs_a_part: int = Field(0, ge=0, le=1_000_000)
    design: Design = Grid()
    factors: dict[str, Any] = Field(default_factory=dict)


class Plan(NamedTuple):
    """A plan that was read: the work, and the rows of its table if it has one."""

    work: Work
    rows: tuple[Row, ...] = ()


def ready_plans() -> dict[str, Path]:
    """Return the ready plans by name."""
    return {path.stem: path for path in sorted(PLANS.glob("*.toml"))}


def available_plans() -> list[Ready]:
    """Return the ready plans' names, titles and descriptions. Raises ProblemError where one can't be read."""
    works = {name: load_plan(path).work for name, path in ready_plans().items()}
    return [Ready(name, work.title, work.description) for name, work in works.items()]


def load_plan(source: str | Path, *, notes: list[str] | None = None) -> Plan:
    """Load a plan by name, or from its file. Raises ProblemError with all that is wrong in it and in what it names."""
    findings = Findings()
    path = _find(source, findings)
    document = read_toml(path, findings) if path is not None else None
    return findings.settle(None if document is None else _read(document, findings), notes)


def _find(source: str | Path, findings: Findings) -> Path | None:
    library, path = ready_plans(), Path(source)
    text = str(source)
    if not isinstance(source, Path) and "/" not in text and not text.endswith(".toml") and text in library:
        if isfile(path):
            findings.add("is a ready plan and a file of yours too", value=text, allowed=f"'./{text}' for yours")
            return None
        return library[text]
    if isfile(path):  # of an overlong name too
        return path
    findings.add("is not a ready plan, nor a file", key="plan", value=text or '""', allowed=library, like=library)
    return None


def _read(document: Document, findings: Findings) -> Plan | None:
    said = validated(PlanDocument, document.data, document, findings)
    if said is None:
        return None
    arms = _arms(said, document, findings)
    if not arms or findings.problems:
        return None
    rows: tuple[Row, ...] = ()
    if isinstance(said.design, Table):
        if said.factors:
            line = document.line(("factors",))
            findings.add("a design table has its factors in its file", file=document.file, line=line, key="factors")
            return None
        factors, rows = read_rows(said.design, arms, document, findings)
    else:
        factors = [
            read_factor(name, spec, said.design, arms, document, findings) for name, spec in said.factors.items()
        ]
        _check_design(said.design, factors, document, findings)
        _check_parts(said, document, findings)
    held = tuple(factor for factor in factors if factor is not None)
    _check_names(held, document, findings)
    if not findings.problems and not isinstance(said.design, OneAtATime):
        check_together(held, rows if isinstance(said.design, Table) else None, arms, document, findings)
    if findings.problems:
        return None
    work = Work(
        title=said.title,
        description=said.description,
        arms=tuple(arms),
        factors=held,
        design=said.design,
        table=hashlib.sha256(json.dumps([rows]).encode()).hexdigest() if isinstance(said.design, Table) else "",
        points=size(said.design, held, rows),
        replicates=said.replicates,
        first_seed=said.first_seed,
        keep=said.keep,
        chunk_size=said.runs_a_part,
    )
    where = {"file": document.file, "line": document.line(("first_seed",)), "path": ("first_seed",)}
    if wrong := seeds_problem(work.first_seed, work.replicates):
        findings.add(wrong, value=work.first_seed, allowed=SEEDS_ALLOWED, **where)  # type: ignore[arg-type]
    findings.problems += design_problems(work)
    if work.runs > MOST_RUNS:
        findings.add(
            "is the number of runs", file=document.file, value=f"{work.runs:,}", allowed=f"up to {MOST_RUNS:,}"
        )
    return Plan(work, rows)


def _arms(said: PlanDocument, document: Document, findings: Findings) -> list[Arm]:
    """Return every scenario with every route and pressure that the plan names, else with its own."""
    base = Path(document.file).parent
    where = {"base": base, "file": document.file}
    scenarios: list[Any] = []
    routes: list[Any] = []
    pressures: list[Any] = []
    for kind, names, read, into in (
        ("scenarios", said.scenarios, read_scenario, scenarios),
        ("routes", said.routes, read_route, routes),
        ("pressures", said.pressures, read_pressure, pressures),
    ):
        for k, name in enumerate(names):
            found = find(kind, name, findings, key=f"{kind}[{k + 1}]", **where)  # type: ignore[arg-type]
            part = read(found, findings) if found is not None else None  # type: ignore[operator]
            if part is not None:
                into.append(part)
        if len(set(names)) < len(names):
            findings.add("names the same one twice", file=document.file, line=document.line((kind,)), key=kind)
    arms = []
    for scenario in scenarios:
        for route in routes or [scenario.route]:
            for pressure in pressures or [scenario.pressure]:
                changed: dict[str, Any] = {"pressure": pressure}
                if said.months is not None:
                    changed["months"] = said.months
                try:
                    arms.append(Arm.of(scenario.changed(**changed), route))
                except ProblemError as error:
                    findings.problems += error.problems
    called = [f"{arm.scenario} with {arm.route} and {arm.pressure}" for arm in arms]
    for name in dict.fromkeys(name for name in called if called.count(name) > 1):
        findings.add("is what two of the scenarios are called", file=document.file, value=name)
    return arms


def _check_design(design: Any, factors: Sequence[Factor | None], document: Document, findings: Findings) -> None:
    where: dict[str, Any] = {"file": document.file, "line": document.line(("design",)), "key": "design"}
    if not factors and not isinstance(design, Grid):
        findings.add(f"a design {design.type} needs factors", allowed="a table [factors]", **where)
    if isinstance(design, Sobol) and design.points & (design.points - 1):
        findings.add(
            "is the number of base points", value=design.points, allowed="a power of two, such as 256", **where
        )
    if isinstance(design, Morris) and len(factors) < 2:
        findings.add("a design morris needs two factors or more", **where)


def design_problems(work: Work) -> list[Problem]:
    """Return a problem where a design takes more memory than there is: every factor's value at every point."""
    each = BYTES_A_VALUE * (len(work.factors) + 1)
    return memory_problems(work.points * each, key="design", value=work.points, each=each)


def _check_parts(said: PlanDocument, document: Document, findings: Findings) -> None:
    """Refuse several routes or pressures that a factor of that name would set aside at every point."""
    for part, names in (("route", said.routes), ("pressure", said.pressures)):
        if len(names) > 1 and part in map(canonical, said.factors) and not isinstance(said.design, OneAtATime):
            message = f"is a factor, which sets it in every run: each would be run once for every one of {part}s"
            findings.add(message, file=document.file, line=document.line(("factors", part)), key="factors", value=part,
                         allowed=f"the factor, or {part}s = [...]")  # fmt: skip


def _check_names(factors: Sequence[Factor], document: Document, findings: Findings) -> None:
    names = [factor.name for factor in factors]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        findings.add("is given twice, by two of its names", file=document.file, key="factors", value=name)
