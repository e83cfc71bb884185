"""Read a plan file: which scenarios, what is varied, by which design, on how many seeds."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from experiments.design import NEEDS_VALUES, Design, Grid, Morris, Row, Sobol, Table, read_table, size
from experiments.factors import PARTS, Factor, Value, applied, canonical, find_field
from experiments.sweep_work import Arm, Work
from simulation.parameters import BY_NAME
from simulation.scenario import load_pressure, load_route
from simulation.scenario.base import Frozen
from simulation.scenario.checks import implausible
from simulation.scenario.find import find
from simulation.scenario.numbers import number_from
from simulation.scenario.parts import read_pressure, read_route
from simulation.scenario.place_folder import read_place
from simulation.scenario.problems import Findings, ProblemError
from simulation.scenario.scenario import Scenario
from simulation.scenario.scenario_file import read_scenario
from simulation.scenario.text import read_text
from simulation.scenario.toml import Document, read_toml
from simulation.scenario.validation import validated

PLANS = Path(__file__).parent / "plans"
TABLE_LIMIT = 1 << 30
MOST_RUNS = 1_000_000_000
MOST_TRIED = 100
PLAUSIBLE = "plausible"
_READ: Any = {
    "route": ("routes", read_route),
    "pressure": ("pressures", read_pressure),
    "place": ("places", read_place),
}


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
    first_seed: int = Field(1_000_000, ge=0)
    keep: Literal["runs", "months"] = "runs"
    runs_a_part: int = Field(0, ge=0, le=1_000_000)
    design: Design = Grid()
    factors: dict[str, Any] = Field(default_factory=dict)


class Range(Frozen):
    """A factor's range as a plan gives it; `steps` cuts it into values where the design needs them."""

    low: float
    high: float
    steps: int | None = Field(None, ge=1, le=1_000_000)
    scale: Literal["linear", "log"] = "linear"


class Plan(NamedTuple):
    """A plan that was read: the work, and the rows of its table if it has one."""

    work: Work
    rows: tuple[Row, ...] = ()


def ready_plans() -> dict[str, Path]:
    """Return the ready plans by name."""
    return {path.stem: path for path in sorted(PLANS.glob("*.toml"))}


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
        if path.is_file():
            findings.add("is a ready plan and a file of yours too", value=text, allowed=f"'./{text}' for yours")
            return None
        return library[text]
    if path.is_file():
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
        factors, rows = _table(said, arms, document, findings)
    else:
        factors = [_factor(name, spec, said.design, arms, document, findings) for name, spec in said.factors.items()]
        _check_design(said.design, factors, document, findings)
    held = tuple(factor for factor in factors if factor is not None)
    _check_names(held, document, findings)
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
                changed: dict[str, Any] = {"route": route, "pressure": pressure}
                if said.months is not None:
                    changed["months"] = said.months
                try:
                    what = scenario.changed(**changed)
                except ProblemError as error:
                    findings.problems += error.problems
                else:
                    arms.append(Arm(scenario=scenario.name, route=route.name, pressure=pressure.name, what=what))
    called = [f"{arm.scenario} with {arm.route} and {arm.pressure}" for arm in arms]
    for name in dict.fromkeys(name for name in called if called.count(name) > 1):
        findings.add("is what two of the scenarios are called", file=document.file, value=name)
    return arms


def _factor(
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
    factor = _given(key, spec, int in kinds, document, findings, path, where)
    if factor is None:
        return None
    if not factor.values and object in kinds:
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
    whole: bool,
    document: Document,
    findings: Findings,
    path: tuple[str, str],
    where: dict[str, Any],
) -> Factor | None:
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
            except (ProblemError, TypeError, ValueError) as error:
                problems = error.problems if isinstance(error, ProblemError) else ()
                first = problems[0] if problems else None
                allowed = first.allowed if first else "a number"
                findings.add(first.message if first else "can't stand here", value=value, allowed=allowed, **where)
                return
        if factor.name in BY_NAME:
            for text in implausible({factor.name: float(value)}):
                findings.note(text, file=where["file"], line=where["line"])


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


def _check_names(factors: Sequence[Factor], document: Document, findings: Findings) -> None:
    names = [factor.name for factor in factors]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        findings.add("is given twice, by two of its names", file=document.file, key="factors", value=name)


def _table(
    said: PlanDocument, arms: Sequence[Arm], document: Document, findings: Findings
) -> tuple[list[Factor | None], tuple[Row, ...]]:
    """Return the factors and rows of a table's CSV file, every distinct value tried alone."""
    if said.factors:
        line = document.line(("factors",))
        findings.add("a design table has its factors in its file", file=document.file, line=line, key="factors")
        return [], ()
    path = Path(document.file).parent / said.design.file  # type: ignore[union-attr]
    text = read_text(path, findings, limit=TABLE_LIMIT)
    if text is None:
        return [], ()
    header, lines = read_table(text)
    rows: list[list[Value | None]] = []
    for number, cells in lines:
        if len(cells) != len(header):
            findings.add("has another number of cells than the header", file=str(path), line=number)
        rows.append([_cell(cell) for cell in cells])
    if not header or not rows:
        findings.add("the table has no rows", file=str(path))
    if findings.problems:
        return [], ()
    factors: list[Factor | None] = []
    for k, name in enumerate(header):
        spec = list(dict.fromkeys(row[k] for row in rows if row[k] is not None))
        held = Document({}, str(path))
        factor = _factor(name, spec, said.design, arms, held, findings) if spec else None
        factors.append(factor and _spanning(factor))
        if not spec:
            findings.add("is a column without values", file=str(path), line=1, value=name)
    if len({json.dumps(row) for row in rows}) < len(rows):
        findings.note("some rows are the same: their runs are the same too", file=str(path))
    return factors, tuple(tuple(row) for row in rows)


def _spanning(factor: Factor) -> Factor:
    """Return a table's factor with the range of its numbers, for the rows hold the numbers themselves."""
    numbers = [value for value in factor.values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(factor.values):
        return factor
    whole = all(isinstance(value, int) for value in numbers)
    return Factor(name=factor.name, low=min(numbers), high=max(numbers), whole=whole)


def _cell(cell: str) -> Value | None:
    text = cell.strip()
    if not text:
        return None
    value = number_from(text)
    if isinstance(value, str):
        flags: dict[str, bool] = {"true": True, "false": False}
        return flags.get(text, text)
    return int(value) if value.is_integer() and "." not in text and abs(value) < 1e15 else value


def work_of(
    scenarios: Sequence[Scenario],
    factors: Sequence[Factor] = (),
    *,
    routes: Sequence[str | Path] = (),
    pressures: Sequence[str | Path] = (),
    design: Any = None,
    replicates: int = 1,
    first_seed: int = 1_000_000,
    keep: Literal["runs", "months"] = "runs",
) -> Work:
    """Return work put together in Python rather than read from a plan file. Raises ProblemError.

    >>> work_of([Scenario()], [Factor(name="trust_gain", values=(0.05, 0.1))], replicates=3).runs
    6
    """
    ways = [load_route(route) for route in routes]
    kinds = [load_pressure(pressure) for pressure in pressures]
    arms = []
    for scenario in scenarios:
        for route in ways or [scenario.route]:
            for pressure in kinds or [scenario.pressure]:
                what = scenario.changed(route=route, pressure=pressure)
                arms.append(Arm(scenario=scenario.name, route=route.name, pressure=pressure.name, what=what))
    design = design or Grid()
    return Work(
        arms=tuple(arms), factors=tuple(factors), design=design, points=size(design, factors),
        replicates=replicates, first_seed=first_seed, keep=keep,
    )  # fmt: skip
