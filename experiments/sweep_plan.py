"""Read a plan file: which scenarios, what is varied, by which design, on how many seeds."""

import hashlib
import json
from collections.abc import Sequence
from os.path import isfile
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from experiments.design import Design, Grid, Morris, OneAtATime, Row, Sobol, Table, size
from experiments.factors import Factor, canonical
from experiments.memory import memory_problems
from experiments.plan_factors import check_together, read_factor
from experiments.plan_table import read_rows
from experiments.sweep_work import Arm, Work
from simulation.limits import MOST_SEED, SEEDS_ALLOWED, seeds_problem
from simulation.scenario import Problem, load_pressure, load_route
from simulation.scenario.base import Frozen
from simulation.scenario.find import find
from simulation.scenario.load import Ready
from simulation.scenario.parts import read_pressure, read_route
from simulation.scenario.problems import Findings, ProblemError
from simulation.scenario.scenario import Scenario
from simulation.scenario.scenario_file import read_scenario
from simulation.scenario.toml import Document, read_toml
from simulation.scenario.validation import validated

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
    if wrong := seeds_problem(first_seed, replicates):
        raise ProblemError([Problem(wrong, key="first_seed", value=str(first_seed), allowed=SEEDS_ALLOWED)])
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
